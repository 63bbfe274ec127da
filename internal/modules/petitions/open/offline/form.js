// The page around the check.
const words = config.words;
const part = (id) => document.getElementById(id);
for (const [id, word] of [["lead", "lead"], ["receipt-label", "label"], ["file-label", "file"], ["do", "do"], ["key-title", "key"], ["key-note", "key_note"]]) part(id).textContent = words[word];
part("key").textContent = config.key;
const fill = (s, values) => s.replace(/\{([a-z]+)\}/g, (_, name) => values[name] ?? "");
function show(result) {
  const box = part("verdict");
  box.hidden = false;
  box.className = result.ok ? "good" : "bad";
  const lines = result.ok
    ? [fill(words["valid_" + result.standing], result), fill(words.leaf, result.leaf), words.details]
    : [words[result.why] || words.unreadable];
  if (result.ok) lines.push(JSON.stringify(result.leaf));
  box.replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
}
part("form").addEventListener("submit", async (e) => {
  e.preventDefault();
  show(await verifyReceipt(part("receipt").value, config.key));
});
part("file").addEventListener("change", async () => {
  const file = part("file").files[0];
  if (!file || file.size > 262144) return;
  part("receipt").value = await file.text();
  show(await verifyReceipt(part("receipt").value, config.key));
});
