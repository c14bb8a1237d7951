import { expect, test } from 'vitest';
import { RowCache } from './rowCache';
import { movedBy } from './useRows';

test('rows are kept by their number, and move together', () => {
  const rows = new RowCache();
  rows.put(200, [
    [1, 2],
    ['a', 'b'],
  ]);
  expect(rows.get(201)).toEqual([2, 'b']);
  rows.shift(3);
  expect(rows.get(201)).toBeUndefined();
  expect(rows.get(204)).toEqual([2, 'b']);
  rows.put(204, [[9], ['z']]);
  expect(rows.get(204)).toEqual([9, 'z']);
});

test('a long way through a table keeps the rows nearby', () => {
  const rows = new RowCache();
  for (let page = 0; page < 1000; page++)
    rows.put(page * 100, [Array.from({ length: 100 }, (_, i) => page * 100 + i)]);
  expect(rows.size).toBeLessThanOrEqual(4000);
  expect(rows.get(99_950)).toEqual([99_950]);
  expect(rows.get(10)).toBeUndefined();
});

test('rows that are fetched anew tell how far they have moved', () => {
  const rows = new RowCache();
  rows.put(300, [
    [30, 29, 28, 27],
    ['a', 'b', 'c', 'd'],
  ]);
  // Two came in above, and the first of those under the eye has changed.
  expect(
    movedBy(rows, 300, 240, [
      [...Array(62).fill(0), 31, 29, 28],
      [...Array(62).fill(''), 'a', 'b', 'c'],
    ]),
  ).toBe(2);
  // One went.
  expect(
    movedBy(rows, 301, 280, [
      [...Array(20).fill(0), 29, 28],
      [...Array(20).fill(''), 'b', 'c'],
    ]),
  ).toBe(-1);
  expect(movedBy(rows, 300, 300, [[1], ['x']])).toBe(0);
  // Of rows that are equal the nearest is meant.
  rows.clear();
  rows.put(10, [[7]]);
  expect(movedBy(rows, 10, 0, [Array(40).fill(7)])).toBe(0);
});
