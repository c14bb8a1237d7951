/** Widths of axis texts, for gutters that fit their labels. */
import { signal } from '@preact/signals';

/** How often a font has come: what was measured in its stead has to be measured again, and whoever measures is told. */
const fonts = signal(0);
/** Widths that are known: a live page measures the same few texts again and again. */
const known = new Map<string, number>();
const MOST_KNOWN = 4000;
if (typeof document !== 'undefined')
  document.fonts?.addEventListener('loadingdone', () => {
    known.clear();
    fonts.value++;
  });

let pen: CanvasRenderingContext2D | null | undefined;

export const FONT = '"Inter var", Inter, system-ui, sans-serif';

/** Width in CSS pixels; an estimate where there is no canvas to ask. */
export function textWidth(text: string, size = 11, weight = 400): number {
  fonts.value;
  if (pen === undefined) {
    pen = typeof document === 'undefined' ? null : document.createElement('canvas').getContext('2d');
  }
  // Numbers are set with digits of one width, which is that of the zero.
  const set = text.replace(/\d/g, '0');
  if (!pen) return set.length * size * 0.56;
  const key = `${weight} ${size} ${set}`;
  const old = known.get(key);
  if (old !== undefined) return old;
  pen.font = `${weight} ${size}px ${FONT}`;
  const { width } = pen.measureText(set);
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(key, width);
  return width;
}

export const widest = (texts: readonly string[], size = 11, weight = 400): number =>
  texts.reduce((most, text) => Math.max(most, textWidth(text, size, weight)), 0);

/** The text cut to fit, with an ellipsis. */
export function clip(text: string, width: number, size = 11): string {
  if (textWidth(text, size) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (textWidth(`${text.slice(0, mid)}…`, size) <= width) low = mid;
    else high = mid - 1;
  }
  return low ? `${text.slice(0, low).trimEnd()}…` : '';
}
