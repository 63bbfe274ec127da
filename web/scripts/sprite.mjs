// Writes one SVG file with the drawings named in icons.txt.
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [list, out] = process.argv.slice(2);
const root = new URL("../node_modules/@tabler/icons/icons/", import.meta.url);
const names = readFileSync(list, "utf8").split("\n").map((l) => l.trim()).filter((l) => l && !l.startsWith("#"));
const line = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';

const symbols = [...new Set(names)].sort().map((name) => {
  const filled = name.endsWith("-filled");
  const file = new URL(filled ? `filled/${name.slice(0, -"-filled".length)}.svg` : `outline/${name}.svg`, root);
  if (!existsSync(file)) throw new Error(`icons.txt: the icon set has no ${name}`);
  const inner = readFileSync(file, "utf8")
    .replace(/<svg[^>]*>|<\/svg>/g, "")
    .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none" ?\/>/g, "")
    .replace(/\s+/g, " ").replace(/> </g, "><").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" ${filled ? 'fill="currentColor"' : line}>${inner}</symbol>`;
});
writeFileSync(out, `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
