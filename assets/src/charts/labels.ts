import { kindOf, type Look, tickText } from '../lib/format';

/** The labels of an axis, with the unit on the last of them where `unit` asks for it. */
export function tickTexts(ticks: readonly number[], look: Look, unit = false): string[] {
  const step = ticks.length > 1 ? Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) : undefined;
  return ticks.map((v, i) => tickText(v, look, unit && i === ticks.length - 1, step));
}

/**
 * The labels of a value axis. The top one says what it counts: "120 birdstrikes", "140 kn"; money and percent say it by
 * their sign.
 */
export function valueTexts(ticks: readonly number[], look: Look, noun: string): string[] {
  const texts = tickTexts(ticks, look, true);
  const top = texts.length - 1;
  if (noun && !look.unit && kindOf(look) === 'number' && top >= 0) texts[top] = `${texts[top]} ${noun}`;
  return texts;
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
