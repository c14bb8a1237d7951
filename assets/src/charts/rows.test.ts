import { expect, test } from 'vitest';
import type { Cell, Frame } from '../wire';
import { assemble, missing, nextOrder, PAGE, readOrder, sortLocally, tsv, writeOrder } from './rows';

const table: Frame = {
  revision: 1,
  columns: [
    { name: 'n', type: 'int' },
    { name: 's', type: 'string' },
  ],
  values: [
    [2, null, 10, 2],
    ['b', 'a', null, 'ä'],
  ],
};

test('sorting is stable and puts what is empty last both ways', () => {
  expect(sortLocally(table, 'n')[0]).toEqual([2, 2, 10, null]);
  expect(sortLocally(table, '-n')[0]).toEqual([10, 2, 2, null]);
  expect(sortLocally(table, 'n')[1]).toEqual(['b', 'ä', null, 'a']);
  expect(sortLocally(table, 's')[1]).toEqual(['a', 'ä', 'b', null]);
  expect(sortLocally(table, 'unknown')).toBe(table.values);
});

test('a window of rows asks for exactly the pages that it lacks', () => {
  const first: Cell[][] = [Array.from({ length: 60 }, (_, i) => i)];
  const pages = new Map<number, Cell[][]>();
  const rows = assemble(first, pages, 250);
  expect(rows.total).toBe(250);
  expect(missing(rows, 0, 40)).toEqual([]);
  expect(missing(rows, 40, 80)).toEqual([0]);
  expect(missing(rows, 90, 250)).toEqual([0, 1, 2]);
  pages.set(1, [Array.from({ length: PAGE }, (_, i) => PAGE + i)]);
  const more = assemble(first, pages, 250);
  expect(more.cell(150, 0)).toBe(150);
  expect(more.cell(210, 0)).toBeUndefined();
  expect(missing(more, 110, 190)).toEqual([]);
});

test('copied cells keep their grid', () => {
  expect(
    tsv([
      ['a\tb', 'c'],
      ['d\r\ne', 'f'],
    ]),
  ).toBe('a b\tc\nd e\tf');
});

test('a head sorts its best way first, then the other, then not at all; Shift adds', () => {
  const click = (sort: string, column: string, add = false) =>
    writeOrder(nextOrder(readOrder(sort), column, column !== 's', add));
  expect(click('', 'n')).toBe('-n');
  expect(click('-n', 'n')).toBe('n');
  expect(click('n', 'n')).toBe('');
  expect(click('-n', 's')).toBe('s');
  expect(click('-n', 's', true)).toBe('-n,s');
  expect(click('-n,s', 's', true)).toBe('-n,-s');
  expect(click('-n,-s', 's', true)).toBe('-n');
  expect(click('-n,s', 'n')).toBe('-n');
});

test('equal rows are ordered by the next column', () => {
  expect(sortLocally(table, 'n,-s')[1]).toEqual(['b', 'ä', null, 'a']);
  expect(sortLocally(table, 'n,s')[1]).toEqual(['ä', 'b', null, 'a']);
});
