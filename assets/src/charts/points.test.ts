import { expect, test } from 'vitest';
import type { Frame, Item } from '../wire';
import { cloud, spearman, wantsLog } from './points';

const item = (over: Partial<Item> = {}): Item => ({
  panel: 'p',
  mark: 'kpi',
  title: 'T',
  width: 3,
  encoding: { x: 'x', y: 'y' },
  zero: true,
  time: false,
  why: '',
  ...over,
});

test('rank correlation sees a bent rise and shares ties', () => {
  expect(spearman([1, 2, 3, 4], [1, 10, 100, 1000])).toBeCloseTo(1);
  expect(spearman([1, 2, 3, 4], [9, 7, 5, 3])).toBeCloseTo(-1);
  expect(spearman([1, 2, 3], [5, 5, 5])).toBeNaN();
  expect(spearman([1, 2, 2, 3], [1, 2, 2, 3])).toBeCloseTo(1);
});

test('an axis is logarithmic only where the middle would vanish and nothing is zero', () => {
  expect(wantsLog([1, 2, 3, 1000])).toBe(true);
  expect(wantsLog([1, 2, 3, 100])).toBe(false);
  expect(wantsLog([0, 2, 3, 1000])).toBe(false);
});

test('points without both numbers are not drawn, and keep the rows of the others', () => {
  const frame: Frame = {
    revision: 1,
    columns: [
      { name: 'x', type: 'int' },
      { name: 'y', type: 'int' },
      { name: 'c', type: 'string' },
    ],
    values: [
      [1, null, 3],
      [4, 5, 6],
      ['a', 'a', 'b'],
    ],
  };
  const c = cloud(frame, item({ mark: 'scatter', encoding: { x: 'x', y: 'y', color: 'c' } }));
  expect(c.x).toEqual([1, 3]);
  expect(c.rows).toEqual([0, 2]);
  expect(c.order.map((g) => g.name).sort()).toEqual(['a', 'b']);
});
