// Gives every built file its companion .gz, writes manifest.json and measures
// the first load of a page.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [out, ...plain] = process.argv.slice(2);
const manifest = {};

// Files that no bundler named yet: their hash goes into the name here.
for (const file of plain) {
  const bytes = readFileSync(file);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const base = file.split("/").pop();
  const name = base.replace(/\.([a-z0-9]+)$/, `-${hash}.$1`);
  writeFileSync(join(out, name), bytes);
}

const sizes = {};
for (const name of readdirSync(out).sort()) {
  const whole = name.match(/^(.+)-[A-Z0-9]{8}\.([a-z0-9]+)$/);
  if (!whole) continue;
  const bytes = readFileSync(join(out, name));
  manifest[`${whole[1]}.${whole[2]}`] = name;
  let sent = bytes.length;
  if (whole[2] !== "woff2") {
    const packed = gzipSync(bytes, { level: 9 });
    writeFileSync(join(out, name + ".gz"), packed);
    sent = packed.length;
  }
  sizes[`${whole[1]}.${whole[2]}`] = sent;
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1) + "\n");

// The page itself is measured by the browser test; here a work list of 50 rows
// stands in with what it was measured to be.
const pageBytes = 9000;
const budget = 120_000;
const first = Object.entries(sizes).filter(([name]) => name !== "worker.js");
let total = pageBytes;
for (const [name, n] of first) {
  console.log(`  ${name.padEnd(46)} ${String(n).padStart(7)} B`);
  total += n;
}
console.log(`  ${"a page (work list of 50 rows)".padEnd(46)} ${String(pageBytes).padStart(7)} B`);
console.log(`first load, compressed: ${(total / 1000).toFixed(1)} kB of ${budget / 1000} kB`);
if (total > budget) {
  console.error("the first load is over its budget");
  process.exit(1);
}
