/** Small multiples: a frame that is parted by a column into charts of one scale, computed without a picture. */
import { bucketLabel, cellTime, type Grain, inferGrain, isGrain, parseTime } from '../lib/time';
import type { Cell, Frame, Item, TimeAxis } from '../wire';
import type { Domain } from './axis';
import { type Group, type Layer, pivot, stack } from './pivot';
import { additive, type Col, col, factsOf, filterText, isNumeric, isTime, nameOf, num, zoneOf } from './read';

/** One of the small charts. */
export interface Mini {
  /** The filter's spelling of its value; "" is the empty cell. */
  value: string;
  name: string;
  groups: Group[];
  /** What is drawn of each group: its values from zero, or its part of a stack. */
  layers: Layer[];
  /** Rows of the frame that it is made of; of points, one a place. */
  rows: number[];
}

export interface Facets {
  kind: 'time' | 'number' | 'category';
  /** The cells along the shared axis and where they stand on it. */
  x: Cell[];
  at: number[];
  minis: Mini[];
  bounds: Domain;
  /** First bucket that still grows, −1 where all are complete. */
  partial: number;
  zone: string;
  label: (i: number) => string;
  y: Col;
  /** Columns of several groups stand beside one another where they do not add up to one. */
  beside: boolean;
}

/** The rows of a frame at these positions. */
const only = (frame: Frame, rows: readonly number[]): Frame => ({
  ...frame,
  values: frame.values.map((cells) => rows.map((r) => cells[r] ?? null)),
});

/** The rows of each small chart, in the order that the server names: the largest first. */
export function parted(frame: Frame, item: Item): { value: string; name: string; rows: number[] }[] {
  const by = col(frame, item.encoding.facet);
  const found = new Map<string, number[]>();
  for (const value of factsOf(frame).facets ?? []) found.set(value, []);
  by.cells.forEach((cell, row) => {
    const key = filterText(cell);
    const rows = found.get(key);
    if (rows) rows.push(row);
    else found.set(key, [row]);
  });
  return [...found]
    .filter(([, rows]) => rows.length > 0)
    .map(([value, rows]) => ({ value, name: nameOf(by.cells[rows[0] ?? 0], by.spec), rows }));
}

/**
 * Every chart has the whole of the axis, so that one place means the same in all of them; they come in the order that the
 * server names, the largest first.
 */
export function facets(frame: Frame, item: Item, time: TimeAxis | null): Facets {
  const bars = item.mark === 'bar';
  // Bars lie on their side: what stands along the shared axis is their category.
  const plain: Item = bars
    ? { ...item, encoding: { x: item.encoding.y ?? '', y: item.encoding.x ?? '' } }
    : item;
  const xs = col(frame, plain.encoding.x, 0);
  const y = col(frame, plain.encoding.y, frame.columns.length - 1);
  const banded = bars || item.mark === 'column';
  const kind = banded
    ? 'category'
    : isTime(xs.spec.type)
      ? 'time'
      : isNumeric(xs.spec.type)
        ? 'number'
        : 'category';
  // Points of rows have places of their own in each chart; buckets and categories are the same in all.
  const x = item.points ? [...xs.cells] : [...new Map(xs.cells.map((c) => [filterText(c), c])).values()];
  if (!item.points && kind !== 'category') x.sort((a, b) => place(a, kind) - place(b, kind));
  const mode =
    item.stack ?? ((item.mark === 'area' || item.mark === 'column') && additive(item) ? 'zero' : '');
  const minis: Mini[] = [];
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { value, name, rows } of parted(frame, item)) {
    const { groups } = pivot(only(frame, rows), plain, item.points ? undefined : x);
    const layers =
      mode && groups.length > 1
        ? stack(groups, mode)
        : groups.map((g) => ({ lower: g.values.map(() => 0), upper: g.values }));
    for (const layer of layers)
      for (const v of layer.upper) {
        if (v === null) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
    minis.push({ value, name, groups, layers, rows });
  }
  const at = kind === 'category' ? x.map((_, i) => i) : x.map((c) => place(c, kind));
  const zone = zoneOf(xs.spec, item, time);
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(at);
  const from = factsOf(frame).partial_from;
  return {
    kind,
    x,
    at,
    minis,
    bounds: mode === 'normalize' ? [0, 1] : [low, high],
    partial: from && kind === 'time' ? at.findIndex((ms) => ms >= parseTime(from)) : -1,
    zone,
    label: (i) =>
      kind === 'time' && !item.points
        ? bucketLabel(at[i] ?? 0, grain, zone)
        : kind === 'time'
          ? cellTime(String(x[i] ?? ''), xs.spec)
          : nameOf(x[i], xs.spec),
    y,
    beside: item.mark === 'column' && mode === '',
  };
}

const place = (cell: Cell, kind: Facets['kind']): number => (kind === 'time' ? parseTime(cell) : num(cell));

export interface GridPlan {
  columns: number;
  rows: number;
  width: number;
  height: number;
}

const GAP = 14;

/**
 * How many charts stand side by side: as many as have `least` pixels each, and no more than fill whole rows; none is
 * lower than can be read, even if the panel then scrolls.
 */
export function gridOf(count: number, width: number, height: number, least = 108, lowest = 78): GridPlan {
  const fit = Math.max(1, Math.min(count, Math.floor((width + GAP) / (least + GAP))));
  const rows = Math.ceil(count / fit) || 1;
  // Nine charts in a room for eight are three rows of three.
  const columns = Math.ceil(count / rows) || 1;
  return {
    columns,
    rows,
    width: Math.max(0, (width - GAP * (columns - 1)) / columns),
    height: Math.max(lowest, height / rows),
  };
}

export const gridGap = GAP;
