/** Two measures over one time, and one measure over two columns. */
import type { Cell, Column } from '../wire';
import { frame, item, random, type Specimen } from './frames';

const days = Array.from({ length: 30 }, (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}`);
const day: Column = { name: 'bucket', label: 'Day', type: 'date', role: 'temporal' };

/** Orders by day with the average order over them: two scales. */
export const combo: Specimen = {
  height: 250,
  item: item({
    panel: 'combo',
    mark: 'combo',
    title: 'Orders and average order by day',
    encoding: { x: 'bucket', y: 'orders', line: 'average' },
    format: 'integer',
    line_format: 'currency',
  }),
  frame: (() => {
    const rnd = random(61);
    const orders = days.map((_, i) => Math.round(60 + 25 * Math.sin(i / 2.2) + rnd() * 20));
    const average = days.map((_, i) =>
      i === 11 ? null : Math.round((31 + 6 * Math.cos(i / 3) + rnd() * 3) * 100) / 100,
    );
    return frame(
      [
        day,
        { name: 'orders', label: 'Orders', type: 'int' },
        { name: 'average', label: 'Average order', type: 'float', unit: 'EUR' },
      ],
      [days, orders, average],
      { rows: 1800 },
    );
  })(),
};

/** Revenue by day with what was meant beside each value, and a bound. */
export const against: Specimen = {
  height: 250,
  item: item({
    panel: 'against',
    mark: 'line',
    title: 'Revenue and plan by day',
    encoding: { x: 'bucket', y: 'revenue', target: 'plan' },
    format: 'currency',
    target: 'Plan',
    thresholds: [{ level: 'warn', op: '<', value: 900 }],
  }),
  frame: (() => {
    const rnd = random(71);
    return frame(
      [
        day,
        { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
        { name: 'plan', label: 'Plan', type: 'float', unit: 'EUR' },
      ],
      [
        days,
        days.map((_, i) => Math.round(1400 + 380 * Math.sin(i / 3) + rnd() * 160)),
        days.map((_, i) => 1300 + i * 12),
      ],
      { rows: 2475 },
    );
  })(),
};

/** Columns, each with its target across it. */
export const goals: Specimen = {
  height: 250,
  item: item({
    panel: 'goals',
    mark: 'column',
    title: 'Revenue and target by region',
    encoding: { x: 'region', y: 'revenue', target: 'goal' },
    format: 'currency',
    target: 'Goal',
    filter: 'region',
  }),
  frame: frame(
    [
      { name: 'region', label: 'Region', type: 'string', role: 'nominal' },
      { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
      { name: 'goal', label: 'Goal', type: 'float', unit: 'EUR' },
    ],
    [
      ['North', 'South', 'East', 'West', 'Overseas'],
      [48_200, 61_400, 39_900, 52_100, 8400],
      [50_000, 55_000, 45_000, 50_000, null],
    ],
    { rows: 2475 },
  ),
};

/** Actual and planned revenue by region: one scale. */
export const planned: Specimen = {
  height: 250,
  item: item({
    panel: 'planned',
    mark: 'combo',
    title: 'Revenue and plan by region',
    encoding: { x: 'region', y: 'revenue', line: 'plan' },
    format: 'currency',
    line_format: 'currency',
    filter: 'region',
  }),
  frame: frame(
    [
      { name: 'region', label: 'Region', type: 'string', role: 'nominal' },
      { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
      { name: 'plan', label: 'Plan', type: 'float', unit: 'EUR' },
    ],
    [
      ['North', 'South', 'East', 'West', 'Overseas'],
      [48_200, 61_400, 39_900, 52_100, 8400],
      [50_000, 55_000, 45_000, 50_000, 12_000],
    ],
    { rows: 2475 },
  ),
};

export const pivotTable: Specimen = {
  height: 250,
  item: item({
    panel: 'pivot',
    mark: 'pivot',
    title: 'Orders by status and channel',
    encoding: { x: 'x', y: 'y', color: 'orders' },
    format: 'integer',
    filter: 'channel',
  }),
  frame: (() => {
    const rnd = random(62);
    const x: Cell[] = [];
    const y: Cell[] = [];
    const v: Cell[] = [];
    for (const status of ['delivered', 'returned', 'cancelled', 'open'])
      for (const channel of ['web', 'shop', 'phone', 'partner']) {
        if (status === 'open' && channel === 'phone') continue;
        x.push(channel);
        y.push(status);
        v.push(Math.round((status === 'delivered' ? 900 : 60) * (0.3 + rnd())));
      }
    return frame(
      [
        { name: 'x', label: 'Channel', type: 'string', role: 'nominal' },
        { name: 'y', label: 'Status', type: 'string', role: 'nominal' },
        { name: 'orders', label: 'Orders', type: 'int' },
      ],
      [x, y, v],
      { rows: 4096 },
    );
  })(),
};
