/** Canned answers in the shapes of the wire: the same on every visit, so that a picture of the gallery can be compared. */
import type { Cell, Column, Facts, Frame, Item, Profile, Selection, TimeAxis } from '../wire';

/** Mulberry32: a small generator whose stream is fixed by its seed. */
export function random(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pad = (n: number) => String(n).padStart(2, '0');

export function item(over: Partial<Item> & Pick<Item, 'panel' | 'mark' | 'title'>): Item {
  return { width: 4, encoding: {}, zero: true, time: false, why: '', ...over };
}

export function frame(columns: Column[], values: Cell[][], facts?: Facts): Frame {
  return facts ? { revision: 1, columns, values, facts } : { revision: 1, columns, values };
}

export interface Specimen {
  item: Item;
  frame: Frame;
  /** Rough height of its panel. */
  height: number;
}

const months: string[] = [];
for (let i = 0; i < 151; i++) months.push(`${1990 + Math.floor(i / 12)}-${pad((i % 12) + 1)}-01`);

export const time: TimeAxis = {
  column: 'flight_date',
  label: 'Flight Date',
  type: 'date',
  instant: false,
  zone: 'UTC',
  min: '1990-01-08',
  max: '2002-07-25',
  from: '1990-01-01',
  to: '2002-08-01',
  grain: 'month',
  week: 1,
  grains: ['week', 'month', 'quarter', 'year'],
};

export const selection: Selection = { range: 'all', grain: 'auto', compare: 'previous period', filters: {} };

const size: Column = { name: 'size', label: 'Wildlife Size', type: 'string', role: 'nominal' };
const count: Column = { name: 'count', label: 'Birdstrikes', type: 'int' };
const month: Column = { name: 'flight_date', label: 'Flight Date', type: 'date', role: 'temporal' };

/** A season with its summit in late summer, growing over the years. */
function season(i: number, scale: number, rnd: () => number): number {
  const m = i % 12;
  const shape = 0.25 + 0.9 * Math.exp(-((m - 7.6) ** 2) / 5) + 0.35 * Math.exp(-((m - 4) ** 2) / 2);
  return Math.max(0, Math.round(scale * shape * (0.5 + i / 190) * (0.75 + rnd() * 0.55)));
}

const strikes: Record<string, number[]> = (() => {
  const rnd = random(7);
  return {
    Small: months.map((_, i) => season(i, 82, rnd)),
    Medium: months.map((_, i) => season(i, 58, rnd)),
    Large: months.map((_, i) => season(i, 7, rnd)),
  };
})();

function long(
  groups: Record<string, number[]>,
  xs: readonly string[],
  color: Column,
  y: Column,
  facts: Facts,
): Frame {
  const x: Cell[] = [];
  const c: Cell[] = [];
  const v: Cell[] = [];
  xs.forEach((at, i) => {
    for (const [name, values] of Object.entries(groups)) {
      x.push(at);
      c.push(name);
      v.push(values[i] ?? 0);
    }
  });
  return frame([month, color, y], [x, c, v], facts);
}

export const trend: Specimen = {
  height: 330,
  item: item({
    panel: 'trend',
    mark: 'line',
    title: 'Birdstrikes per month',
    width: 8,
    encoding: { x: 'flight_date', y: 'count', color: 'size' },
    noun: 'birdstrikes',
    filter: 'size',
    time: true,
  }),
  frame: long(strikes, months, size, count, { rows: 10_000, partial_from: '2002-07-01' }),
};

export const single: Specimen = {
  height: 250,
  item: item({
    panel: 'cost',
    mark: 'line',
    title: 'Cost per month',
    encoding: { x: 'flight_date', y: 'cost' },
    noun: 'cost',
    format: 'currency',
    time: true,
  }),
  frame: (() => {
    const rnd = random(3);
    return frame(
      [month, { name: 'cost', label: 'Cost', type: 'float', unit: 'USD' }],
      [months, months.map((_, i) => Math.round((1 + i / 90) * 210_000 * (0.6 + rnd() * rnd() * 1.6)))],
      { rows: 10_000, partial_from: '2002-07-01' },
    );
  })(),
};

/** Averages: several lines that do not add up, an axis that does not start at zero, and a gap. */
export const average: Specimen = {
  height: 250,
  item: item({
    panel: 'speed-trend',
    mark: 'line',
    title: 'Speed IAS by phase',
    encoding: { x: 'flight_date', y: 'speed', color: 'phase' },
    noun: 'knots',
    zero: false,
    time: true,
  }),
  frame: (() => {
    const rnd = random(12);
    const phases = ['Approach', 'Climb', 'Descent', 'Landing Roll', 'Take-off run', 'En Route'];
    const mid = [140, 170, 230, 112, 126, 205];
    const xs = months.slice(90);
    const x: Cell[] = [];
    const c: Cell[] = [];
    const v: Cell[] = [];
    xs.forEach((at, i) => {
      phases.forEach((p, k) => {
        if (k === 5 && i > 20 && i < 26) return;
        x.push(at);
        c.push(p);
        v.push(Math.round(((mid[k] ?? 0) + (rnd() - 0.5) * 24 + 6 * Math.sin(i / 5 + k)) * 10) / 10);
      });
    });
    return frame(
      [
        month,
        { name: 'phase', label: 'Phase', type: 'string' },
        { name: 'speed', label: 'Speed', type: 'float', unit: 'kn' },
      ],
      [x, c, v],
      { rows: 7164 },
    );
  })(),
};

export const hourly: Specimen = {
  height: 250,
  item: item({
    panel: 'load',
    mark: 'area',
    title: 'Requests per hour',
    encoding: { x: 'at', y: 'count' },
    noun: 'requests',
  }),
  frame: (() => {
    const rnd = random(21);
    const xs: Cell[] = [];
    const v: Cell[] = [];
    for (let i = 0; i < 96; i++) {
      const at = Date.UTC(2026, 10, 20, i);
      xs.push(new Date(at).toISOString().replace('.000', ''));
      v.push(Math.round(900 + 800 * Math.sin(((i % 24) - 8) / 3.8) + rnd() * 240));
    }
    return frame(
      [
        { name: 'at', label: 'At', type: 'timestamp', instant: true },
        { name: 'count', label: 'Requests', type: 'int' },
      ],
      [xs, v],
      { rows: 93_211, partial_from: '2026-11-23T23:00:00Z' },
    );
  })(),
};

const channels = ['Web', 'Shop', 'Partner', 'Phone'];
const quarters = Array.from(
  { length: 20 },
  (_, i) => `${2022 + Math.floor(i / 4)}-${pad((i % 4) * 3 + 1)}-01`,
);

export const stacked = (panel: string, mark: string, stack: string, title: string): Specimen => ({
  height: 250,
  item: item({
    panel,
    mark,
    title,
    encoding: { x: 'flight_date', y: 'revenue', color: 'channel' },
    noun: 'revenue',
    format: 'currency',
    stack,
  }),
  frame: (() => {
    const rnd = random(5);
    const groups = Object.fromEntries(
      channels.map((c, k) => [
        c,
        quarters.map((_, i) =>
          Math.round((k === 0 ? 60_000 + i * 9000 : 90_000 / k - i * 900) * (0.85 + rnd() * 0.3)),
        ),
      ]),
    );
    return long(
      groups,
      quarters,
      { name: 'channel', label: 'Channel', type: 'string' },
      { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
      { rows: 48_210, partial_from: '2026-10-01' },
    );
  })(),
});

export const weekday: Specimen = {
  height: 250,
  item: item({
    panel: 'weekday',
    mark: 'column',
    title: 'Orders by weekday',
    encoding: { x: 'weekday', y: 'count' },
    noun: 'orders',
    filter: 'weekday',
  }),
  frame: frame(
    [
      { name: 'weekday', label: 'Weekday', type: 'string', role: 'cyclic' },
      { name: 'count', label: 'Orders', type: 'int' },
    ],
    [
      ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'],
      [1840, 1722, 1698, 1804, 2233, 2910, 1204],
    ],
    { rows: 13_411 },
  ),
};

const operators: [string | null, number][] = [
  ['AMERICAN AIRLINES', 2171],
  ['US AIRWAYS*', 1084],
  ['DELTA AIR LINES', 865],
  ['SOUTHWEST AIRLINES', 845],
  ['MILITARY', 829],
  ['UNITED AIRLINES', 534],
  ['BUSINESS', 371],
  ['FEDEX EXPRESS', 365],
  ['AMERICA WEST AIRLINES', 275],
  [null, 257],
];

export const ranked: Specimen = {
  height: 330,
  item: item({
    panel: 'operator',
    mark: 'ranked',
    title: 'Most birdstrikes by Operator',
    encoding: { x: 'count', y: 'operator' },
    noun: 'birdstrikes',
    filter: 'operator',
  }),
  frame: frame(
    [{ name: 'operator', label: 'Operator', type: 'string' }, count],
    [operators.map((o) => o[0]), operators.map((o) => o[1])],
    { rows: 10_003, sum: 10_003, other_count: 36, other_value: 2407 },
  ),
};

export const signed: Specimen = {
  height: 250,
  item: item({
    panel: 'margin',
    mark: 'bar',
    title: 'Result by region',
    encoding: { x: 'result', y: 'region' },
    noun: 'EUR',
    format: 'currency',
    filter: 'region',
  }),
  frame: frame(
    [
      { name: 'region', label: 'Region', type: 'string' },
      { name: 'result', label: 'Result', type: 'float', unit: 'EUR' },
    ],
    [
      ['North', 'West', 'South-East', 'Middle', 'Overseas'],
      [412_500, 210_940.5, 98_233, -20_120, -140_900],
    ],
    { rows: 512 },
  ),
};

const bins: [number, number, number, number][] = (() => {
  const rnd = random(9);
  return Array.from({ length: 36 }, (_, i) => {
    const at = i * 10;
    const v = 1180 * Math.exp(-((at - 140) ** 2) / 1500) + 260 * Math.exp(-((at - 210) ** 2) / 900);
    const spike = i === 25 ? 400 : 0;
    const value = Math.round(v * (0.85 + rnd() * 0.3) + spike + rnd() * 14);
    return [at, at + 10, value, value];
  });
})();

const binColumns: Column[] = [
  { name: 'start', label: 'Speed IAS', type: 'int', unit: 'kn' },
  { name: 'end', label: 'Speed IAS', type: 'int', unit: 'kn' },
  { name: 'count', label: 'Rows', type: 'int' },
  { name: 'total', label: 'All rows', type: 'int' },
];

const turned = (rows: readonly (readonly Cell[])[]): Cell[][] =>
  (rows[0] ?? []).map((_, k) => rows.map((row) => row[k] ?? null));

export const histogram: Specimen = {
  height: 250,
  item: item({
    panel: 'speed',
    mark: 'histogram',
    title: 'Speed IAS, knots',
    encoding: { x: 'speed' },
    filter: 'speed',
  }),
  frame: frame(binColumns, turned(bins), { rows: 10_003, median: 140, empty: 2836 }),
};

export const filteredHistogram: Specimen = {
  height: 250,
  item: { ...histogram.item, panel: 'speed-filtered', title: 'Speed IAS, large birds' },
  frame: frame(
    binColumns,
    turned(
      bins.map(([from, to, , all], i) => [from, to, Math.round(all / 46 + (i > 17 && i < 26 ? 5 : 0)), all]),
    ),
    { rows: 212, median: 160, empty: 0 },
  ),
};

export const box: Specimen = {
  height: 250,
  item: item({
    panel: 'phase',
    mark: 'box',
    title: 'Speed IAS by Phase of flight',
    encoding: { x: 'median', y: 'phase' },
    filter: 'phase',
  }),
  frame: frame(
    [
      { name: 'phase', label: 'Phase of flight', type: 'string' },
      { name: 'n', type: 'int' },
      ...['low', 'q1', 'median', 'q3', 'high'].map((name) => ({ name, type: 'float', unit: 'kn' })),
    ],
    turned([
      ['Descent', 410, 160, 210, 250, 250, 285],
      ['Climb', 1702, 120, 150, 165, 200, 250],
      ['Approach', 2911, 120, 130, 140, 170, 220],
      ['Take-off run', 902, 80, 115, 125, 140, 160],
      ['Landing Roll', 1003, 76, 100, 115, 130, 140],
    ]),
    { rows: 7167 },
  ),
};

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export const heatmap: Specimen = {
  height: 250,
  item: item({
    panel: 'season',
    mark: 'heatmap',
    title: 'Season',
    encoding: { x: 'year', y: 'month' },
    noun: 'birdstrikes',
  }),
  frame: (() => {
    const x: Cell[] = [];
    const y: Cell[] = [];
    const v: Cell[] = [];
    months.forEach((_, i) => {
      x.push(1990 + Math.floor(i / 12));
      y.push(MONTHS[i % 12] ?? '');
      v.push(['Small', 'Medium', 'Large'].reduce((s, g) => s + (strikes[g]?.[i] ?? 0), 0));
    });
    return frame(
      [
        { name: 'year', label: 'Year', type: 'int', role: 'ordinal' },
        { name: 'month', label: 'Month', type: 'string', role: 'cyclic' },
        { name: 'value', label: 'Birdstrikes', type: 'int' },
      ],
      [x, y, v],
      { rows: 10_003 },
    );
  })(),
};

export const scatter: Specimen = {
  height: 340,
  item: item({
    panel: 'cost-speed',
    mark: 'scatter',
    title: 'Cost Total by Speed IAS',
    encoding: { x: 'speed', y: 'cost', color: 'size' },
    zero: false,
    filter: 'size',
  }),
  frame: (() => {
    const rnd = random(15);
    const rows: Cell[][] = [];
    for (let i = 0; i < 160; i++) {
      const g = rnd();
      const speed = Math.round((60 + rnd() * 120 + rnd() * 90) / 5) * 5;
      rows.push([
        speed,
        Math.round(10 ** (2 + rnd() * 3.2 + (g > 0.7 ? 0.7 : 0))),
        g < 0.35 ? 'Small' : g < 0.7 ? 'Medium' : 'Large',
      ]);
    }
    return frame(
      [
        { name: 'speed', label: 'Speed IAS', type: 'int', unit: 'kn' },
        { name: 'cost', label: 'Cost Total', type: 'float', unit: 'USD' },
        size,
      ],
      turned(rows),
      { rows: 160 },
    );
  })(),
};

export const binned: Specimen = {
  height: 340,
  item: item({
    panel: 'binned',
    mark: 'scatter',
    title: 'Delay by distance, all flights',
    encoding: { x: 'distance', y: 'delay' },
    zero: false,
  }),
  frame: (() => {
    const rows: Cell[][] = [];
    for (let i = 0; i < 40; i++)
      for (let j = 0; j < 40; j++) {
        const n = Math.round(9000 * Math.exp(-((i - 10) ** 2) / 60 - (j - 12 - i / 5) ** 2 / 30) - 2);
        if (n > 0) rows.push([i * 60, j * 5 - 60, n]);
      }
    return frame(
      [
        { name: 'distance', label: 'Distance', type: 'int', unit: 'mi' },
        { name: 'delay', label: 'Delay', type: 'int', unit: 'min' },
        { name: 'count', label: 'Flights', type: 'int' },
      ],
      turned(rows),
      { rows: 1_204_113, binned: true },
    );
  })(),
};

const tableColumns: Column[] = [
  { name: 'id', label: 'Order', type: 'string', role: 'id' },
  { name: 'at', label: 'Ordered at', type: 'timestamp', role: 'temporal' },
  { name: 'customer', label: 'Customer', type: 'string', role: 'nominal' },
  { name: 'region', label: 'Region', type: 'string', role: 'nominal' },
  { name: 'quantity', label: 'Quantity', type: 'int', role: 'quantitative' },
  { name: 'amount', label: 'Amount', type: 'float', unit: 'EUR', role: 'currency' },
  { name: 'margin', label: 'Margin', type: 'float', unit: 'percent', role: 'percentage' },
  { name: 'paid', label: 'Paid', type: 'bool' },
];

/** One row of a table that is as long as it is asked to be. */
export function tableRow(i: number): Cell[] {
  const rnd = random(1000 + i);
  const names = [
    'Adler & Söhne',
    'BRIGHTWATER LTD',
    'Café Lumière',
    'Dunmore',
    'Østergaard',
    '東京商事',
    'Fjord Supplies',
  ];
  const regions = ['North', 'South', 'East', 'West', null];
  const at = Date.UTC(2026, 10, 23, 16, 40) - i * 1_260_000;
  return [
    `A-${pad(90_000 - i)}`,
    new Date(at).toISOString().slice(0, 19),
    names[Math.floor(rnd() * names.length)] ?? '',
    regions[Math.floor(rnd() * regions.length)] ?? null,
    1 + Math.floor(rnd() * rnd() * 40),
    Math.round(rnd() * rnd() * 480_000) / 100,
    Math.round((rnd() * 0.5 - 0.06) * 1000) / 1000,
    rnd() > 0.2,
  ];
}

export const TABLE_ROWS = 10_003;

export const table: Specimen = {
  height: 440,
  item: item({
    panel: 'rows',
    mark: 'table',
    title: 'Rows',
    width: 8,
    encoding: { columns: tableColumns.map((c) => c.name) },
  }),
  frame: frame(tableColumns, turned(Array.from({ length: 100 }, (_, i) => tableRow(i))), {
    rows: TABLE_ROWS,
    total: TABLE_ROWS,
    sort: '-at',
  }),
};

/** A page of the rows, as the API would answer. */
export const tablePage = (
  offset: number,
  limit: number,
): Promise<{ values: Cell[][]; total: number | null }> =>
  Promise.resolve({
    values: turned(
      Array.from({ length: Math.max(0, Math.min(limit, TABLE_ROWS - offset)) }, (_, i) =>
        tableRow(offset + i),
      ),
    ),
    total: TABLE_ROWS,
  });

/** A spread for every column, of one shape by its place. */
export const tableProfile = (columns: string[]): Promise<Profile> =>
  Promise.resolve({
    rows: TABLE_ROWS,
    columns: columns.map((name, k) => ({
      name,
      empty: k === 5 ? Math.round(TABLE_ROWS * 0.28) : 0,
      distinct: k === 0 ? TABLE_ROWS : 7 + k,
      counts:
        k === 0 ? [] : Array.from({ length: 7 + k }, (_, i) => Math.round(900 / (1 + ((i * (k + 3)) % 11)))),
    })),
  });

const spark = (seed: number, n = 12) => {
  const rnd = random(seed);
  return Array.from({ length: n }, (_, i) => Math.round(40 + 30 * Math.sin(i / 2 + seed) + rnd() * 26));
};

const kpi = (
  panel: string,
  title: string,
  column: Column,
  value: number,
  facts: Partial<Facts>,
  format = '',
): Specimen => ({
  height: 84,
  item: item({ panel, mark: 'kpi', title, width: 3, encoding: { y: column.name }, format }),
  frame: frame([column], [[value]], { rows: 10_003, ...facts }),
});

/** A figure that misses its target and one of its thresholds. */
const aimed: Specimen = (() => {
  const made = kpi('kpi-aimed', 'Revenue', { name: 'revenue', type: 'float', unit: 'EUR' }, 41_250, {
    current: 10_400,
    previous: 11_200,
    period: '30d',
    spark: spark(10),
    spark_prior: spark(11),
    target: 50_000,
  });
  return {
    ...made,
    item: {
      ...made.item,
      target: 'target',
      better: 'more',
      thresholds: [{ level: 'bad', op: '<', value: 45_000 }],
    },
  };
})();

export const kpis: Specimen[] = [
  kpi('kpi-rows', 'Birdstrikes', { name: 'count', type: 'int' }, 10_003, {
    current: 1204,
    previous: 1160,
    period: '12mo',
    spark: spark(1),
    spark_prior: spark(2),
  }),
  kpi(
    'kpi-share',
    'With damage',
    { name: 'share', type: 'float' },
    0.106,
    { current: 0.104, previous: 0.117, period: '12mo', spark: spark(3), spark_prior: spark(4) },
    'percent',
  ),
  kpi('kpi-cost', 'Cost Total', { name: 'cost', type: 'float', unit: 'USD' }, 40_512_330.5, {
    current: 1_200_000,
    previous: 5_170_000,
    period: '12mo',
    spark: spark(5),
    spark_prior: spark(6),
  }),
  kpi('kpi-speed', 'Median Speed IAS', { name: 'speed', type: 'float', unit: 'kn' }, 140, {
    current: 140,
    previous: 140,
    period: '90d',
    spark: spark(7),
    spark_prior: spark(8),
  }),
  aimed,
  kpi('kpi-new', 'Wildlife Species', { name: 'species', type: 'int' }, 37, { spark: spark(9) }),
];

export const many: Specimen = {
  height: 250,
  item: item({
    panel: 'many',
    mark: 'column',
    title: 'Revenue, column by column',
    encoding: { x: 'flight_date', y: 'revenue', color: 'channel' },
    noun: 'revenue',
    format: 'currency',
    stack: 'zero',
    time: false,
  }),
  frame: stacked('x', 'area', 'zero', '').frame,
};

export const calendar: Specimen = {
  height: 230,
  item: item({
    panel: 'days',
    mark: 'calendar',
    title: 'Orders per day',
    width: 8,
    encoding: { x: 'flight_date', y: 'count' },
    noun: 'orders',
  }),
  frame: (() => {
    const rnd = random(31);
    const x: Cell[] = [];
    const v: Cell[] = [];
    for (let i = 0; i < 330; i++) {
      const at = Date.UTC(2026, 0, 5 + i);
      const weekend = new Date(at).getUTCDay() % 6 === 0;
      if (i > 210 && i < 222) continue;
      x.push(new Date(at).toISOString().slice(0, 10));
      v.push(Math.round((weekend ? 18 : 60) * (0.7 + rnd() * 0.6) * (1 + i / 500)));
    }
    return frame([month, { name: 'count', label: 'Orders', type: 'int' }], [x, v], { rows: 18_022 });
  })(),
};

export const donut: Specimen = {
  height: 230,
  item: item({
    panel: 'donut',
    mark: 'donut',
    title: 'Orders by channel',
    encoding: { x: 'count', y: 'channel' },
    noun: 'orders',
    filter: 'channel',
  }),
  frame: frame(
    [
      { name: 'channel', label: 'Channel', type: 'string' },
      { name: 'count', label: 'Orders', type: 'int' },
    ],
    [
      ['Web', 'Shop', 'Partner', 'Phone'],
      [6201, 3022, 1108, 420],
    ],
    { rows: 10_751, sum: 10_751 },
  ),
};

export const candles: Specimen = {
  height: 250,
  item: item({
    panel: 'price',
    mark: 'candlestick',
    title: 'Share price',
    encoding: { x: 'flight_date' },
    format: 'currency',
    zero: false,
  }),
  frame: (() => {
    const rnd = random(44);
    const rows: Cell[][] = [];
    let price = 182;
    for (let i = 0; i < 54; i++) {
      const at = Date.UTC(2026, 8, 1 + i);
      if (new Date(at).getUTCDay() % 6 === 0) continue;
      const open = price;
      const close = Math.round((open + (rnd() - 0.47) * 6) * 100) / 100;
      const high = Math.round((Math.max(open, close) + rnd() * 2.5) * 100) / 100;
      const low = Math.round((Math.min(open, close) - rnd() * 2.5) * 100) / 100;
      rows.push([new Date(at).toISOString().slice(0, 10), open, high, low, close]);
      price = close;
    }
    return frame(
      [month, ...['open', 'high', 'low', 'close'].map((name) => ({ name, type: 'float', unit: 'USD' }))],
      turned(rows),
      { rows: rows.length },
    );
  })(),
};

export const note: Specimen = {
  height: 150,
  item: item({ panel: 'note', mark: 'text', title: 'About these numbers', width: 4 }),
  frame: frame(
    [{ name: 'text', type: 'string' }],
    [
      [
        'Strikes are reported by pilots and airports; a report is optional, so quiet places may only be silent ones.\n\nCosts are in dollars of the year of the strike.',
      ],
    ],
  ),
};

export const mystery: Specimen = {
  height: 230,
  item: { ...donut.item, panel: 'mystery', mark: 'sankey', title: 'A mark of tomorrow' },
  frame: donut.frame,
};
