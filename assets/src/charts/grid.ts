/** A frame of x, y and a magnitude as a rectangle of cells, for heatmaps and calendars. */
import { bucketLabel, bucketShort, type Grain, inferGrain, isGrain, parseTime } from '../lib/time';
import type { Cell, Frame, Item, TimeAxis } from '../wire';
import { distinct } from './order';
import { col, filterText, isTime, magnitude, nameOf, numOrNull, zoneOf } from './read';

export interface Side {
  cells: Cell[];
  /** Filter spelling. */
  keys: string[];
  short: string[];
  long: string[];
}

export interface Grid {
  x: Side;
  y: Side;
  /** values[y][x]; null where the frame has no row: outside the data. */
  values: (number | null)[][];
  /** rows[y][x] of the frame, −1 where there is none. */
  rows: number[][];
  max: number;
  min: number;
}

/**
 * A heatmap of categories filters by one of them; one that has no filter is the calendar's: months within years, or hours
 * within weekdays. Its integers then are the parts of the calendar, unless the column says it itself.
 */
function calendarRole(frame: Frame, item: Item, at: 0 | 1): string | undefined {
  const [x, y] = [col(frame, item.encoding.x, 0), col(frame, item.encoding.y, 1)];
  const own = (at === 0 ? x : y).spec;
  if ((item.mark !== 'heatmap' && item.mark !== 'pivot') || item.filter || own.role || own.type !== 'int')
    return own.role;
  if (at === 0) return y.spec.type === 'int' ? 'hour_of_day' : undefined;
  if (!isTime(x.spec.type)) return x.spec.type === 'int' ? 'day_of_week' : undefined;
  return inferGrain(distinct(x.cells, x.spec).map(parseTime)) === 'year' ? 'month_of_year' : 'day_of_week';
}

function side(frame: Frame, item: Item, name: string | undefined, at: 0 | 1, time: TimeAxis | null): Side {
  const found = col(frame, name, at);
  const role = calendarRole(frame, item, at);
  const column = role ? { ...found, spec: { ...found.spec, role } } : found;
  const cells = distinct(column.cells, column.spec);
  const keys = cells.map(filterText);
  if (!isTime(column.spec.type)) {
    const names = cells.map((cell) => nameOf(cell, column.spec));
    return { cells, keys, short: names, long: names };
  }
  const ms = cells.map(parseTime);
  const zone = zoneOf(column.spec, item, time);
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(ms);
  return {
    cells,
    keys,
    short: ms.map((v) => bucketShort(v, grain, zone)),
    long: ms.map((v) => bucketLabel(v, grain, zone)),
  };
}

export function grid(frame: Frame, item: Item, time: TimeAxis | null): Grid {
  const x = side(frame, item, item.encoding.x, 0, time);
  const y = side(frame, item, item.encoding.y, 1, time);
  const xAt = new Map(x.keys.map((key, i) => [key, i]));
  const yAt = new Map(y.keys.map((key, i) => [key, i]));
  const values = y.keys.map(() => new Array<number | null>(x.keys.length).fill(null));
  const rows = y.keys.map(() => new Array<number>(x.keys.length).fill(-1));
  const xs = col(frame, item.encoding.x, 0).cells;
  const ys = col(frame, item.encoding.y, 1).cells;
  const size = magnitude(frame, item).cells;
  let max = Number.NEGATIVE_INFINITY;
  let min = Number.POSITIVE_INFINITY;
  for (let row = 0; row < xs.length; row++) {
    const c = xAt.get(filterText(xs[row]));
    const r = yAt.get(filterText(ys[row]));
    if (c === undefined || r === undefined) continue;
    const v = numOrNull(size[row]);
    const line = values[r];
    const back = rows[r];
    if (line) line[c] = v;
    if (back) back[c] = row;
    if (v !== null) {
      max = Math.max(max, v);
      min = Math.min(min, v);
    }
  }
  return { x, y, values, rows, max: Number.isFinite(max) ? max : 1, min: Number.isFinite(min) ? min : 0 };
}

export const STEPS = 7;

/** The step of the sequential ramp for a value between two bounds. */
export const rampStep = (v: number, [low, high]: readonly [number, number]): number =>
  Math.max(0, Math.min(STEPS - 1, Math.floor(((v - low) / (high - low || 1)) * STEPS)));

/**
 * The bounds of the ramp: counts from zero, other measures between their own bounds. Where even the least count is more
 * than half of the most, a ramp from zero would be one shade, so it starts at the least; the legend names both ends.
 */
export const rampDomain = (min: number, max: number, zero: boolean): readonly [number, number] =>
  (zero && min <= max / 2) || min === max ? [Math.min(0, min), Math.max(max, 1e-9)] : [min, max];
