/** What differs between two moments of one panel, in the shape in which a patch tells what it did. */
import type { Changes } from '../charts/mark';
import type { Cell, Frame, Item } from '../wire';

/** How many leading columns name a row of a mark's frame; all of them where a row is only itself. */
function keysOf(mark: string, item: Item, frame: Frame): number {
  switch (mark) {
    case 'kpi':
      return 0;
    case 'heatmap':
    case 'pivot':
      return 2;
    case 'line':
    case 'area':
    case 'column':
      return item.encoding.color ? 2 : 1;
    case 'scatter':
      return frame.facts?.binned ? 2 : frame.columns.length;
    case 'table':
    case 'text':
      return frame.columns.length;
    default:
      return 1;
  }
}

const keyOf = (frame: Frame, row: number, n: number) =>
  JSON.stringify(frame.values.slice(0, n).map((column) => column[row] ?? null));

export function difference(item: Item, before: Frame | undefined, after: Frame | undefined): Changes | null {
  if (!before || !after || before.columns.length !== after.columns.length) return null;
  const n = keysOf(item.mark, item, after);
  const places = new Map<string, number[]>();
  const rows = before.values[0]?.length ?? 0;
  for (let r = 0; r < rows; r++) {
    const key = keyOf(before, r, n);
    const list = places.get(key);
    if (list) list.push(r);
    else places.set(key, [r]);
  }
  const inserted = new Set<number>();
  const cells = new Map<string, Map<number, Cell>>();
  const length = after.values[0]?.length ?? 0;
  for (let r = 0; r < length; r++) {
    const old = places.get(keyOf(after, r, n))?.shift();
    if (old === undefined) {
      inserted.add(r);
      continue;
    }
    for (let c = n; c < after.columns.length; c++) {
      const was = before.values[c]?.[old] ?? null;
      if (was === (after.values[c]?.[r] ?? null)) continue;
      const name = after.columns[c]?.name ?? '';
      const column = cells.get(name) ?? new Map<number, Cell>();
      column.set(r, was);
      cells.set(name, column);
    }
  }
  const removed = [...places.values()].reduce((s, list) => s + list.length, 0);
  return { inserted, cells, removed, at: after.revision, held: true };
}

export const differs = (c: Changes | null): boolean =>
  c !== null && (c.inserted.size > 0 || c.removed > 0 || [...c.cells.values()].some((m) => m.size > 0));
