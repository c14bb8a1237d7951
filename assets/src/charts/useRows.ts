import { useEffect, useRef, useState } from 'preact/hooks';
import type { Cell, Frame } from '../wire';
import type { MarkProps } from './mark';
import { PAGE, RowCache } from './rowCache';

/** Rows beyond the window that a refresh asks for as well: so far a row may have moved and is still found again. */
const AROUND = 60;

interface Asked {
  frame: Frame;
  /** The rows that are here without asking: those of the frame, in the order that is shown; null: none. */
  first: Cell[][] | null;
  /** How many rows scrolling would reach; null: the answer tells. */
  total: number | null;
  order: string;
  search: string;
  fetchRows: MarkProps['fetchRows'];
  from: number;
  to: number;
  /** The first row under the eye that has to stay there while rows come and go above it; null: the beginning is wanted. */
  anchor: number | null;
  /** The rows have moved down by so many. */
  onShift: (by: number) => void;
}

export interface Rows {
  total: number;
  /** A cell, undefined while its page is on the way. */
  cell: (row: number, column: number) => Cell | undefined;
  has: (row: number) => boolean;
  /** Nothing is known of the answer yet. */
  waiting: boolean;
  shift: (by: number) => void;
}

/** How far the rows from `anchor` on have moved: the first of them that is among the new ones, unchanged, tells. */
export function movedBy(
  cache: RowCache,
  anchor: number,
  offset: number,
  values: readonly (readonly Cell[])[],
): number {
  const n = values[0]?.length ?? 0;
  const places = new Map<string, number[]>();
  for (let i = 0; i < n; i++) {
    const key = JSON.stringify(values.map((column) => column[i] ?? null));
    const list = places.get(key);
    if (list) list.push(offset + i);
    else places.set(key, [offset + i]);
  }
  for (let r = anchor; r < anchor + 20; r++) {
    const row = cache.get(r);
    const list = row && places.get(JSON.stringify(row));
    // Of equal rows the nearest is meant.
    if (list)
      return list.reduce(
        (best, p) => (Math.abs(p - r) < Math.abs(best) ? p - r : best),
        Number.POSITIVE_INFINITY,
      );
  }
  return 0;
}

/**
 * The rows of a table: those that came with the frame, and those that scrolling fetches. When the data changed, those in
 * view are asked for again; they stay as they were until the answer comes, and then stay under the eye.
 */
export function useRows(asked: Asked): Rows {
  const { frame, first, total, order, search, fetchRows, from, to } = asked;
  const cache = useRef(new RowCache());
  const state = useRef({
    key: '',
    fetchRows,
    /** Of the data, and of the rows that are kept. */
    generation: 0,
    kept: 0,
    revision: -1,
    waiting: new Set<number>(),
    refreshing: false,
    total: null as number | null,
  });
  const [, redraw] = useState(0);
  const s = state.current;
  const key = `${order}\n${search}`;
  if (s.key !== key || s.fetchRows !== fetchRows) {
    s.key = key;
    s.fetchRows = fetchRows;
    s.kept = ++s.generation;
    s.waiting.clear();
    s.refreshing = false;
    s.total = null;
    cache.current.clear();
  }
  if (s.revision !== frame.revision) {
    s.revision = frame.revision;
    s.generation++;
  }
  const here = first ? (first[0]?.length ?? 0) : 0;
  const known = total ?? s.total;
  const most = Math.max(known ?? (fetchRows ? 1 : 0), here);
  const newest = useRef({ ...asked, most, here });
  newest.current = { ...asked, most, here };

  useEffect(() => {
    if (!fetchRows || (total !== null && here >= total)) return;
    const same = () => s.key === key && s.fetchRows === fetchRows;
    const took = (got: { total: number | null }) => {
      if (got.total !== null) s.total = got.total;
      redraw((n) => n + 1);
    };
    if (s.kept !== s.generation && cache.current.size === 0) s.kept = s.generation;
    if (s.kept !== s.generation && !s.refreshing) {
      const { generation } = s;
      const offset = Math.max(0, from - AROUND);
      s.refreshing = true;
      fetchRows(offset, Math.min(to + AROUND, most + AROUND) - offset, order, search)
        .then((got) => {
          if (!same()) return;
          s.refreshing = false;
          s.kept = generation;
          const { anchor, onShift, here } = newest.current;
          // Rows that came with the frame have been put in their place by it.
          const by =
            anchor === null || anchor < here ? 0 : movedBy(cache.current, anchor, offset, got.values);
          s.waiting.clear();
          cache.current.clear();
          cache.current.put(offset, got.values);
          if (by) onShift(by);
          took(got);
        })
        .catch(() => {
          // The rows stay as they were; the next update asks anew.
          if (!same()) return;
          s.refreshing = false;
          s.kept = generation;
        });
      return;
    }
    if (s.refreshing) return;
    const last = Math.min(to, most) - 1;
    for (let page = Math.floor(from / PAGE); page * PAGE <= last; page++) {
      const end = Math.min(last, page * PAGE + PAGE - 1);
      let row = Math.max(from, page * PAGE, here);
      while (row <= end && cache.current.get(row)) row++;
      if (row > end || s.waiting.has(page)) continue;
      const { generation } = s;
      s.waiting.add(page);
      fetchRows(page * PAGE, PAGE, order, search)
        .then((got) => {
          if (!same() || !s.waiting.delete(page)) return;
          // Rows of before a change are not mixed with those of after it.
          if (generation === s.kept) cache.current.put(page * PAGE, got.values);
          took(got);
        })
        .catch(() => {
          // The rows stay blank; scrolling there again, or the next update, asks anew.
          if (same()) s.waiting.delete(page);
        });
    }
  });

  return {
    total: known ?? here,
    waiting: known === null && here === 0,
    cell: (row, column) => (row < here ? first?.[column]?.[row] : cache.current.get(row)?.[column]),
    has: (row) => row < here || cache.current.get(row) !== undefined,
    shift: (by) => cache.current.shift(by),
  };
}
