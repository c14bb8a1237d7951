import { kindOf, type Look, tickText } from '../lib/format';

/** The top label of an axis says what it counts: "120 birdstrikes", "140 kn". Money and percent say it by their sign. */
export function withNoun(v: number, look: Look, noun: string): string {
  if (kindOf(look) !== 'number') return tickText(v, look, true);
  if (look.unit) return tickText(v, look, true);
  return noun ? `${tickText(v, look)} ${noun}` : tickText(v, look);
}

/** Pushes labels apart that would touch, first down to the lower edge and then up from it. */
export function spread(at: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = Array.from(at.keys()).sort((a, b) => (at[a] ?? 0) - (at[b] ?? 0));
  const out = [...at];
  let floor = top;
  for (const i of order) {
    out[i] = Math.max(out[i] ?? 0, floor);
    floor = (out[i] ?? 0) + gap;
  }
  let ceiling = bottom;
  for (const i of [...order].reverse()) {
    out[i] = Math.min(out[i] ?? 0, ceiling);
    ceiling = (out[i] ?? 0) - gap;
  }
  return out;
}
