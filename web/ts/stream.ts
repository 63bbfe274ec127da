// The event stream itself: one EventSource that asks for the topics given.

export type Heard = { kind: "refresh" | "changed" | "lost"; topics?: string[] };

export interface Stream {
  close(): void;
}

const pauseLeast = 5_000; // ms before asking again after a refusal, doubled up to
const pauseMost = 300_000;

export function listen(address: string, topics: string[], hear: (message: Heard) => void): Stream {
  let source: EventSource;
  let opened = false;
  let waiting = 0;
  let pause = pauseLeast;

  function open(): void {
    source = new EventSource(address + "?topics=" + encodeURIComponent(topics.join(" ")));
    source.addEventListener("changed", (event) => hear({ kind: "changed", topics: String((event as MessageEvent).data).split(" ") }));
    // The server greets each connection. Between the page's making and the
    // greeting, and during a break, anything may have changed.
    source.addEventListener("hello", () => {
      opened = true;
      pause = pauseLeast;
      hear({ kind: "refresh" });
    });
    source.addEventListener("error", () => {
      if (opened) hear({ kind: "lost" });
      // A browser comes back by itself after a break, but not after a refusal:
      // a full server, an ended sign-in.
      if (source.readyState !== EventSource.CLOSED) return;
      waiting = setTimeout(open, pause * (1 + Math.random()));
      pause = Math.min(pause * 2, pauseMost);
    });
  }

  open();
  return {
    close() {
      clearTimeout(waiting);
      source.close();
    },
  };
}
