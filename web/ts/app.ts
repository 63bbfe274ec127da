// The islands of the pages. Every page works without them.
import { areas } from "./areas";
import { fields } from "./fields";
import { follow, live, refuseFailures } from "./live";
import { keys } from "./keys";
import { proof } from "./proof";
import { rows } from "./rows";

document.documentElement.classList.add("scripted");

function start(): void {
  refuseFailures();
  fields();
  areas();
  rows();
  keys();
  proof();
  follow();
  live();
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
else start();
