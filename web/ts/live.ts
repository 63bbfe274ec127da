// Live parts: an element with data-live (topics) and data-live-url follows
// what happens elsewhere. Events carry no content, only the topic's name; the
// content is asked for again with the reader's own rights.

import htmx from "htmx.org/dist/htmx.esm.js";
import { listen } from "./stream";

const pauseBefore = 150; // ms: several changes at once are one request

// An error page must not replace a part of the page that still stands. 422 is
// a form's own answer.
export function refuseFailures(): void {
  document.addEventListener("htmx:before:swap", (event) => {
    const status = (event as CustomEvent).detail?.ctx?.response?.status ?? 0;
    if (status >= 400 && status !== 422) event.preventDefault();
  });
}

function fragmentAddress(address: string, id: string): string {
  const u = new URL(address, location.href);
  if (!u.searchParams.has("fragment")) u.searchParams.set("fragment", id);
  return u.pathname + u.search;
}

function refetch(part: HTMLElement): void {
  const address = part.dataset.liveUrl;
  if (!address || !part.isConnected) return;
  void htmx.ajax("GET", fragmentAddress(address, part.id), { target: part, swap: "innerMorph" });
}

function parts(): HTMLElement[] {
  return Array.from(document.querySelectorAll<HTMLElement>("[data-live]"));
}

function topicsOf(part: HTMLElement): string[] {
  return (part.dataset.live ?? "").split(/\s+/).filter(Boolean);
}

export function live(): void {
  const { liveStream, liveAs, liveWorker } = document.body.dataset;
  if (!liveStream || parts().length === 0) return;
  const waiting = new Map<HTMLElement, number>();
  const later = (part: HTMLElement): void => {
    clearTimeout(waiting.get(part));
    waiting.set(part, setTimeout(() => refetch(part), pauseBefore));
  };
  const hear = (message: { kind: string; topics?: string[] }): void => {
    const note = document.getElementById("connection");
    if (note) note.hidden = message.kind !== "lost";
    for (const part of parts()) {
      if (message.kind === "refresh" || (message.kind === "changed" && topicsOf(part).some((t) => message.topics?.includes(t)))) {
        later(part);
      }
    }
  };
  const topics = Array.from(new Set(parts().flatMap(topicsOf)));
  if (typeof SharedWorker !== "undefined" && liveWorker) {
    // One stream for all tabs of the same person and post.
    const worker = new SharedWorker(liveWorker, { name: "live " + (liveAs ?? "") });
    worker.port.onmessage = (event) => hear(event.data);
    worker.port.start();
    worker.port.postMessage({ stream: liveStream, topics });
    addEventListener("pagehide", () => worker.port.postMessage({ bye: true }));
    addEventListener("pageshow", (event) => {
      if (event.persisted) worker.port.postMessage({ stream: liveStream, topics });
    });
    return;
  }
  listen(liveStream, topics, hear);
}

// A filter form with data-follow asks for the list while one types.
export function follow(): void {
  const pause = 250; // ms
  document.querySelectorAll<HTMLFormElement>("form[data-follow]").forEach((form) => {
    let waiting = 0;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const list = document.getElementById(form.dataset.follow ?? "");
        if (!list) return;
        const asked = new URLSearchParams();
        new FormData(form).forEach((value, name) => {
          if (typeof value === "string" && value !== "") asked.append(name, value);
        });
        const page = new URL(form.action);
        page.search = asked.toString();
        history.replaceState(history.state, "", page);
        document.querySelectorAll<HTMLInputElement>(".view-save input[name=query]").forEach((kept) => (kept.value = asked.toString()));
        if (list.dataset.liveUrl) list.dataset.liveUrl = page.pathname + page.search;
        void htmx.ajax("GET", fragmentAddress(page.href, list.id), { target: list, swap: "innerMorph" });
      }, pause);
    });
  });
}
