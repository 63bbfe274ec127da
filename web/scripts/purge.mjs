// Keeps of Tabler's style sheet only what a word in our sources may use.
import { writeFileSync } from "node:fs";
import { PurgeCSS } from "purgecss";

const [out] = process.argv.slice(2);
const [kept] = await new PurgeCSS().purge({
  css: ["web/node_modules/@tabler/core/dist/css/tabler.css"],
  content: ["internal/**/*.templ", "internal/kernel/web/**/*.go", "internal/modules/**/*.go", "web/ts/*.ts"].map((g) => g),
  skippedContentGlobs: ["**/*_templ.go", "**/*_test.go"],
  // Class names stand in quotes and are words of small letters; comments and
  // code outside quotes name no class.
  extractors: [{ extensions: ["go", "ts", "templ"], extractor: classes }],
  safelist: { standard: ["html", "body", ":root"], deep: [], greedy: [] },
  variables: true,
  keyframes: true,
});
writeFileSync(out, kept.css.replace(/\/\*[^!][\s\S]*?\*\//g, ""));

function classes(source) {
  const words = [];
  for (const [, quoted] of source.matchAll(/"((?:[^"\\\n]|\\.)*)"|<([a-z][a-z0-9]*)/g)) {
    if (quoted && /^[a-z0-9\s:_/-]*$/.test(quoted)) words.push(...quoted.split(/\s+/));
  }
  for (const [, tag] of source.matchAll(/<([a-z][a-z0-9]*)/g)) words.push(tag);
  for (const [, attribute] of source.matchAll(/\s([a-z-]+)(?=[=?\s>])/g)) words.push(attribute);
  return words;
}
