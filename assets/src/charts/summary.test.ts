import { afterEach, expect, test } from 'vitest';
import { specimens } from '../gallery/specimens';
import { language } from '../lib/words';
import type { Cell, Column, Facts, Frame, Item, TimeAxis } from '../wire';
import { summary } from './summary';

afterEach(() => {
  language.value = 'en';
});

const item = (mark: string, over: Partial<Item> = {}): Item => ({
  panel: 'p',
  mark,
  title: 'T',
  width: 6,
  encoding: { x: 'x', y: 'y' },
  zero: true,
  time: false,
  why: '',
  ...over,
});
const frame = (columns: Column[], values: Cell[][], facts?: Facts): Frame => ({
  revision: 1,
  columns,
  values,
  ...(facts ? { facts } : {}),
});
const month: TimeAxis = {
  column: 'x',
  label: 'X',
  type: 'date',
  instant: false,
  zone: 'UTC',
  min: '',
  max: '',
  from: '',
  to: '',
  grain: 'month',
  week: 1,
  grains: [],
};
const date: Column = { name: 'x', type: 'date' };
const count: Column = { name: 'y', type: 'int' };

test('a trend names its highest bucket and passes over the one that still grows', () => {
  const f = frame(
    [date, count],
    [
      ['2001-07-01', '2001-08-01', '2001-09-01'],
      [90, 168, 400],
    ],
    {
      rows: 658,
      partial_from: '2001-09-01',
    },
  );
  expect(summary(item('line', { time: true }), f, month)).toBe('Highest in August 2001 with 168');
});

test('a split trend sums a measure that adds up and names the group of one that does not', () => {
  const f = frame(
    [date, { name: 'c', label: 'Wildlife Size', type: 'string' }, { ...count, unit: 'kn' }],
    [
      ['2001-07-01', '2001-07-01', '2001-08-01', '2001-08-01'],
      ['Small', 'Large', 'Small', 'Large'],
      [60, 60, 100, 10],
    ],
  );
  const encoding = { x: 'x', y: 'y', color: 'c' };
  expect(summary(item('line', { encoding, time: true }), f, month)).toBe(
    'by Wildlife Size. All together highest in July 2001 with 120\u2009kn',
  );
  expect(summary(item('line', { encoding, time: true, zero: false }), { ...f }, month)).toBe(
    'by Wildlife Size. Highest for Small in August 2001 with 100\u2009kn',
  );
});

test('a picture of shares names the largest', () => {
  const f = frame(
    [date, { name: 'c', type: 'string' }, count],
    [
      ['2001-07-01', '2001-07-01', '2001-08-01', '2001-08-01'],
      ['Web', 'Shop', 'Web', 'Shop'],
      [70, 30, 50, 50],
    ],
  );
  const shares = item('area', {
    encoding: { x: 'x', y: 'y', color: 'c' },
    stack: 'normalize',
    noun: 'orders',
  });
  expect(summary(shares, f, month)).toBe('Web holds 60% of all orders');
});

test('a ranked list names the share of its leader, or its value where shares make no sense', () => {
  const f = frame(
    [
      { name: 'y', type: 'string' },
      { name: 'x', type: 'int' },
    ],
    [
      ['SMALL', 'Large'],
      [62, 38],
    ],
    {
      rows: 100,
      sum: 100,
    },
  );
  expect(summary(item('ranked', { noun: 'orders' }), f, null)).toBe('Small holds 62% of all orders');
  const mean = { ...f, facts: { rows: 100 } };
  expect(summary(item('ranked'), mean, null)).toBe('Small is highest with 62');
});

test('a histogram counts what is missing, else names the middle', () => {
  const columns: Column[] = [
    { name: 'start', type: 'int', unit: 'kn' },
    { name: 'end', type: 'int' },
    { name: 'count', type: 'int' },
  ];
  const values: Cell[][] = [[0], [10], [4]];
  expect(summary(item('histogram'), frame(columns, values, { rows: 10_000, empty: 2836 }), null)).toBe(
    '2,836 of 10,000 rows have no value',
  );
  expect(summary(item('histogram'), frame(columns, values, { rows: 4, median: 140 }), null)).toBe(
    'Half of the rows lie below 140\u2009kn',
  );
});

test('a heatmap finds its season, wherever the rows of the frame begin', () => {
  const months = ['Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec', 'Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'];
  const f = frame(
    [
      { name: 'x', type: 'int' },
      { name: 'y', type: 'string' },
      { name: 'value', type: 'int' },
    ],
    [months.map(() => 2001), months, months.map((m) => (['Aug', 'Sep', 'Oct'].includes(m) ? 13 : 61 / 9))],
  );
  expect(summary(item('heatmap', { noun: 'rows' }), f, null)).toBe('Aug to Oct hold 39% of all rows');
});

test('a cloud tells whether the two rise together', () => {
  const columns: Column[] = [
    { name: 'x', label: 'Speed', type: 'int' },
    { name: 'y', label: 'Cost', type: 'int' },
  ];
  const up = Array.from({ length: 12 }, (_, i) => i);
  const say = (y: number[]) => summary(item('scatter'), frame(columns, [up, y]), null);
  expect(say(up.map((v) => v * v + 1))).toBe('Cost rises with Speed. 12 points');
  expect(say(up.map((v) => 100 - v))).toBe('Cost falls as Speed rises. 12 points');
  expect(say([5, 1, 4, 2, 6, 1, 5, 2, 4, 1, 6, 3])).toBe('No clear relation. 12 points');
});

test('rows say how many there are and in which order', () => {
  const f = frame([{ name: 'at', type: 'timestamp' }], [['2026-11-23T09:12:40']], {
    rows: 10_003,
    total: 10_003,
    sort: '-at',
  });
  expect(summary(item('table'), f, null)).toBe('10,003 rows, newest first');
});

test('nothing to draw is nothing to say', () => {
  for (const mark of [
    'line',
    'ranked',
    'histogram',
    'box',
    'heatmap',
    'scatter',
    'table',
    'kpi',
    'donut',
    'new',
  ])
    expect(summary(item(mark), frame([date, count], [[], []]), null)).toBe('');
});

test('every mark of the gallery has a sentence in both languages', () => {
  for (const lang of ['en', 'de'] as const) {
    language.value = lang;
    for (const { item: i, frame: f } of specimens.flatMap((s) => s.list)) {
      const text = summary(i, f, null);
      expect(text, `${i.panel} ${lang}`).not.toMatch(/undefined|NaN|\{|\}/);
      if (i.mark !== 'text') expect(text, `${i.panel} ${lang}`).not.toBe('');
    }
  }
});
