import { expect, test } from 'vitest';
import type { Cell, Frame, Item, Selection } from '../wire';
import { delta, periodWords } from './compare';
import { grid, rampStep } from './grid';
import { spread } from './labels';
import { distinct } from './order';
import { areaPath, linePath } from './path';
import { cloud, spearman, wantsLog } from './points';
import { chosen, filterText } from './read';
import { assemble, missing, PAGE, sortLocally, tsv } from './rows';
import { weekdayOf, weeks } from './weeks';

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
const everything: Selection = { range: 'all', grain: 'auto', compare: 'previous period', filters: {} };

test('a filter is read as the address spells it', () => {
  const selection = { ...everything, filters: { c: ['Large', '!Small', ''], n: ['10..20'], open: ['..5'] } };
  expect([...chosen(selection, 'c').values]).toEqual(['Large', '']);
  expect([...chosen(selection, 'c').excluded]).toEqual(['Small']);
  expect(chosen(selection, 'n').range).toEqual({ from: '10', to: '20' });
  expect(chosen(selection, 'open').range).toEqual({ from: '', to: '5' });
  expect(chosen(selection, 'none').any).toBe(false);
  expect([filterText(null), filterText(true), filterText(1.5)]).toEqual(['', 'true', '1.5']);
});

test('the comparison is a ratio, for shares a difference in points, and honest about nothing', () => {
  const frame = (current: number, previous: number): Frame => ({
    revision: 1,
    columns: [{ name: 'y', type: 'float' }],
    values: [[1]],
    facts: { rows: 1, current, previous, period: '12mo' },
  });
  expect(delta(item(), frame(103.8, 100), everything)).toMatchObject({
    arrow: '↑',
    text: '+3.8%',
    against: 'vs. prior 12 mo',
  });
  expect(delta(item(), frame(50, 50), everything)).toMatchObject({ arrow: '→', text: '0%' });
  expect(delta(item({ format: 'percent' }), frame(0.104, 0.117), everything)).toMatchObject({
    arrow: '↓',
    text: '−1.3 pts',
  });
  expect(delta(item(), frame(5, 0), everything)).toBeNull();
  expect(delta(item(), { revision: 1, columns: [], values: [] }, everything)).toBeNull();
  expect(delta(item(), frame(1, 2), { ...everything, compare: 'previous year' })?.against).toBe(
    'vs. year before',
  );
});

test('periods are words', () => {
  expect([periodWords('30d'), periodWords('1mo'), periodWords('24h'), periodWords('odd')]).toEqual([
    '30 days',
    'month',
    '24 hours',
    'odd',
  ]);
});

test('axes keep their natural order', () => {
  const s = { name: 'x', type: 'string' };
  expect(distinct(['Feb', 'Jan', 'Dec', 'Jan'], s)).toEqual(['Jan', 'Feb', 'Dec']);
  expect(distinct(['Sunday', 'Monday', null, 'Friday'], s)).toEqual(['Monday', 'Friday', 'Sunday', null]);
  expect(distinct(['Small', 'Large', 'Medium'], s)).toEqual(['Small', 'Large', 'Medium']);
  expect(distinct([10, 9, 100], { name: 'x', type: 'int' })).toEqual([9, 10, 100]);
  // A text that only begins like a month is no month.
  expect(distinct(['Marble', 'Apple'], s)).toEqual(['Marble', 'Apple']);
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

test('labels that would touch move apart and stay inside', () => {
  expect(spread([10, 12, 100], 17, 0, 200)).toEqual([10, 27, 100]);
  expect(spread([195, 198], 17, 0, 200)).toEqual([183, 200]);
  expect(spread([50, 20], 17, 0, 200)).toEqual([50, 20]);
});

test('a path breaks where there is no value', () => {
  const y = [1, Number.NaN, 3, 4];
  expect(
    linePath(
      4,
      (i) => i,
      (i) => y[i] ?? Number.NaN,
    ),
  ).toBe('M0.0,1.0M2.0,3.0L3.0,4.0');
  expect(
    areaPath(
      2,
      (i) => i,
      (i) => i,
      9,
    ),
  ).toBe('M0.0,9.0L0.0,0.0L1.0,1.0L1.0,9.0Z');
});

test('days fall on their weekday and week', () => {
  const day = (text: string) => Date.parse(text);
  expect(weekdayOf(day('2026-11-23'))).toBe(0);
  expect(weekdayOf(day('1969-12-28'))).toBe(6);
  const out = weeks([
    { at: day('2026-11-25'), value: 1, row: 0 },
    { at: day('2026-11-30'), value: 2, row: 1 },
  ]);
  expect(out.map((d) => [d.week, d.weekday])).toEqual([
    [0, 2],
    [1, 0],
  ]);
});

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
