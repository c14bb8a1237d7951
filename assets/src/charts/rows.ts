/** The rows of a table: those that came with the frame, and pages that scrolling has fetched. */
import type { Cell, Frame } from '../wire';
import { filterText, height, isNumeric, isTime, num } from './read';

/** Rows that one request asks for. */
export const PAGE = 100;

export type Fetch = (offset: number, limit: number, sort: string) => Promise<Cell[][]>;

export interface Rows {
  /** How many rows scrolling would reach. */
  total: number;
  /** A cell, or undefined while its page is on the way. */
  cell: (row: number, column: number) => Cell | undefined;
  has: (row: number) => boolean;
}

export interface Order {
  column: string;
  down: boolean;
}

/** Reads an order as it travels: columns by comma, a minus for the largest first. */
export const readOrder = (sort: string): Order[] =>
  sort
    .split(',')
    .filter(Boolean)
    .map((text) => ({ column: text.replace(/^-/, ''), down: text.startsWith('-') }));

export const writeOrder = (order: readonly Order[]): string =>
  order.map((o) => (o.down ? `-${o.column}` : o.column)).join(',');

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

/** Pages by number, columnar as they came. `start` tells the row at which fetched pages take over from the frame. */
export function assemble(first: Cell[][], pages: ReadonlyMap<number, Cell[][]>, total: number): Rows {
  const n = first[0]?.length ?? 0;
  const cell = (row: number, column: number): Cell | undefined => {
    if (row < n) return first[column]?.[row];
    const page = pages.get(Math.floor(row / PAGE));
    return page?.[column]?.[row % PAGE];
  };
  return {
    total: Math.max(total, n),
    cell,
    has: (row) => row < n || (pages.get(Math.floor(row / PAGE))?.[0]?.length ?? 0) > row % PAGE,
  };
}

/** The pages that a window of rows needs and that are not here yet. */
export function missing(rows: Rows, from: number, to: number): number[] {
  const out: number[] = [];
  const last = Math.min(to, rows.total) - 1;
  for (let page = Math.floor(from / PAGE); page * PAGE <= last; page++) {
    const start = Math.max(from, page * PAGE);
    const end = Math.min(last, page * PAGE + PAGE - 1);
    if (end >= start && (!rows.has(start) || !rows.has(end))) out.push(page);
  }
  return out;
}

/** Tabs and line breaks within a cell would break the grid of a paste: they become spaces. */
export const tsv = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => cells.map((text) => text.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');

/** The widest frame of a column, for the scale of its bars. */
export function scaleOf(frame: Frame, column: number): number {
  let most = 0;
  const cells = frame.values[column] ?? [];
  for (let i = 0; i < height(frame); i++) {
    const v = Math.abs(num(cells[i] ?? null));
    if (Number.isFinite(v)) most = Math.max(most, v);
  }
  return most;
}
