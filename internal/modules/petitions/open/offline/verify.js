// Checks a receipt of the log: a C2SP tlog-proof, or a promise, for the leaf on
// the receipt's first line. It needs no network. Ed25519 is done by the browser
// where it can, else by the arithmetic below.

const te = new TextEncoder();
const bytesOf = (b64) => {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(b64) || b64.length % 4) throw fail("unreadable");
  return Uint8Array.from(atob(b64), (c) => c.charCodeAt(0));
};
const base64 = (b) => btoa(String.fromCharCode(...b));
const concat = (...all) => {
  const out = new Uint8Array(all.reduce((n, a) => n + a.length, 0));
  let at = 0;
  for (const a of all) { out.set(a, at); at += a.length; }
  return out;
};
const digest = async (name, b) => new Uint8Array(await crypto.subtle.digest(name, b));
const sha256 = (...all) => digest("SHA-256", concat(...all));
const equal = (a, b) => a.length === b.length && a.every((v, i) => v === b[i]);
const fail = (why) => Object.assign(new Error(why), { why });

// RFC 6962: leaves and nodes of the tree are hashed apart.
const leafHash = (text) => sha256(Uint8Array.of(0), te.encode(text));
const nodeHash = (l, r) => sha256(Uint8Array.of(1), l, r);

// rootFrom is the root of a tree of size leaves in which the leaf of hash
// stands at index, by the path (RFC 9162, 2.1.3.2).
async function rootFrom(index, size, hash, path) {
  if (index >= size) throw fail("other_leaf");
  let fn = index, sn = size - 1n, r = hash;
  for (const p of path) {
    if (sn === 0n) throw fail("other_leaf");
    if ((fn & 1n) === 1n || fn === sn) {
      r = await nodeHash(p, r);
      while ((fn & 1n) === 0n && fn !== 0n) { fn >>= 1n; sn >>= 1n; }
    } else {
      r = await nodeHash(r, p);
    }
    fn >>= 1n; sn >>= 1n;
  }
  if (sn !== 0n) throw fail("other_leaf");
  return r;
}

// Ed25519 by whole numbers (RFC 8032); only checks, so it need not be secret.
const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const mod = (a, m = P) => ((a % m) + m) % m;
function power(b, e) {
  let r = 1n;
  for (b = mod(b); e > 0n; e >>= 1n) { if (e & 1n) r = mod(r * b); b = mod(b * b); }
  return r;
}
const D = mod(-121665n * power(121666n, P - 2n));
const I = power(2n, (P - 1n) / 4n);
const little = (b) => b.reduceRight((n, v) => (n << 8n) + BigInt(v), 0n);
function point(b) {
  const n = little(b), sign = n >> 255n, y = n & ((1n << 255n) - 1n);
  if (y >= P) return null;
  const u = mod(y * y - 1n), v = mod(D * y * y + 1n);
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  if (mod(v * x * x) === mod(-u)) x = mod(x * I);
  else if (mod(v * x * x) !== u) return null;
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2)), b = mod((y1 + x1) * (y2 + x2)), c = mod(2n * D * t1 * t2), d = mod(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}
function times(n, p) {
  let r = [0n, 1n, 1n, 0n];
  for (; n > 0n; n >>= 1n) { if (n & 1n) r = add(r, p); p = add(p, p); }
  return r;
}
const BASE = (() => {
  const b = new Uint8Array(32).fill(0x66);
  b[0] = 0x58;
  return point(b);
})();
async function verifySlowly(key, message, sig) {
  const a = point(key), r = point(sig.slice(0, 32)), s = little(sig.slice(32));
  if (!a || !r || s >= L) return false;
  const k = mod(little(await digest("SHA-512", concat(sig.slice(0, 32), key, message))), L);
  const l = times(s, BASE), m = add(r, times(k, a));
  return mod(l[0] * m[2]) === mod(m[0] * l[2]) && mod(l[1] * m[2]) === mod(m[1] * l[2]);
}
async function verifySignature(key, message, sig) {
  if (sig.length !== 64) return false;
  try {
    const k = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify({ name: "Ed25519" }, k, sig, message);
  } catch {
    return verifySlowly(key, message, sig);
  }
}

// verifierKey reads "name+hash+base64(algorithm, key)" (C2SP signed-note).
async function verifierKey(text) {
  const cut = text.trim().match(/^([^+\s]+)\+([0-9a-f]{8})\+(\S+)$/);
  if (!cut) throw fail("unreadable");
  const raw = bytesOf(cut[3]), id = (await sha256(te.encode(cut[1] + "\n"), raw)).slice(0, 4);
  if (raw[0] !== 1 || raw.length !== 33 || !equal(id, Uint8Array.from(cut[2].match(/../g), (h) => parseInt(h, 16)))) throw fail("unreadable");
  return { name: cut[1], id, key: raw.slice(1) };
}

// openNote checks a signed note and gives its text. A line of another signer
// is passed over; one that has our name and number has to be right.
async function openNote(note, key) {
  const end = note.lastIndexOf("\n\n");
  if (end < 0) throw fail("unreadable");
  const text = note.slice(0, end + 1);
  let ours = false;
  for (const line of note.slice(end + 2).split("\n")) {
    if (line === "") continue;
    const cut = line.match(/^— (\S+) (\S+)$/);
    if (!cut) throw fail("unreadable");
    const sig = bytesOf(cut[2]);
    if (cut[1] !== key.name || !equal(sig.slice(0, 4), key.id)) continue;
    if (!(await verifySignature(key.key, te.encode(text), sig.slice(4)))) throw fail("forged");
    ours = true;
  }
  if (!ours) throw fail("other_log");
  return text;
}

const number = (s) => {
  if (!/^(0|[1-9][0-9]{0,18})$/.test(s)) throw fail("unreadable");
  return BigInt(s);
};

async function verifyProof(hash, proof, key) {
  const end = proof.indexOf("\n\n");
  if (end < 0) throw fail("unreadable");
  const lines = proof.slice(0, end).split("\n").slice(1);
  if (lines[0] && lines[0].startsWith("extra ")) lines.shift();
  const first = lines.shift() || "";
  if (!first.startsWith("index ")) throw fail("unreadable");
  const index = number(first.slice(6));
  const path = lines.map(bytesOf);
  if (path.some((p) => p.length !== 32)) throw fail("unreadable");
  const tree = (await openNote(proof.slice(end + 2), key)).split("\n");
  if (tree[0] !== key.name) throw fail("other_log");
  const size = number(tree[1] || ""), root = bytesOf(tree[2] || "");
  if (root.length !== 32) throw fail("unreadable");
  if (!equal(await rootFrom(index, size, hash, path), root)) throw fail("other_leaf");
  return { standing: "proven", origin: tree[0], index: String(index), size: String(size) };
}

async function verifyPromise(hash, note, key) {
  const lines = (await openNote(note, key)).split("\n");
  if (lines.length !== 5 || lines[1] !== "origin " + key.name || !lines[2].startsWith("leaf ") || !lines[3].startsWith("at ")) throw fail("unreadable");
  if (lines[2] !== "leaf " + base64(hash)) throw fail("other_leaf");
  return { standing: "promised", origin: key.name, at: lines[3].slice(3) };
}

// verifyReceipt checks a whole receipt file. It gives what the receipt shows,
// or {why}: "unreadable", "forged", "other_leaf", "other_log".
async function verifyReceipt(text, verifier) {
  try {
    const key = await verifierKey(verifier);
    text = text.replace(/\uFEFF/g, "").replace(/\r\n?/g, "\n").trim() + "\n";
    const cut = text.indexOf("\n"), line = text.slice(0, cut), proof = text.slice(cut + 1);
    if (!line.startsWith("{") || proof === "") throw fail("unreadable");
    let leaf;
    try { leaf = JSON.parse(line); } catch { throw fail("unreadable"); }
    const hash = await leafHash(line);
    const found = proof.startsWith("hdnd-promise@v1\n") ? await verifyPromise(hash, proof, key)
      : proof.startsWith("c2sp.org/tlog-proof@v1\n") ? await verifyProof(hash, proof, key) : null;
    if (!found) throw fail("unreadable");
    return { ok: true, leaf, ...found };
  } catch (e) {
    return { ok: false, why: e.why || "unreadable" };
  }
}
