import { expect, test } from 'vitest';
import type { Frame } from '../wire';
import { nextOrder, readOrder, shiftOf, sortLocally, tsv, writeOrder } from './rows';

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

test('an order may name a column with a comma', () => {
  const order = [
    { column: 'Income, total', down: true },
    { column: 'n', down: false },
  ];
  expect(writeOrder(order)).toBe('-Income\\, total,n');
  expect(readOrder(writeOrder(order))).toEqual(order);
});

test('a row that stands still on the screen is found again in the next frame', () => {
  const of = (...n: number[]): Frame => ({ revision: 1, columns: [{ name: 'n', type: 'int' }], values: [n] });
  expect(shiftOf(of(5, 4, 3, 2), of(7, 6, 5, 4), 1)).toBe(2);
  expect(shiftOf(of(5, 4, 3, 2), of(5, 4, 3, 2, 1), 2)).toBe(0);
  expect(shiftOf(of(5, 4, 3, 2), of(4, 3, 2), 2)).toBe(-1);
  expect(shiftOf(of(5, 4, 40, 2), of(5, 4, 41, 2), 2)).toBe(0);
  expect(shiftOf(of(1, 1, 1), of(1, 1, 1, 1), 1)).toBe(0);
  expect(shiftOf(of(1), of(2), 0)).toBe(0);
});
