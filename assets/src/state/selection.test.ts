import { expect, test } from 'vitest';
import type { Selection } from '../wire';
import {
  chooseRange,
  chooseValue,
  isFiltered,
  readSelection,
  readTerm,
  resolve,
  spell,
  UNASKED,
  writeSelection,
} from './selection';

const VALUES = [
  '',
  'EU',
  '!odd',
  '=same',
  'a..b',
  '..',
  '!',
  '=',
  '==',
  '!=x',
  'a&b=c d',
  '100 %',
  'ü 日本',
  '"q"',
  "it's",
  '+1',
  '#1',
  'a/b?c',
];

test.each(VALUES)('the cell %j survives the address bar', (value) => {
  for (const exclude of [false, true]) {
    const s: Selection = { ...UNASKED, filters: { 'a column.x': [spell(value, exclude)] } };
    const back = readSelection(`?${writeSelection(s)}`);
    expect(back).toEqual(s);
    expect(readTerm(back.filters['a column.x']?.[0] ?? '')).toEqual({ exclude, value, range: null });
  }
});

test('only what was asked for is in the address', () => {
  expect(writeSelection(UNASKED)).toBe('');
  expect(
    writeSelection({ range: '90d', grain: 'day', compare: 'none', filters: { b: ['2', '1'], a: ['x'] } }),
  ).toBe('range=90d&grain=day&compare=none&f.a=x&f.b=1&f.b=2');
});

test('the address says several values, an exclusion, a range and the empty cell', () => {
  const s = readSelection(
    '?range=2026-01-01..2026-04-01&f.region=EU&f.region=US&f.region=EU&f.n=1..5&f.x=!y&f.e=&theme=dark&f.=z',
  );
  expect(s.filters).toEqual({ region: ['EU', 'US'], n: ['1..5'], x: ['!y'], e: [''] });
  expect(readTerm('1..5')).toEqual({ exclude: false, value: null, range: { from: '1', to: '5' } });
  expect(readTerm('!..5').range).toEqual({ from: '', to: '5' });
});

test('choosing toggles, stands alone and excludes', () => {
  let s = chooseValue(UNASKED, 'c', 'a', 'toggle');
  s = chooseValue(s, 'c', 'b', 'toggle');
  expect(s.filters.c).toEqual(['a', 'b']);
  s = chooseValue(s, 'c', 'a', 'toggle');
  expect(s.filters.c).toEqual(['b']);
  s = chooseValue(s, 'c', 'z', 'only');
  expect(s.filters.c).toEqual(['z']);
  expect(chooseValue(s, 'c', 'z', 'only').filters).toEqual({});
  s = chooseValue(s, 'c', 'z', 'exclude');
  expect(s.filters.c).toEqual(['!z']);
  s = chooseValue(s, 'c', 'y', 'exclude');
  expect(s.filters.c).toEqual(['!z', '!y']);
  s = chooseValue(s, 'c', 'z', 'toggle');
  expect(s.filters.c).toEqual(['!y']);
  s = chooseValue(s, 'c', 'a', 'toggle');
  expect(s.filters.c).toEqual(['a']);
  expect(isFiltered(s)).toBe(true);
});

test('a range takes the place of values and goes again', () => {
  let s = chooseRange(chooseValue(UNASKED, 'n', '3', 'toggle'), 'n', { from: '1', to: '2.5' });
  expect(s.filters.n).toEqual(['1..2.5']);
  s = chooseRange(s, 'n', null);
  expect(s).toEqual(UNASKED);
});

test('what was not asked for is what the dashboard answered with', () => {
  const answered = { range: '12mo', grain: 'auto', compare: 'previous period', filters: { gone: ['x'] } };
  expect(resolve({ ...UNASKED, grain: 'day' }, answered)).toEqual({
    range: '12mo',
    grain: 'day',
    compare: 'previous period',
    filters: {},
  });
});
