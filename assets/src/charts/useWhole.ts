import { useEffect, useRef, useState } from 'preact/hooks';
import type { Frame } from '../wire';
import type { Changes, MarkProps } from './mark';
import { filterText } from './read';

/** Categories that a list shows when the viewer asks for more. */
const MOST = 500;

/** What differs between two answers of one list, category by category. */
function compare(old: Frame, next: Frame): Changes {
  const before = new Map(
    (old.values[0] ?? []).map((name, i) => [filterText(name), old.values[1]?.[i] ?? null]),
  );
  const cells = new Map<number, unknown>();
  const inserted = new Set<number>();
  (next.values[0] ?? []).forEach((name, i) => {
    const was = before.get(filterText(name));
    if (was === undefined) inserted.add(i);
    else if (was !== (next.values[1]?.[i] ?? null)) cells.set(i, was);
  });
  const column = next.columns[1]?.name ?? '';
  return { inserted, cells: new Map([[column, cells]]), removed: 0, at: performance.now() };
}

/** A list with all its categories, while it is open: asked for again with every change of the frame it continues. */
export function useWhole(props: MarkProps, open: boolean): { frame: Frame; changes: Changes | null } | null {
  const { frame, fetchWhole } = props;
  const [got, setGot] = useState<{ frame: Frame; changes: Changes | null } | null>(null);
  const running = useRef(false);
  const wanted = useRef(0);
  useEffect(() => {
    if (!open || !fetchWhole) {
      setGot(null);
      return;
    }
    const turn = ++wanted.current;
    const ask = () => {
      running.current = true;
      fetchWhole(MOST)
        .then((next) => setGot((old) => ({ frame: next, changes: old ? compare(old.frame, next) : null })))
        .catch(() => {
          // The short list stays; the next change asks again.
        })
        .finally(() => {
          running.current = false;
          if (turn !== wanted.current) ask();
        });
    };
    if (!running.current) ask();
  }, [open, fetchWhole, frame.revision]);
  return open ? got : null;
}
