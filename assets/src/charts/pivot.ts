/** From the long form of a frame (x, colour, y, one row per pair) to one array per colour. */
import { t } from '../lib/words';
import type { Cell, Frame, Item } from '../wire';
import { GREY, palette, SLOTS } from './colour';
import { additive, col, factsOf, filterText, nameOf, numOrNull } from './read';

export interface Group {
  /** The filter's spelling of the value; null where the chart is not split or the group is what is left over. */
  value: string | null;
  name: string;
  /** Slot of the palette. */
  slot: number;
  values: (number | null)[];
  /** Row of the frame behind each value, −1 where there is none. */
  rows: number[];
}

export interface Wide {
  /** The different cells of x in the frame's order. */
  x: Cell[];
  groups: Group[];
  /** Groups that were folded into the last one, or left out where their values do not add up. */
  left: number;
}

/** How the server names the colours beyond its limit. */
const REST = '\u2026';

/** Groups that are drawn each for itself; more of them fold into "Other". */
const MOST = SLOTS - 1;

/**
 * Groups keep the order in which the frame first names them. Where two rows fall on one place, as when the server has
 * already folded a rest, the later one wins. Beyond eight colours the seven largest stay and the rest becomes "Other",
 * but only for a measure that adds up. Points of rows have each a place of its own, though two be of one x. `along` are
 * places that are there even where the frame has no row.
 */
export function pivot(frame: Frame, item: Item, along: readonly Cell[] = []): Wide {
  const { x: xName, y: yName, color } = item.encoding;
  const xs = col(frame, xName, 0);
  const ys = col(frame, yName, frame.columns.length - 1);
  const by = color ? col(frame, color, frame.columns.length > 2 ? 1 : undefined) : null;
  const place = new Map<string, number>();
  const x: Cell[] = item.points ? [...xs.cells] : [...along];
  if (!item.points) for (const [i, cell] of x.entries()) place.set(filterText(cell), i);
  const at = xs.cells.map((cell, row) => {
    if (item.points) return row;
    const key = filterText(cell);
    let i = place.get(key);
    if (i === undefined) {
      i = x.length;
      place.set(key, i);
      x.push(cell);
    }
    return i;
  });
  const found = new Map<string, Group>();
  at.forEach((i, row) => {
    const cell = by ? (by.cells[row] ?? null) : null;
    const key = by ? filterText(cell) : '';
    let group = found.get(key);
    if (!group) {
      const rest = by !== null && key === REST;
      group = {
        value: by && !rest ? key : null,
        name: rest ? t('other', { n: factsOf(frame).other_count ?? 0 }) : by ? nameOf(cell, by.spec) : '',
        slot: by ? GREY : 1,
        values: new Array<number | null>(x.length).fill(null),
        rows: new Array<number>(x.length).fill(-1),
      };
      found.set(key, group);
    }
    group.values[i] = numOrNull(ys.cells[row]);
    group.rows[i] = row;
  });
  // What is left over stands last, on top of a stack.
  let groups = [...found.values()].sort((a, b) => Number(isRest(a)) - Number(isRest(b)));
  let left = 0;
  if (by && groups.length > SLOTS) {
    const size = (g: Group) => g.values.reduce<number>((s, v) => s + Math.abs(v ?? 0), 0);
    const ranked = [...groups].sort((a, b) => size(b) - size(a));
    const kept = new Set(ranked.slice(0, MOST));
    const rest = groups.filter((g) => !kept.has(g));
    left = rest.length;
    groups = groups.filter((g) => kept.has(g));
    if (additive(item)) groups.push(fold(rest, x.length));
  }
  if (by) {
    const slots = palette(
      by.name,
      groups.flatMap((g) => (g.value === null ? [] : [g.value])),
    );
    for (const g of groups) if (g.value !== null) g.slot = slots.get(g.value) ?? GREY;
  }
  return { x, groups, left };
}

const isRest = (g: Group): boolean => g.value === null;

function fold(rest: Group[], n: number): Group {
  const values = Array.from({ length: n }, (_, i) => {
    let sum: number | null = null;
    for (const g of rest) {
      const v = g.values[i];
      if (v != null) sum = (sum ?? 0) + v;
    }
    return sum;
  });
  return {
    value: null,
    name: t('other', { n: rest.length }),
    slot: GREY,
    values,
    rows: new Array(n).fill(-1),
  };
}

export interface Layer {
  lower: (number | null)[];
  upper: (number | null)[];
}

/**
 * Groups one upon the other, the first at the bottom. A missing value is nothing there, so it does not cut a hole into
 * those above; negative values stack downwards. With `normalize` every place fills the span from 0 to 1.
 */
export function stack(groups: readonly Group[], mode: string, hidden?: ReadonlySet<number>): Layer[] {
  const n = groups[0]?.values.length ?? 0;
  const up = new Array<number>(n).fill(0);
  const down = new Array<number>(n).fill(0);
  const totals =
    mode === 'normalize'
      ? Array.from({ length: n }, (_, i) =>
          groups.reduce((s, g, k) => s + (hidden?.has(k) ? 0 : Math.abs(g.values[i] ?? 0)), 0),
        )
      : null;
  return groups.map((g, k) => {
    const lower: number[] = [];
    const upper: number[] = [];
    for (let i = 0; i < n; i++) {
      let v = hidden?.has(k) ? 0 : (g.values[i] ?? 0);
      if (totals) v = totals[i] ? v / (totals[i] ?? 1) : 0;
      const base = v < 0 ? down : up;
      lower.push(base[i] ?? 0);
      base[i] = (base[i] ?? 0) + v;
      upper.push(base[i] ?? 0);
    }
    return { lower, upper };
  });
}
