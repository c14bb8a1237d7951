/**
 * Cuts Inter (variable, weight axis) down to what an English interface draws: Latin-1, punctuation,
 * arrows and the key symbols. Anything else (CJK, Cyrillic, ...) falls back to the system's own font.
 */
import fs from 'node:fs';
import subsetFont from 'subset-font';

const range = (a, b) => Array.from({ length: b - a + 1 }, (_, i) => String.fromCodePoint(a + i)).join('');
const text = `${range(0x20, 0x7e) + range(0xa0, 0xff)}ıŒœ\u2009\u200a‐‑‒–—―‘’‚“”„†‡•…‰′″‹›€™←↑→↓↗−∕≈≠≤≥`;
const source = fs.readFileSync('node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2');
const out = await subsetFont(source, text, {
  targetFormat: 'woff2',
  variationAxes: { wght: { min: 400, max: 650 } },
});
fs.mkdirSync('src/fonts', { recursive: true });
fs.writeFileSync('src/fonts/inter-var.woff2', out);
console.log(`${source.length} -> ${out.length} bytes`);
