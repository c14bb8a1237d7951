import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ENGLISH } from '../ui/words';

const src = path.join(import.meta.dirname, '..');
const files = fs
  .readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.tsx?$/.test(f) && !/\.test\.|words(\.de)?\.ts$|gallery/.test(f));
const code = files.map((f) => fs.readFileSync(path.join(src, f), 'utf8')).join('\n');
const chartWords = fs.readFileSync(path.join(src, 'lib/words.ts'), 'utf8');
const chartKeys = [...(chartWords.split('catalogue(').at(-1) ?? '').matchAll(/^ {4}(\w+):/gm)].map(
  (m) => m[1] ?? '',
);

/** A text is used where its key stands in quotes, or is built from a beginning that stands in a template. */
const used = (key: string) =>
  code.includes(`'${key}'`) ||
  [...code.matchAll(/`([a-z]\w+)\$\{/g)].some((m) => key.startsWith(m[1] ?? '\0'));

test('no text of the page is left that nothing says', () => {
  expect(Object.keys(ENGLISH).filter((key) => !used(key))).toEqual([]);
});

test('no text of the charts is left that nothing says', () => {
  expect(new Set(chartKeys).size).toBeGreaterThan(100);
  expect(chartKeys.length).toBe(new Set(chartKeys).size * 2);
  expect([...new Set(chartKeys)].filter((key) => !used(key))).toEqual([]);
});
