import { expect, test } from 'vitest';
import type { Frame, Item } from '../wire';
import { facets, gridOf, parted } from './facets';
import { lines } from './lines';
import { pivot } from './pivot';
import { summary } from './summary';

const item = (more: Partial<Item>): Item => ({
  panel: 'p',
  mark: 'line',
  title: 'Amount, each region over time',
  width: 12,
  encoding: { x: 'bucket', y: 'amount', facet: 'region' },
  zero: true,
  time: false,
  why: '',
  ...more,
});

const frame: Frame = {
  revision: 1,
  columns: [
    { name: 'bucket', type: 'date' },
    { name: 'region', type: 'string', label: 'Region' },
    { name: 'amount', type: 'float' },
  ],
  values: [
    ['2024-01-01', '2024-01-01', '2024-01-02', '2024-01-03'],
    ['South', 'North', 'North', 'South'],
    [4, 1, 2, -3],
  ],
  facts: { rows: 9, facets: ['North', 'South'], more_facets: 2 },
};

test('small charts share their axis and their scale', () => {
  const m = facets(frame, item({}), null);
  expect(m.minis.map((f) => f.name)).toEqual(['North', 'South']);
  expect(m.x).toEqual(['2024-01-01', '2024-01-02', '2024-01-03']);
  expect(m.minis.map((f) => f.groups[0]?.values)).toEqual([
    [1, 2, null],
    [4, null, -3],
  ]);
  expect(m.bounds).toEqual([-3, 4]);
  expect(summary(item({}), frame, null)).toBe('By Region, the 2 largest of 4');
});

test('points of rows keep places of their own, though two be of one moment', () => {
  const rows: Frame = {
    ...frame,
    values: [
      ['2024-01-01', '2024-01-01', '2024-01-01', '2024-01-02'],
      ['North', 'North', 'South', 'South'],
      [1, 9, 5, 6],
    ],
  };
  const points = item({ points: true });
  expect(facets(rows, points, null).minis[0]?.groups[0]?.values).toEqual([1, 9]);
  const plain: Item = { ...points, encoding: { x: 'bucket', y: 'amount', color: 'region' } };
  expect(pivot(rows, plain).groups.map((g) => g.values)).toEqual([
    [1, 9, null, null],
    [null, null, 5, 6],
  ]);
  const model = lines(rows, plain, null, new Set());
  expect(model.points).toBe(true);
  expect(model.range(Date.UTC(2024, 0, 1), Date.UTC(2024, 0, 2))).toEqual({
    from: '2024-01-01',
    to: '2024-01-03',
  });
});

test('bars have the same categories in every chart, in the order of the frame', () => {
  const bars: Frame = {
    ...frame,
    columns: [
      { name: 'kind', type: 'string' },
      { name: 'region', type: 'string' },
      { name: 'amount', type: 'float' },
    ],
    values: [
      ['b', 'a', 'a'],
      ['South', 'North', 'South'],
      [5, 2, 1],
    ],
  };
  const m = facets(bars, item({ mark: 'bar', encoding: { x: 'amount', y: 'kind', facet: 'region' } }), null);
  expect(m.x).toEqual(['b', 'a']);
  expect(m.minis.map((f) => f.groups[0]?.values)).toEqual([
    [null, 2],
    [5, 1],
  ]);
});

test('charts are as wide as can be read', () => {
  expect(gridOf(9, 300, 260)).toMatchObject({ columns: 2, rows: 5, height: 78 });
  expect(gridOf(9, 900, 300)).toMatchObject({ columns: 5, rows: 2, height: 150 });
  expect(gridOf(1, 900, 300)).toMatchObject({ columns: 1, rows: 1 });
  expect(gridOf(6, 100, 300)).toMatchObject({ columns: 1, rows: 6 });
});

test('the rows of each small chart come in the order that the server names', () => {
  expect(parted(frame, item({}))).toEqual([
    { value: 'North', name: 'North', rows: [1, 2] },
    { value: 'South', name: 'South', rows: [0, 3] },
  ]);
  // What a patch brought before the facts name it comes last, and what has no row is no chart.
  const late = { ...frame, facts: { rows: 4, facets: ['East', 'South'] } };
  expect(parted(late, item({})).map((m) => m.value)).toEqual(['South', 'North']);
});

test('small charts of any mark say by what they are parted', () => {
  for (const mark of ['line', 'histogram', 'box', 'scatter', 'bar'])
    expect(summary(item({ mark }), frame, null)).toBe('By Region, the 2 largest of 4');
});
