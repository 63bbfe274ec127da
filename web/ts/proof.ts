// Does the work that a form asks for, while the voter reads (petitions/gate):
// a number whose SHA-256 together with the seed begins with so many zero bits.
// In slices of the main thread: one worker more would be one file more to load.

const roundKeys = new Uint32Array(64);
const start = new Uint32Array(8);

// The constants of SHA-256 are the fractions of the roots of the first primes.
function prepare(): void {
  let n = 2;
  for (let i = 0; i < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (i < 8) start[i] = fraction(Math.sqrt(n));
    roundKeys[i++] = fraction(Math.cbrt(n));
  }
}

function fraction(x: number): number {
  return ((x - Math.floor(x)) * 0x100000000) >>> 0;
}

const w = new Uint32Array(64);

// The first word of the SHA-256 of one block of at most 55 bytes of ASCII.
function firstWord(message: string): number {
  w.fill(0, 0, 16);
  for (let i = 0; i < message.length; i++) w[i >> 2] |= message.charCodeAt(i) << (24 - 8 * (i & 3));
  w[message.length >> 2] |= 0x80 << (24 - 8 * (message.length & 3));
  w[15] = message.length * 8;
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15];
    const b = w[i - 2];
    const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
    const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let [a, b, c, d, e, f, g, h] = start;
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundKeys[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  return (a + start[0]) >>> 0;
}

const sliceMs = 12;

function work(box: HTMLElement): void {
  const seed = box.dataset.proof ?? "";
  const bits = Number(box.dataset.proofBits);
  const nonce = box.querySelector<HTMLInputElement>('input[name="nonce"]');
  const state = box.querySelector<HTMLElement>("[data-proof-state]");
  // Clz32 sees the first word alone; more is never asked.
  if (!seed || !(bits >= 1 && bits <= 32) || !nonce || seed.length > 34) return;
  const say = (words?: string): void => {
    if (state) state.textContent = words ?? "";
  };
  // Who presses before the work is done has the form sent when it is; going
  // back to edit needs no proof.
  let pressed: HTMLElement | null | undefined;
  box.closest("form")?.addEventListener("submit", (event) => {
    const by = event.submitter;
    if (nonce.value || (by instanceof HTMLButtonElement && by.value === "edit")) return;
    event.preventDefault();
    pressed = by;
  });
  let n = 0;
  const slice = (): void => {
    const until = performance.now() + sliceMs;
    do {
      for (let i = 0; i < 64; i++, n++) {
        if (Math.clz32(firstWord(seed + ":" + n)) < bits) continue;
        nonce.value = String(n);
        say(box.dataset.proofDone);
        if (pressed !== undefined) nonce.form?.requestSubmit(pressed);
        return;
      }
    } while (performance.now() < until);
    setTimeout(slice);
  };
  say(box.dataset.proofWorking);
  slice();
}

export function proof(): void {
  const boxes = document.querySelectorAll<HTMLElement>("[data-proof]");
  if (boxes.length === 0) return;
  prepare();
  boxes.forEach((box) => {
    try {
      work(box);
    } catch {
      const state = box.querySelector<HTMLElement>("[data-proof-state]");
      if (state) state.textContent = box.dataset.proofFailed ?? "";
    }
  });
}
