// Comfort for forms: counters, file lists, one sending at a time.

function fill(pattern: string, n: number): string {
  return pattern.replace("{n}", n.toLocaleString(document.documentElement.lang));
}

function countLeft(area: HTMLTextAreaElement): void {
  const note = document.getElementById(area.id + "-left");
  const most = Number(area.dataset.max);
  if (!note || !most) return;
  // Letters as people count them: a composed letter is one.
  const left = most - Array.from(area.value.normalize("NFC")).length;
  note.textContent = left >= 0 ? fill(note.dataset.leftText ?? "", left) : fill(note.dataset.overText ?? "", -left);
  note.classList.toggle("word-bad", left < 0);
}

function grow(area: HTMLTextAreaElement): void {
  const rowsMost = 24;
  const least = Number(area.dataset.rows ?? (area.dataset.rows = String(area.rows)));
  area.rows = least;
  while (area.scrollHeight > area.clientHeight + 2 && area.rows < rowsMost) area.rows++;
}

function size(bytes: number): string {
  const units = ["byte", "kB", "MB", "GB"];
  let unit = 0;
  while (bytes >= 1024 && unit < units.length - 1) {
    bytes /= 1024;
    unit++;
  }
  return bytes.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + " " + units[unit];
}

function listFiles(input: HTMLInputElement): void {
  const list = document.querySelector<HTMLElement>(`[data-file-list="${input.id}"]`);
  if (!list || !input.files) return;
  const most = Number(input.dataset.fileBytes);
  let wrong = "";
  list.replaceChildren(
    ...Array.from(input.files, (file) => {
      const line = document.createElement("li");
      const name = document.createElement("span");
      const note = document.createElement("span");
      name.textContent = file.name;
      note.textContent = size(file.size);
      if (most > 0 && file.size > most) {
        wrong = input.dataset.tooLarge ?? "";
        note.textContent += " · " + wrong;
        note.className = "word-bad";
      }
      line.append(name, note);
      return line;
    }),
  );
  if (input.files.length > Number(input.dataset.files)) wrong = input.dataset.tooMany ?? "";
  input.setCustomValidity(wrong);
  if (wrong) input.reportValidity();
}

// A second press while the first is under way is dropped. Coming back to the
// page by the back button frees the form again.
function sendOnce(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => free(form), 15000);
  });
  addEventListener("pageshow", () => document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach(free));
}

function free(form: HTMLFormElement): void {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

export function fields(): void {
  sendOnce();
  document.querySelectorAll<HTMLElement>("[data-focus]").forEach((e) => e.focus());
  document.querySelectorAll<HTMLTextAreaElement>("textarea[data-grows]").forEach((a) => {
    grow(a);
    countLeft(a);
  });
  document.addEventListener("input", (event) => {
    const e = event.target;
    if (e instanceof HTMLTextAreaElement) {
      if ("grows" in e.dataset) grow(e);
      countLeft(e);
    }
  });
  document.addEventListener("change", (event) => {
    const e = event.target as HTMLElement;
    if (e instanceof HTMLInputElement && e.type === "file") listFiles(e);
    if (e instanceof HTMLSelectElement && "submits" in e.dataset) e.form?.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const e = event.target as Element;
    if (e.closest("[data-print]")) print();
    document.querySelectorAll<HTMLDetailsElement>("details[data-closes][open]").forEach((d) => {
      if (!d.contains(e)) d.open = false;
    });
  });
}
