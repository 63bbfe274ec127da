// The keyboard map. Keys with an address are declared by the page in the
// dialog that "?" opens.
import { step, toggle } from "./rows";

const pauseMost = 1200; // ms between the two keys of "g d"

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function search(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".filters-search input, #search");
}

export function keys(): void {
  const map = document.getElementById("keymap") as HTMLDialogElement | null;
  const pages = new Map<string, string>();
  map?.querySelectorAll<HTMLElement>("[data-key]").forEach((k) => pages.set(k.dataset.key ?? "", k.dataset.keyUrl ?? ""));
  let before = "";
  let at = 0;

  const go = (press: string): boolean => {
    const address = pages.get(press);
    if (address) location.assign(address);
    return Boolean(address);
  };

  const act: Record<string, () => void> = {
    "?": () => map?.showModal(),
    "/": () => search()?.focus(),
    j: () => step(1),
    k: () => step(-1),
    x: () => toggle(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      document.querySelectorAll<HTMLDetailsElement>("details[data-closes][open]").forEach((d) => {
        d.open = false;
        d.querySelector("summary")?.focus();
      });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || map?.open) return;
    const press = event.key;
    const pair = event.timeStamp - at < pauseMost ? before + " " + press : press;
    before = press;
    at = event.timeStamp;
    if (go(pair) || go(press)) return;
    if (act[press]) {
      event.preventDefault();
      act[press]();
    }
  });
}
