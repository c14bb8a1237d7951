import { expect, test } from 'vitest';
import type { Frame, Item } from '../wire';
import { difference, differs } from './difference';

const item = (mark: string, color?: string): Item => ({
  panel: 'p',
  mark,
  title: 'T',
  width: 4,
  encoding: color ? { x: 'x', y: 'y', color } : { x: 'x', y: 'y' },
  zero: true,
  time: false,
  why: '',
});
const frame = (...values: (string | number | null)[][]): Frame => ({
  revision: 7,
  columns: values.map((v, i) => ({ name: `c${i}`, type: typeof v[0] === 'string' ? 'string' : 'int' })),
  values,
});

test('rows are compared by what they are called, wherever they stand', () => {
  const c = difference(item('ranked'), frame(['a', 'b', 'c'], [5, 4, 3]), frame(['b', 'a', 'd'], [6, 5, 1]));
  expect([...(c?.inserted ?? [])]).toEqual([2]);
  expect(c?.cells.get('c1')).toEqual(new Map([[0, 4]]));
  expect(c?.removed).toBe(1);
  expect(c?.held).toBe(true);
});

test('a line is named by its time and its colour, a figure by nothing, a row by itself', () => {
  const line = difference(
    item('line', 'c1'),
    frame(['1', '1', '2'], ['a', 'b', 'a'], [1, 2, 3]),
    frame(['1', '1', '2'], ['a', 'b', 'b'], [1, 9, 3]),
  );
  expect(line?.cells.get('c2')).toEqual(new Map([[1, 2]]));
  expect([...(line?.inserted ?? [])]).toEqual([2]);
  expect(difference(item('kpi'), frame([3]), frame([4]))?.cells.get('c0')).toEqual(new Map([[0, 3]]));
  const rows = difference(
    item('table'),
    frame(['a', 'a', 'b'], [1, 1, 2]),
    frame(['a', 'a', 'b'], [1, 1, 3]),
  );
  expect([...(rows?.inserted ?? [])]).toEqual([2]);
  expect(rows?.removed).toBe(1);
});

test('equal moments do not differ, and other columns cannot be compared', () => {
  expect(differs(difference(item('bar'), frame(['a'], [1]), frame(['a'], [1])))).toBe(false);
  expect(differs(difference(item('bar'), frame(['a'], [1]), frame(['a'], [2])))).toBe(true);
  expect(difference(item('bar'), frame(['a'], [1]), frame(['a'], [1], [2]))).toBeNull();
  expect(difference(item('bar'), undefined, frame(['a'], [1]))).toBeNull();
});
