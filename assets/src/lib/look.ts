/** The colours that somebody wrote for the page, made legible on the panels of the theme at hand. */

type Rgb = readonly [number, number, number];

/** Minified styles have "#fff" where they can. */
const parse = (hex: string): Rgb => {
  const digits = hex.slice(1);
  const n = Number.parseInt(digits.length === 3 ? digits.replace(/./g, '$&$&') : digits, 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
};
const text = (c: Rgb) => `#${c.map((v) => Math.round(v).toString(16).padStart(2, '0')).join('')}`;

/** `share` of a, the rest of b. */
export const mix = (a: string, b: string, share: number): string => {
  const x = parse(a);
  const y = parse(b);
  return text([0, 1, 2].map((i) => (x[i] ?? 0) * share + (y[i] ?? 0) * (1 - share)) as unknown as Rgb);
};

/** Relative luminance and contrast as WCAG 2 defines them. */
const luminance = (hex: string): number => {
  const [r, g, b] = parse(hex).map((v) => {
    const s = v / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
};
export const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

/** The colour, mixed with as much ink as it takes to stand out from the ground. */
export function legible(color: string, ground: string, ink: string, least: number): string {
  for (let share = 1; share > 0; share -= 0.05) {
    const mixed = mix(color, ink, share);
    if (contrast(mixed, ground) >= least) return mixed;
  }
  return ink;
}

export interface Ground {
  panel: string;
  canvas: string;
  ink: string;
  dark: boolean;
}

export interface Colors {
  accent?: string | undefined;
  palette?: string[] | undefined;
  positive?: string | undefined;
  negative?: string | undefined;
}

/** Marks need three times the luminance of their ground, text four and a half. */
const MARK = 3;
const WORD = 4.5;

/** The tokens that take the place of the page's own. */
export function tokensOf(colors: Colors, { panel, canvas, ink, dark }: Ground): Record<string, string> {
  const out: Record<string, string> = {};
  // The canvas is the darker of two light grounds and the darker of two dark ones; text stands on both.
  const word = (c: string) => legible(legible(c, panel, ink, WORD), canvas, ink, WORD);
  const { accent } = colors;
  if (accent) {
    const mark = legible(accent, panel, ink, MARK);
    const soft = mix(mark, panel, dark ? 0.16 : 0.11);
    out.accent = mark;
    out['accent-ink'] = legible(word(mark), soft, ink, WORD);
    out['accent-soft'] = soft;
    out['accent-line'] = mix(mark, panel, 0.35);
    out.bar = mix(mark, panel, dark ? 0.2 : 0.15);
    out['bar-on'] = mix(mark, panel, dark ? 0.42 : 0.35);
    out['series-1'] = mark;
    // From the ground to the accent, and on towards the ink.
    [0.1, 0.28, 0.52, 0.78].forEach((share, i) => {
      out[`seq-${i}`] = mix(mark, panel, share);
    });
    out['seq-4'] = mark;
    out['seq-5'] = mix(mark, ink, 0.65);
    out['seq-6'] = mix(mark, ink, 0.35);
  }
  colors.palette?.forEach((c, i) => {
    if (c) out[`series-${i + 1}`] = legible(c, panel, ink, MARK);
  });
  for (const [name, color] of [
    ['good', colors.positive],
    ['bad', colors.negative],
  ] as const) {
    if (!color) continue;
    const soft = mix(color, panel, dark ? 0.16 : 0.11);
    out[`${name}-soft`] = soft;
    out[name] = legible(word(color), soft, ink, WORD);
  }
  return out;
}
