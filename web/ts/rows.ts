// Lists: j and k walk, x selects, the bulk bar counts.

function all(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>("[data-row]"));
}

export function step(by: number): void {
  const lines = all();
  if (lines.length === 0) return;
  const now = lines.findIndex((l) => l.classList.contains("row-here"));
  const next = Math.max(0, Math.min(lines.length - 1, now + by));
  lines[now]?.classList.remove("row-here");
  lines[next].classList.add("row-here");
  lines[next].querySelector<HTMLElement>("a")?.focus({ preventScroll: true });
  lines[next].scrollIntoView({ block: "nearest" });
}

export function toggle(): void {
  const box = document.querySelector<HTMLInputElement>(".row-here input[type=checkbox]");
  box?.click();
}

function count(form: HTMLElement): void {
  const boxes = Array.from(form.querySelectorAll<HTMLInputElement>("input[name=id]"));
  const chosen = boxes.filter((b) => b.checked).length;
  const words = form.querySelector<HTMLElement>("[data-bulk-text]");
  const every = form.querySelector<HTMLInputElement>("[data-select-all]");
  if (words) words.textContent = (words.dataset.bulkText ?? "").replace("{n}", String(chosen));
  form.querySelector("[data-bulk-bar]")?.classList.toggle("bulk-some", chosen > 0);
  if (every) {
    every.checked = chosen > 0 && chosen === boxes.length;
    every.indeterminate = chosen > 0 && chosen < boxes.length;
  }
}

export function rows(): void {
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    const form = box.closest<HTMLElement>("[data-bulk]");
    if (!form) return;
    if ("selectAll" in box.dataset) {
      form.querySelectorAll<HTMLInputElement>("input[name=id]").forEach((b) => (b.checked = box.checked));
    }
    count(form);
  });
}
