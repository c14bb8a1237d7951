import { useEffect, useRef, useState } from 'preact/hooks';
import type { Cell, Frame } from '../wire';
import type { MarkProps } from './mark';
import { PAGE, RowCache } from './rowCache';

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

/**
 * The rows of a table: those that came with the frame, and pages that scrolling fetches. Pages in view are asked for
 * again when the data changed, and stay as they were until the answer comes.
 */
export function useRows({ frame, first, total, order, search, fetchRows, from, to }: Asked): Rows {
  const cache = useRef(new RowCache());
  const state = useRef({
    key: '',
    fetchRows,
    generation: 0,
    revision: -1,
    of: new Map<number, number>(),
    waiting: new Set<number>(),
    total: null as number | null,
  });
  const [, redraw] = useState(0);
  const s = state.current;
  const key = `${order}\n${search}`;
  if (s.key !== key || s.fetchRows !== fetchRows) {
    s.key = key;
    s.fetchRows = fetchRows;
    s.generation++;
    s.of.clear();
    s.waiting.clear();
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

  useEffect(() => {
    if (!fetchRows || (total !== null && here >= total)) return;
    const last = Math.min(to, most) - 1;
    for (let page = Math.floor(from / PAGE); page * PAGE <= last; page++) {
      const end = Math.min(last, page * PAGE + PAGE - 1);
      if (end < here || s.of.get(page) === s.generation || s.waiting.has(page)) continue;
      const { generation, key } = s;
      const asked = fetchRows;
      s.waiting.add(page);
      fetchRows(page * PAGE, PAGE, order, search)
        .then((got) => {
          if (s.key !== key || s.fetchRows !== asked) return;
          s.waiting.delete(page);
          s.of.set(page, generation);
          cache.current.put(page * PAGE, got.values);
          if (got.total !== null) s.total = got.total;
          redraw((n) => n + 1);
        })
        .catch(() => {
          // The rows stay blank; scrolling there again, or the next update, asks anew.
          if (s.key === key && s.fetchRows === asked) s.waiting.delete(page);
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
