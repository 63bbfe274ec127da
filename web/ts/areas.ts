// Areas of a page are drawn with the mouse or a finger; each fills a row of the
// form below, which works by typing too.

const whole = 1000; // the drawing's own measure: thousandths of the page
const least = 5; // what is smaller was a slip
const near = 10; // so close to the edge of the page, the edge is meant

type Area = { x: number; y: number; width: number; height: number };

const percent = (n: number): string => String(n / 10).replace(".", ",");

function cells(row: Element): HTMLInputElement[] {
  return Array.from(row.querySelectorAll<HTMLInputElement>("input"));
}

function read(row: Element): { page: string; area: Area } | null {
  const [page, ...sides] = cells(row).map((c) => c.value.trim().replace("%", "").replace(",", "."));
  const [x, y, width, height] = sides.map((s) => (s === "" ? NaN : Math.round(Number(s) * 10)));
  return [x, y, width, height].every(Number.isFinite) ? { page, area: { x, y, width, height } } : null;
}

function write(row: Element, values: string[]): void {
  cells(row).forEach((c, i) => (c.value = values[i]));
}

function shape(area: Area): SVGRectElement {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [side, n] of Object.entries(area)) rect.setAttribute(side, String(n));
  return rect;
}

// spare is an empty row; the last one is doubled when there is none.
function spare(list: HTMLElement): HTMLElement {
  const lines = Array.from(list.querySelectorAll<HTMLElement>("[data-area-row]"));
  const free = lines.find((l) => cells(l).slice(1).every((c) => c.value.trim() === ""));
  if (free) return free;
  const more = lines[lines.length - 1].cloneNode(true) as HTMLElement;
  more.querySelectorAll(".field-error").forEach((e) => e.remove());
  more.querySelectorAll("[id]").forEach((e) => e.removeAttribute("id"));
  list.append(more);
  return more;
}

export function areas(): void {
  const page = document.querySelector<HTMLElement>("[data-areas]");
  const list = document.querySelector<HTMLElement>("[data-area-rows]");
  const sheet = page?.querySelector("svg");
  if (!page || !list || !sheet) return;
  const arm = document.querySelector<HTMLButtonElement>("[data-areas-arm]");
  let from: [number, number] | null = null;
  let drawn: SVGRectElement | null = null;

  const redraw = (): void => {
    const here = Array.from(list.querySelectorAll("[data-area-row]"), read);
    sheet.replaceChildren(...here.flatMap((r) => (r && r.page === page.dataset.areas ? [shape(r.area)] : [])));
  };
  const point = (e: PointerEvent): [number, number] => {
    const box = sheet.getBoundingClientRect();
    const on = (n: number, size: number) => {
      const at = Math.round((n / size) * whole);
      return at < near ? 0 : at > whole - near ? whole : at;
    };
    return [on(e.clientX - box.left, box.width), on(e.clientY - box.top, box.height)];
  };
  const between = (e: PointerEvent): Area => {
    const [x, y] = point(e);
    const [u, v] = from ?? [x, y];
    return { x: Math.min(x, u), y: Math.min(y, v), width: Math.abs(x - u), height: Math.abs(y - v) };
  };

  sheet.addEventListener("pointerdown", (e) => {
    // A finger scrolls the page unless drawing was asked for.
    if (e.button !== 0 || (e.pointerType === "touch" && arm?.getAttribute("aria-pressed") !== "true")) return;
    e.preventDefault();
    sheet.setPointerCapture(e.pointerId);
    from = point(e);
    drawn = shape(between(e));
    sheet.append(drawn);
  });
  sheet.addEventListener("pointermove", (e) => {
    if (!drawn) return;
    const now = shape(between(e));
    drawn.replaceWith(now);
    drawn = now;
  });
  sheet.addEventListener("pointerup", (e) => {
    if (!drawn) return;
    const { x, y, width, height } = between(e);
    from = drawn = null;
    if (width >= least && height >= least) write(spare(list), [page.dataset.areas ?? "", ...[x, y, width, height].map(percent)]);
    redraw();
  });
  sheet.addEventListener("pointercancel", () => {
    from = drawn = null;
    redraw();
  });
  arm?.addEventListener("click", () => {
    const on = arm.getAttribute("aria-pressed") !== "true";
    arm.setAttribute("aria-pressed", String(on));
    page.classList.toggle("scan-page-armed", on);
  });
  list.addEventListener("input", redraw);
  list.addEventListener("click", (e) => {
    const row = (e.target as Element).closest("[data-area-drop]")?.closest("[data-area-row]");
    if (!row) return;
    write(row, [page.dataset.areas ?? "", "", "", "", ""]);
    redraw();
  });
}
