// Shared by all tabs of one person: holds the browser's only event stream,
// because a browser allows six connections to one host.
import { listen, type Heard, type Stream } from "./stream";

interface Tab {
  port: MessagePort;
  topics: string[];
}

const tabs = new Map<MessagePort, Tab>();
let stream: Stream | undefined;
let asked: string[] = [];
let lost = false;

function tell(message: Heard): void {
  lost = message.kind === "lost";
  for (const tab of tabs.values()) {
    if (message.kind !== "changed") tab.port.postMessage(message);
    else if (message.topics?.some((t) => tab.topics.includes(t))) tab.port.postMessage(message);
  }
}

// A wider set of topics needs a new stream; a narrower one can wait.
function connect(address: string): void {
  const wanted = Array.from(new Set(Array.from(tabs.values()).flatMap((t) => t.topics))).sort();
  if (stream && wanted.every((t) => asked.includes(t))) return;
  stream?.close();
  asked = wanted;
  stream = listen(address, asked, tell);
}

function leave(port: MessagePort): void {
  tabs.delete(port);
  if (tabs.size > 0) return;
  stream?.close();
  stream = undefined;
  asked = [];
}

(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0];
  port.onmessage = ({ data }) => {
    if (data.bye) {
      leave(port);
      return;
    }
    tabs.set(port, { port, topics: data.topics });
    const running = stream;
    connect(data.stream);
    // A tab that joins a running stream may have missed what happened since
    // its page was made.
    if (stream === running) port.postMessage({ kind: lost ? "lost" : "refresh" });
  };
  port.start();
};
