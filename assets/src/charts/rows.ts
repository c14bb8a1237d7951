/** The order of a table's rows, and how rows are copied. */
import { joinList, splitList } from '../lib/list';
import type { Cell, Frame } from '../wire';
import { filterText, height, isNumeric, isTime, num } from './read';

export interface Order {
  column: string;
  down: boolean;
}

/** Reads an order as it travels: a list of columns, a minus for the largest first. */
export const readOrder = (sort: string): Order[] =>
  splitList(sort)
    .filter(Boolean)
    .map((text) => ({ column: text.replace(/^-/, ''), down: text.startsWith('-') }));

export const writeOrder = (order: readonly Order[]): string =>
  order.map((o) => (o.down ? '-' : '') + joinList([o.column])).join(',');

/**
 * The order after a click on a column's head. A column comes first in its own best direction, then in the other, and
 * then leaves; with `add` it joins the columns before it.
 */
export function nextOrder(
  order: readonly Order[],
  column: string,
  downFirst: boolean,
  add: boolean,
): Order[] {
  const old = order.find((o) => o.column === column);
  const others = add ? order.filter((o) => o.column !== column) : [];
  // Alone or among others: a click on a column that was one of several makes it the only one.
  if (!old || (!add && order.length > 1)) return [...others, { column, down: downFirst }];
  const turned = { column, down: !downFirst };
  if (old.down !== downFirst) return others;
  return add ? order.map((o) => (o.column === column ? turned : o)) : [turned];
}

/** Orders the rows of a whole frame; nulls are last in both directions, equal rows keep their place. */
export function sortLocally(frame: Frame, sort: string): Cell[][] {
  const orders = readOrder(sort).map((o) => comparison(frame, o));
  const by = orders.filter((c) => c !== null);
  if (!by.length) return frame.values;
  const order = Array.from({ length: height(frame) }, (_, i) => i).sort((i, j) => {
    for (const compare of by) {
      const d = compare(i, j);
      if (d) return d;
    }
    return i - j;
  });
  return frame.values.map((values) => order.map((i) => values[i] ?? null));
}

/** How two rows stand to one another by one column; null where the frame lacks it. */
function comparison(frame: Frame, { column: name, down }: Order): ((i: number, j: number) => number) | null {
  const at = frame.columns.findIndex((c) => c.name === name);
  const column = frame.columns[at];
  const cells = frame.values[at];
  if (!column || !cells) return null;
  const sign = down ? -1 : 1;
  const compare = isNumeric(column.type)
    ? (a: Cell, b: Cell) => num(a) - num(b)
    : isTime(column.type)
      ? (a: Cell, b: Cell) => (filterText(a) < filterText(b) ? -1 : filterText(a) > filterText(b) ? 1 : 0)
      : (a: Cell, b: Cell) => filterText(a).localeCompare(filterText(b));
  return (i, j) => {
    const a = cells[i] ?? null;
    const b = cells[j] ?? null;
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    return sign * compare(a, b);
  };
}

/** Tabs and line breaks within a cell would break the grid of a paste: they become spaces. */
export const tsv = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => cells.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');

/**
 * How far the rows moved that stand at `at` and below: rows that came in above push them down. The nearest row of
 * before that is in the new frame unchanged tells; 0 where nothing does.
 */
export function shiftOf(before: Frame, after: Frame, at: number): number {
  const n = height(before);
  const m = height(after);
  if (before.columns.length !== after.columns.length || !n || !m) return 0;
  const key = (frame: Frame, row: number) =>
    JSON.stringify(frame.values.map((column) => column[row] ?? null));
  const places = new Map<string, number[]>();
  for (let r = 0; r < m; r++) {
    const k = key(after, r);
    const list = places.get(k);
    if (list) list.push(r);
    else places.set(k, [r]);
  }
  for (let r = at; r < n; r++) {
    const list = places.get(key(before, r));
    if (list)
      return list.reduce(
        (best, p) => (Math.abs(p - r) < Math.abs(best) ? p - r : best),
        Number.POSITIVE_INFINITY,
      );
  }
  return 0;
}
