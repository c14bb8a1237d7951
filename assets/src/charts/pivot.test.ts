import { expect, test } from 'vitest';
import type { Cell, Frame, Item } from '../wire';
import { pivot, stack } from './pivot';

const item = (over: Partial<Item> = {}): Item => ({
  panel: 'p',
  mark: 'line',
  title: 'T',
  width: 6,
  encoding: { x: 'x', y: 'y', color: 'c' },
  zero: true,
  time: false,
  why: '',
  ...over,
});

const frame = (rows: Cell[][]): Frame => ({
  revision: 1,
  columns: [
    { name: 'x', type: 'date' },
    { name: 'c', type: 'string' },
    { name: 'y', type: 'int' },
  ],
  values: [0, 1, 2].map((k) => rows.map((r) => r[k] ?? null)),
});

test('the long form becomes one array per colour, with holes where a pair is missing', () => {
  const { x, groups } = pivot(
    frame([
      ['2001-01-01', 'a', 1],
      ['2001-01-01', 'b', 2],
      ['2001-02-01', 'a', 3],
      ['2001-03-01', null, 4],
    ]),
    item(),
  );
  expect(x).toEqual(['2001-01-01', '2001-02-01', '2001-03-01']);
  expect(groups.map((g) => [g.name, g.value, g.values, g.rows])).toEqual([
    ['a', 'a', [1, 3, null], [0, 2, -1]],
    ['b', 'b', [2, null, null], [1, -1, -1]],
    ['(empty)', '', [null, null, 4], [-1, -1, 3]],
  ]);
  expect(groups[2]?.slot).toBe(0);
});

test('without a colour there is one group in the first colour', () => {
  const { groups } = pivot(frame([['2001-01-01', '', 5]]), item({ encoding: { x: 'x', y: 'y' } }));
  expect(groups).toHaveLength(1);
  expect(groups[0]).toMatchObject({ value: null, slot: 1, values: [5] });
});

test('an exact integer that travels as text is a number', () => {
  const { groups } = pivot(frame([['2001-01-01', 'a', '9007199254740993']]), item());
  expect(groups[0]?.values).toEqual([9007199254740992]);
});

test('more than eight colours fold into one rest, where the measure adds up', () => {
  const rows = Array.from({ length: 10 }, (_, i): Cell[] => ['2001-01-01', `g${i}`, i + 1]);
  const sum = pivot(frame(rows), item());
  expect(sum.groups).toHaveLength(8);
  expect(sum.groups.at(-1)).toMatchObject({ name: 'Other (3)', slot: 0, values: [1 + 2 + 3] });
  const mean = pivot(frame(rows), item({ zero: false }));
  expect(mean.groups).toHaveLength(7);
  expect(mean.left).toBe(3);
});

test('the rest that the server has folded is grey, last, and no value to filter by', () => {
  const f = frame([
    ['2001-01-01', '…', 9],
    ['2001-01-01', 'a', 1],
  ]);
  const { groups } = pivot({ ...f, facts: { rows: 10, other_count: 31 } }, item());
  expect(groups.map((g) => [g.name, g.value, g.slot === 0])).toEqual([
    ['a', 'a', false],
    ['Other (31)', null, true],
  ]);
});

test('layers stand on one another, and a hole does not cut through those above', () => {
  const { groups } = pivot(
    frame([
      ['2001-01-01', 'a', 1],
      ['2001-02-01', 'a', 3],
      ['2001-01-01', 'b', 2],
    ]),
    item(),
  );
  const [a, b] = stack(groups, 'zero');
  expect(a).toEqual({ lower: [0, 0], upper: [1, 3] });
  expect(b).toEqual({ lower: [1, 3], upper: [3, 3] });
});

test('negative values stack downwards', () => {
  const { groups } = pivot(
    frame([
      ['2001-01-01', 'a', 2],
      ['2001-01-01', 'b', -1],
      ['2001-01-01', 'c', -4],
    ]),
    item(),
  );
  expect(stack(groups, 'zero').map((l) => [l.lower[0], l.upper[0]])).toEqual([
    [0, 2],
    [0, -1],
    [-1, -5],
  ]);
});

test('shares fill the span, and an empty place stays empty', () => {
  const { groups } = pivot(
    frame([
      ['2001-01-01', 'a', 1],
      ['2001-01-01', 'b', 3],
      ['2001-02-01', 'a', 0],
      ['2001-02-01', 'b', 0],
    ]),
    item(),
  );
  const layers = stack(groups, 'normalize');
  expect(layers.map((l) => l.upper)).toEqual([
    [0.25, 0],
    [1, 0],
  ]);
});
