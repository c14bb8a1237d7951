/** Small charts: one for each value of a column, of one scale. */
import type { Cell, Column } from '../wire';
import { frame, item, random, type Specimen } from './frames';

const STORES = ['Paris', 'Lyon', 'Marseille', 'Nantes', 'Lille', 'Nice'];
const store: Column = { name: 'store', label: 'Store', type: 'string' };
const facts = { rows: 4120, facets: STORES, more_facets: 3 };

const turned = (rows: readonly (readonly Cell[])[]): Cell[][] =>
  (rows[0] ?? []).map((_, k) => rows.map((row) => row[k] ?? null));

const of = (
  panel: string,
  mark: string,
  title: string,
  encoding: Specimen['item']['encoding'],
  more: Partial<Specimen['item']> = {},
): Specimen['item'] => item({ panel, mark, title, encoding: { ...encoding, facet: 'store' }, ...more });

const line: Specimen = {
  height: 300,
  item: of('small-line', 'line', 'Revenue by store over time', { x: 'bucket', y: 'revenue' }),
  frame: (() => {
    const rnd = random(5);
    const rows: Cell[][] = [];
    for (let i = 0; i < 24; i++)
      STORES.forEach((name, k) => {
        const at = `${2025 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`;
        rows.push([at, name, Math.round(900 - k * 110 + 140 * Math.sin(i / 2 + k) + rnd() * 80)]);
      });
    return frame(
      [
        { name: 'bucket', label: 'Month', type: 'date' },
        store,
        { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
      ],
      turned(rows),
      facts,
    );
  })(),
};

const histogram: Specimen = {
  height: 300,
  item: of('small-histogram', 'histogram', 'Distribution of basket by store', { x: 'start', y: 'count' }),
  frame: (() => {
    const rows: Cell[][] = [];
    STORES.forEach((name, k) => {
      for (let b = 0; b < 18; b++)
        rows.push([b * 5, b * 5 + 5, name, Math.round(120 * Math.exp(-((b - 5 - k) ** 2) / (6 + 3 * k)))]);
    });
    return frame(
      [
        { name: 'start', type: 'float', unit: 'EUR' },
        { name: 'end', type: 'float', unit: 'EUR' },
        store,
        { name: 'count', type: 'int' },
      ],
      turned(rows),
      { ...facts, median: 32 },
    );
  })(),
};

const box: Specimen = {
  height: 300,
  item: of('small-box', 'box', 'Basket by weekday and store', { y: 'day', x: 'basket' }),
  frame: (() => {
    const rows: Cell[][] = [];
    ['Sat', 'Fri', 'Mon', 'Wed'].forEach((day, d) => {
      STORES.forEach((name, k) => {
        const mid = 46 - d * 6 - k * 3;
        // A shop that is closed on a day has no box there.
        if (k !== 4 || d !== 2) rows.push([day, name, 40 + k, mid - 16, mid - 7, mid, mid + 9, mid + 24]);
      });
    });
    return frame(
      [
        { name: 'day', label: 'Weekday', type: 'string' },
        store,
        { name: 'n', type: 'int' },
        ...['low', 'q1', 'median', 'q3', 'high'].map((name) => ({ name, type: 'float', unit: 'EUR' })),
      ],
      turned(rows),
      facts,
    );
  })(),
};

const scatter: Specimen = {
  height: 300,
  item: of(
    'small-scatter',
    'scatter',
    'Basket against visit by store',
    { x: 'visit', y: 'basket', color: 'kind' },
    {
      zero: false,
    },
  ),
  frame: (() => {
    const rnd = random(23);
    const rows: Cell[][] = [];
    for (let i = 0; i < 260; i++) {
      const k = Math.floor(rnd() * STORES.length);
      const visit = 3 + rnd() * 40;
      rows.push([
        Math.round(visit),
        Math.round((8 + visit * (0.4 + k * 0.18) + rnd() * 14) * 10) / 10,
        rnd() < 0.6 ? 'Card' : 'Cash',
        STORES[k] ?? '',
      ]);
    }
    return frame(
      [
        { name: 'visit', label: 'Visit', type: 'int', unit: 'min' },
        { name: 'basket', label: 'Basket', type: 'float', unit: 'EUR' },
        { name: 'kind', label: 'Paid by', type: 'string' },
        store,
      ],
      turned(rows),
      { ...facts, rows: 260 },
    );
  })(),
};

const bar: Specimen = {
  height: 300,
  item: of('small-bar', 'bar', 'Revenue by group and store', { y: 'group', x: 'revenue' }),
  frame: (() => {
    const rows: Cell[][] = [];
    ['Coffee', 'Tea', 'Mugs', 'Kettles'].forEach((group, g) => {
      STORES.forEach((name, k) => {
        rows.push([group, name, Math.round(4200 / (g + 1) - k * 240 + ((g * 7 + k * 5) % 9) * 60)]);
      });
    });
    return frame(
      [
        { name: 'group', label: 'Group', type: 'string' },
        store,
        { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' },
      ],
      turned(rows),
      facts,
    );
  })(),
};

export const small: Specimen[] = [line, bar, histogram, box, scatter];
