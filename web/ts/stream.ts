// The event stream itself: one EventSource that asks for the topics given.

export type Heard = { kind: "refresh" | "changed" | "lost" | "found"; topics?: string[] };

export interface Stream {
  close(): void;
}

export function listen(address: string, topics: string[], hear: (message: Heard) => void): Stream {
  const source = new EventSource(address + "?topics=" + encodeURIComponent(topics.join(" ")));
  let opened = false;
  source.addEventListener("changed", (event) => hear({ kind: "changed", topics: String((event as MessageEvent).data).split(" ") }));
  // The server greets each connection. The first greeting finds the page
  // fresh; after a break anything may have changed.
  source.addEventListener("hello", () => {
    hear({ kind: opened ? "refresh" : "found" });
    opened = true;
  });
  source.addEventListener("error", () => {
    if (source.readyState !== EventSource.OPEN) hear({ kind: "lost" });
  });
  return source;
}
