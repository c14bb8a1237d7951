import { expect, test } from 'vitest';
import type { Cell, Frame, Item } from '../wire';
import { grid, rampDomain, rampStep } from './grid';

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

test('a grid has a cell for every pair and knows which rows are missing', () => {
  const frame: Frame = {
    revision: 1,
    columns: [
      { name: 'x', type: 'int' },
      { name: 'y', type: 'string' },
      { name: 'value', type: 'int' },
    ],
    values: [
      [2002, 2001, 2001],
      ['Feb', 'Feb', 'Jan'],
      [5, 7, 1],
    ],
  };
  const g = grid(frame, item({ mark: 'heatmap' }), null);
  expect(g.x.short).toEqual(['2001', '2002']);
  expect(g.values).toEqual([
    [1, null],
    [7, 5],
  ]);
  expect(g.rows).toEqual([
    [2, -1],
    [1, 0],
  ]);
  expect([rampStep(0, [0, 7]), rampStep(7, [0, 7]), rampStep(3.5, [0, 7])]).toEqual([0, 6, 3]);
});

test('a ramp of counts starts at zero unless all of them are large', () => {
  expect(rampDomain(10, 100, true)).toEqual([0, 100]);
  expect(rampDomain(160, 180, true)).toEqual([160, 180]);
  expect(rampDomain(10, 100, false)).toEqual([10, 100]);
  expect(rampDomain(0, 0, true)[1]).toBeGreaterThan(0);
  expect(rampDomain(5, 5, false)).toEqual([0, 5]);
});

test('a heatmap without a filter is the calendar, and its numbers are months, weekdays and hours', () => {
  const frame = (x: Cell[], type: string, y: Cell[]): Frame => ({
    revision: 1,
    columns: [
      { name: 'x', type },
      { name: 'y', type: 'int' },
      { name: 'rows', type: 'int' },
    ],
    values: [x, y, x.map(() => 1)],
  });
  const calendar = item({ mark: 'heatmap' });
  const years = grid(frame(['2001-01-01', '2002-01-01', '2001-01-01'], 'date', [8, 8, 9]), calendar, null);
  expect(years.y.short).toEqual(['Aug', 'Sep']);
  const hours = grid(frame([9, 10, 9], 'int', [1, 1, 7]), calendar, null);
  expect([hours.x.short, hours.y.short]).toEqual([
    ['09:00', '10:00'],
    ['Mon', 'Sun'],
  ]);
  const scores = grid(frame([9, 10, 9], 'int', [1, 1, 7]), { ...calendar, filter: 'score' }, null);
  expect(scores.y.short).toEqual(['1', '7']);
});
