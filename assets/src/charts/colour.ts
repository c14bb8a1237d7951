/**
 * Colours of categories. A value of a field has one preferred slot of the palette, by hash, so that it looks the same
 * in every panel, on every visit and for every viewer. Two values of one panel never share a slot: where their hashes
 * meet, the first in text order keeps it and the other takes the next free one, and keeps that for the life of the page.
 */
export const SLOTS = 8;
/** The first of them lie furthest apart: a value prefers one of these, and the others serve when they are taken. */
const PREFERRED = 5;
/** Grey: the empty category, and what is left over. */
export const GREY = 0;

/** FNV-1a over the UTF-16 units, with a final mix so that short texts spread as well. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    h ^= text.charCodeAt(i);
    h = Math.imul(h, 0x01000193);
  }
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h >>> 0;
}

export type Palette = (field: string, values: readonly string[]) => Map<string, number>;

/** A palette remembers which slot a value was given. `values` are those of one panel; beyond eight the rest is grey. */
export function createPalette(): Palette {
  const known = new Map<string, number>();
  return (field, values) => {
    const out = new Map<string, number>();
    const taken = new Set<number>();
    const key = (value: string) => `${field}\0${value}`;
    const coloured = [...new Set(values)].filter((v) => v !== '').slice(0, SLOTS);
    const waiting: string[] = [];
    for (const value of [...coloured].sort()) {
      const slot = known.get(key(value));
      if (slot !== undefined && !taken.has(slot)) {
        out.set(value, slot);
        taken.add(slot);
      } else waiting.push(value);
    }
    for (const value of waiting) {
      let slot = hash(key(value)) % PREFERRED;
      for (let i = 1; taken.has(slot + 1); i++) slot = i < PREFERRED ? (slot + 1) % PREFERRED : i;
      out.set(value, slot + 1);
      taken.add(slot + 1);
      if (!known.has(key(value))) known.set(key(value), slot + 1);
    }
    for (const value of values) if (!out.has(value)) out.set(value, GREY);
    return out;
  };
}

/** The palette of the page. */
export const palette = createPalette();
