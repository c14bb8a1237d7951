/** The points of a scatter plot, by group, and whether an axis wants to be logarithmic. */
import { median } from 'd3-array';
import type { Look } from '../lib/format';
import type { Column, Frame, Item } from '../wire';
import { GREY, palette } from './colour';
import { col, factsOf, filterText, isNumeric, magnitude, nameOf, num } from './read';

export interface PointGroup {
  /** Filter spelling; null where the points are not split. */
  value: string | null;
  name: string;
  slot: number;
  points: number[];
  set: ReadonlySet<number>;
}

export interface Cloud {
  x: number[];
  y: number[];
  /** Row of the frame behind each point. */
  rows: number[];
  /** Rows per bin where the server has binned; x and y are then lower edges. */
  counts: number[] | null;
  stepX: number;
  stepY: number;
  logX: boolean;
  logY: boolean;
  /** Largest group first. */
  order: PointGroup[];
  specX: Column;
  specY: Column;
  lookX: Look;
  lookY: Look;
}

/** A span of two orders of magnitude above the median hides the rest on a linear axis. */
export function wantsLog(values: readonly number[]): boolean {
  let high = 0;
  for (const v of values) {
    if (v <= 0) return false;
    high = Math.max(high, v);
  }
  const mid = median(values) ?? 0;
  return mid > 0 && high / mid > 100;
}

/** The width of bins that are known by their lower edges: the least distance of two. */
function stepOf(values: readonly number[]): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < sorted.length; i++) least = Math.min(least, (sorted[i] ?? 0) - (sorted[i - 1] ?? 0));
  return Number.isFinite(least) ? least : 1;
}

const lookOf = (c: Column): Look => ({ type: c.type, unit: c.unit, role: c.role });

export function cloud(frame: Frame, item: Item): Cloud {
  const xs = col(frame, item.encoding.x, 0);
  const ys = col(frame, item.encoding.y, 1);
  const binned = factsOf(frame).binned === true;
  const size = binned ? magnitude(frame, { ...item, encoding: {} }) : null;
  const by = !binned && item.encoding.color ? col(frame, item.encoding.color) : null;
  const split = by !== null && by.at >= 0 && !isNumeric(by.spec.type);
  const x: number[] = [];
  const y: number[] = [];
  const rows: number[] = [];
  const counts: number[] = [];
  const groups = new Map<string, { name: string; points: number[] }>();
  for (let row = 0; row < xs.cells.length; row++) {
    const vx = num(xs.cells[row]);
    const vy = num(ys.cells[row]);
    if (!Number.isFinite(vx) || !Number.isFinite(vy)) continue;
    const cell = split ? by.cells[row] : null;
    const key = split ? filterText(cell) : '';
    let group = groups.get(key);
    if (!group) {
      group = { name: split ? nameOf(cell, by.spec) : '', points: [] };
      groups.set(key, group);
    }
    group.points.push(x.length);
    rows.push(row);
    x.push(vx);
    y.push(vy);
    if (size) counts.push(num(size.cells[row]) || 0);
  }
  const ranked = [...groups].sort((a, b) => b[1].points.length - a[1].points.length);
  const slots = split
    ? palette(
        by.name,
        ranked.map(([key]) => key),
      )
    : null;
  return {
    x,
    y,
    rows,
    counts: size ? counts : null,
    stepX: size ? stepOf(x) : 0,
    stepY: size ? stepOf(y) : 0,
    logX: !size && wantsLog(x),
    logY: !size && wantsLog(y),
    order: ranked.map(([key, g]) => ({
      value: split ? key : null,
      name: g.name,
      slot: slots ? (slots.get(key) ?? GREY) : 1,
      points: g.points,
      set: new Set(g.points),
    })),
    specX: xs.spec,
    specY: ys.spec,
    lookX: lookOf(xs.spec),
    lookY: lookOf(ys.spec),
  };
}

/** Positions of values in their order, ties sharing their mean. */
function ranks(values: readonly number[]): number[] {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const out = new Array<number>(values.length).fill(0);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && values[order[j + 1] ?? 0] === values[order[i] ?? 0]) j++;
    for (let k = i; k <= j; k++) out[order[k] ?? 0] = (i + j) / 2;
    i = j + 1;
  }
  return out;
}

/** Spearman's rank correlation: do the two rise together, however bent the line? NaN where one does not vary. */
export function spearman(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  if (n < 3) return Number.NaN;
  const a = ranks(x);
  const b = ranks(y);
  const mid = (n - 1) / 2;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    const da = (a[i] ?? 0) - mid;
    const db = (b[i] ?? 0) - mid;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  return aa && bb ? ab / Math.sqrt(aa * bb) : Number.NaN;
}
