/**
 * QR codes by ISO/IEC 18004, as far as a link needs them: bytes, error correction M, versions 1 to 20 (666 bytes).
 * Returns rows of modules, true is dark, without the quiet zone; null where the text is too long.
 */
export function qrCode(text: string): boolean[][] | null {
  const data = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((b, v) => v > 0 && capacity(b, v) >= data.length);
  if (version < 1) return null;
  const words = withCorrection(encode(data, version), version);
  let best: boolean[][] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < 8; mask++) {
    const grid = draw(words, version, mask);
    const cost = penalty(grid);
    if (cost < least) {
      least = cost;
      best = grid;
    }
  }
  return best;
}

/** For each version at level M: correction words of a block, then count and data words of its two kinds of blocks. */
const BLOCKS: [ec: number, n1: number, d1: number, n2: number, d2: number][] = [
  [0, 0, 0, 0, 0],
  [10, 1, 16, 0, 0],
  [16, 1, 28, 0, 0],
  [26, 1, 44, 0, 0],
  [18, 2, 32, 0, 0],
  [24, 2, 43, 0, 0],
  [16, 4, 27, 0, 0],
  [18, 4, 31, 0, 0],
  [22, 2, 38, 2, 39],
  [22, 3, 36, 2, 37],
  [26, 4, 43, 1, 44],
  [30, 1, 50, 4, 51],
  [22, 6, 36, 2, 37],
  [22, 8, 37, 1, 38],
  [24, 4, 40, 5, 41],
  [24, 5, 41, 5, 42],
  [28, 7, 45, 3, 46],
  [28, 10, 46, 1, 47],
  [26, 9, 43, 4, 44],
  [26, 3, 44, 11, 45],
  [26, 3, 41, 13, 42],
];

const dataWords = ([, n1, d1, n2, d2]: (typeof BLOCKS)[number]) => n1 * d1 + n2 * d2;
/** Mode and length take 12 bits, from version 10 on 20. */
const capacity = (b: (typeof BLOCKS)[number], version: number) => dataWords(b) - (version < 10 ? 2 : 3);

function encode(data: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const put = (value: number, length: number) => {
    for (let i = length - 1; i >= 0; i--) bits.push((value >> i) & 1);
  };
  put(4, 4);
  put(data.length, version < 10 ? 8 : 16);
  for (const byte of data) put(byte, 8);
  const total = dataWords(BLOCKS[version] ?? [0, 0, 0, 0, 0]) * 8;
  put(0, Math.min(4, total - bits.length));
  while (bits.length % 8) bits.push(0);
  const words: number[] = [];
  for (let i = 0; i < bits.length; i += 8) words.push(bits.slice(i, i + 8).reduce((w, b) => (w << 1) | b, 0));
  for (let pad = 0xec; words.length < total / 8; pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

// The field GF(256) with the polynomial x^8 + x^4 + x^3 + x^2 + 1.
const EXP: number[] = [];
const LOG: number[] = [];
for (let i = 0, x = 1; i < 255; i++) {
  EXP[i] = x;
  LOG[x] = i;
  x = x << 1;
  if (x & 0x100) x ^= 0x11d;
}
const times = (a: number, b: number) =>
  a === 0 || b === 0 ? 0 : (EXP[((LOG[a] ?? 0) + (LOG[b] ?? 0)) % 255] ?? 0);

/** Reed-Solomon: the remainder of the words by the generator with the roots 2^0 to 2^(n-1). */
function remainder(words: number[], n: number): number[] {
  let generator = [1];
  for (let i = 0; i < n; i++) {
    const next = [...generator, 0];
    for (let k = 0; k < generator.length; k++)
      next[k + 1] = (next[k + 1] ?? 0) ^ times(generator[k] ?? 0, EXP[i] ?? 1);
    generator = next;
  }
  const rest: number[] = new Array(n).fill(0);
  for (const word of words) {
    const factor = word ^ (rest.shift() ?? 0);
    rest.push(0);
    for (let k = 0; k < n; k++) rest[k] = (rest[k] ?? 0) ^ times(generator[k + 1] ?? 0, factor);
  }
  return rest;
}

/** The words in blocks, each with its correction, woven together as they are drawn. */
function withCorrection(words: number[], version: number): number[] {
  const [ec, n1, d1, n2, d2] = BLOCKS[version] ?? [0, 0, 0, 0, 0];
  const blocks: number[][] = [];
  for (let i = 0, at = 0; i < n1 + n2; i++) {
    const length = i < n1 ? d1 : d2;
    blocks.push(words.slice(at, at + length));
    at += length;
  }
  const corrections = blocks.map((b) => remainder(b, ec));
  const out: number[] = [];
  for (let k = 0; k < Math.max(d1, d2); k++)
    for (const b of blocks) {
      const word = b[k];
      if (word !== undefined) out.push(word);
    }
  for (let k = 0; k < ec; k++) for (const c of corrections) out.push(c[k] ?? 0);
  return out;
}

/** Centres of the alignment patterns. */
function alignments(version: number): number[] {
  if (version === 1) return [];
  const n = Math.floor(version / 7) + 2;
  const last = version * 4 + 10;
  const step = Math.ceil((last - 6) / (n - 1) / 2) * 2;
  const out = [6];
  for (let i = n - 2; i >= 0; i--) out.push(last - i * step);
  return out;
}

/** A code with check bits: `value` followed by its remainder by the generator. */
function checked(value: number, bits: number, generator: number): number {
  let rest = value;
  for (let i = 0; i < bits; i++) rest = (rest << 1) ^ ((rest >> (bits - 1)) * generator);
  return (value << bits) | rest;
}

const MASKS: ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function draw(words: number[], version: number, mask: number): boolean[][] {
  const size = version * 4 + 17;
  const grid: boolean[][] = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const fixed: boolean[][] = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  const set = (x: number, y: number, dark: boolean) => {
    const row = grid[y];
    const held = fixed[y];
    if (!row || !held || x < 0 || x >= size) return;
    row[x] = dark;
    held[x] = true;
  };

  for (let i = 0; i < size; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    for (let dy = -4; dy <= 4; dy++)
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
  const centres = alignments(version);
  for (const [i, cx] of centres.entries())
    for (const [j, cy] of centres.entries()) {
      const corner =
        (i === 0 && j === 0) ||
        (i === 0 && j === centres.length - 1) ||
        (i === centres.length - 1 && j === 0);
      if (corner) continue;
      for (let dy = -2; dy <= 2; dy++)
        for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }

  // Format: level M is 00; its bits stand twice. Version: from 7 on, twice as well.
  const format = checked(mask, 10, 0x537) ^ 0x5412;
  const bit = (i: number) => ((format >> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
  if (version >= 7) {
    const code = checked(version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const dark = ((code >> i) & 1) === 1;
      const a = size - 11 + (i % 3);
      const b = Math.floor(i / 3);
      set(a, b, dark);
      set(b, a, dark);
    }
  }

  const hides = MASKS[mask] ?? (() => false);
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let v = 0; v < size; v++)
      for (const x of [right, right - 1]) {
        const upward = ((right + 1) & 2) === 0;
        const y = upward ? size - 1 - v : v;
        const row = grid[y];
        if (!row || fixed[y]?.[x]) continue;
        const dark = at < words.length * 8 && (((words[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        at++;
        row[x] = dark !== hides(x, y);
      }
  }
  return grid;
}

/** How hard a grid is to read: long runs, squares, patterns like a corner's, too much of one colour. */
function penalty(grid: boolean[][]): number {
  const size = grid.length;
  let cost = 0;
  let dark = 0;
  const cell = (x: number, y: number) => grid[y]?.[x] ?? false;
  for (const turned of [false, true])
    for (let i = 0; i < size; i++) {
      const get = (k: number) => (turned ? cell(i, k) : cell(k, i));
      let run = 0;
      for (let k = 0; k < size; k++) {
        run = k > 0 && get(k) === get(k - 1) ? run + 1 : 1;
        if (run === 5) cost += 3;
        else if (run > 5) cost++;
        if (!turned && get(k)) dark++;
        if (k + 11 <= size) {
          let pattern = 0;
          for (let j = 0; j < 11; j++) pattern = (pattern << 1) | Number(get(k + j));
          if (pattern === 0b10111010000 || pattern === 0b00001011101) cost += 40;
        }
      }
    }
  for (let y = 0; y + 1 < size; y++)
    for (let x = 0; x + 1 < size; x++)
      if (cell(x, y) === cell(x + 1, y) && cell(x, y) === cell(x, y + 1) && cell(x, y) === cell(x + 1, y + 1))
        cost += 3;
  cost += 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
  return cost;
}
