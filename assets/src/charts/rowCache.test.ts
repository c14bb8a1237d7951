import { expect, test } from 'vitest';
import { RowCache } from './rowCache';

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
