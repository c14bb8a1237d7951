/** The rows of a dashboard while somebody edits it: where a panel may stand, and how wide it is. */
import type { Item } from '../wire';
import type { SpecItem } from './specParts';

/** A panel as it is drawn and as it is written. */
export interface EditItem {
  panel: string;
  spec: SpecItem;
  item: Item;
}

export interface EditRow {
  height: string;
  items: EditItem[];
}

/** Where a panel is put: beside another one, or in a row of its own above or below that one's row. */
export interface Place {
  beside: string;
  side: 'left' | 'right' | 'above' | 'below';
}

export const COLUMNS = 12;
const NARROWEST = 3;
const MOST = 4;
const MOST_FIGURES = 6;

const isFigures = (row: EditRow) => row.items.length > 0 && row.items.every((i) => i.item.mark === 'kpi');

export function rowOf(rows: readonly EditRow[], panel: string): number {
  return rows.findIndex((r) => r.items.some((i) => i.panel === panel));
}

export function find(rows: readonly EditRow[], panel: string): EditItem | undefined {
  return rows.flatMap((r) => r.items).find((i) => i.panel === panel);
}

const withWidth = (i: EditItem, width: number): EditItem =>
  i.item.width === width && i.spec.width === width
    ? i
    : { ...i, spec: { ...i.spec, width }, item: { ...i.item, width } };

/** Shares the twelve columns of a row: as they were where they fill it, else equally. */
function fill(row: EditRow): EditRow {
  const n = row.items.length;
  const sum = row.items.reduce((s, i) => s + i.item.width, 0);
  if (sum === COLUMNS || (isFigures(row) && sum <= COLUMNS && sum > COLUMNS - n)) return row;
  const each = Math.floor(COLUMNS / n);
  return {
    ...row,
    items: row.items.map((i, k) => withWidth(i, k < COLUMNS - each * n && !isFigures(row) ? each + 1 : each)),
  };
}

/** May the panel stand there? Figures stand among figures, and a row holds so many and no more. */
export function mayPlace(rows: readonly EditRow[], panel: string, place: Place): boolean {
  const moving = find(rows, panel);
  const row = rows[rowOf(rows, place.beside)];
  if (!moving || !row || panel === place.beside) return false;
  if (place.side === 'above' || place.side === 'below') return true;
  if ((moving.item.mark === 'kpi') !== isFigures(row)) return false;
  const others = row.items.filter((i) => i.panel !== panel).length;
  return others < (isFigures(row) ? MOST_FIGURES : MOST);
}

/** The rows with the panel put there; the same rows where it may not stand there. */
export function put(rows: readonly EditRow[], panel: string, place: Place): readonly EditRow[] {
  const moving = find(rows, panel);
  if (!moving || !mayPlace(rows, panel, place)) return rows;
  const from = rowOf(rows, panel);
  const to = rowOf(rows, place.beside);
  const out: EditRow[] = [];
  rows.forEach((row, k) => {
    const rest = { ...row, items: row.items.filter((i) => i.panel !== panel) };
    const alone: EditRow = {
      height: moving.item.mark === 'kpi' ? 'small' : from >= 0 ? (rows[from]?.height ?? 'medium') : 'medium',
      items: [moving],
    };
    const kept = rest.items.length ? [k === from || k === to ? fill(rest) : row] : [];
    if (k !== to) out.push(...kept);
    else if (place.side === 'above') out.push(fill(alone), ...kept);
    else if (place.side === 'below') out.push(...kept, fill(alone));
    else {
      const at = rest.items.findIndex((i) => i.panel === place.beside) + (place.side === 'right' ? 1 : 0);
      const same = k === from;
      const items = [...rest.items.slice(0, at), moving, ...rest.items.slice(at)];
      // Within its row a panel keeps its width, and so do the others.
      out.push(same ? { ...row, items } : fill({ ...row, items: items.map((i) => ({ ...i })) }));
    }
  });
  return out;
}

/** One step by the arrow keys: along the row, or into the row above or below. */
export function step(rows: readonly EditRow[], panel: string, key: string): readonly EditRow[] {
  const r = rowOf(rows, panel);
  const row = rows[r];
  if (!row) return rows;
  const k = row.items.findIndex((i) => i.panel === panel);
  const neighbour = (row: EditRow | undefined, at: number) => row?.items[at]?.panel;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    const beside = neighbour(row, k + (key === 'ArrowLeft' ? -1 : 1));
    return beside ? put(rows, panel, { beside, side: key === 'ArrowLeft' ? 'left' : 'right' }) : rows;
  }
  const next = rows[r + (key === 'ArrowUp' ? -1 : 1)];
  const beside = neighbour(next, Math.min(k, (next?.items.length ?? 1) - 1));
  const inner = beside ? put(rows, panel, { beside, side: 'left' }) : rows;
  if (inner !== rows) return inner;
  if (row.items.length === 1 && !next) return rows;
  // No room there: past it, in a row of its own.
  const anchor = beside ?? neighbour(row, k === 0 ? 1 : 0);
  return anchor ? put(rows, panel, { beside: anchor, side: key === 'ArrowUp' ? 'above' : 'below' }) : rows;
}

/** Makes a panel so many columns wide; the next one in its row gives or takes the difference. */
export function resize(rows: readonly EditRow[], panel: string, width: number): readonly EditRow[] {
  const r = rowOf(rows, panel);
  const row = rows[r];
  if (!row || row.items.length < 2 || isFigures(row)) return rows;
  const k = row.items.findIndex((i) => i.panel === panel);
  const other = k + 1 < row.items.length ? k + 1 : k - 1;
  const both = (row.items[k]?.item.width ?? 0) + (row.items[other]?.item.width ?? 0);
  const next = Math.max(NARROWEST, Math.min(both - NARROWEST, Math.round(width)));
  if (next === row.items[k]?.item.width) return rows;
  const items = row.items.map((i, n) =>
    n === k ? withWidth(i, next) : n === other ? withWidth(i, both - next) : i,
  );
  return rows.map((old, n) => (n === r ? { ...old, items } : old));
}

/** Takes a panel away; the last one cannot go. */
export function remove(rows: readonly EditRow[], panel: string): readonly EditRow[] {
  if (rows.flatMap((r) => r.items).length < 2) return rows;
  return rows
    .map((row) =>
      row.items.some((i) => i.panel === panel)
        ? { ...row, items: row.items.filter((i) => i.panel !== panel) }
        : row,
    )
    .filter((row) => row.items.length)
    .map((row) => fill(row));
}

/** Puts another panel in the place of one. */
export function replace(rows: readonly EditRow[], panel: string, next: EditItem): readonly EditRow[] {
  return rows.map((row) =>
    row.items.some((i) => i.panel === panel)
      ? {
          ...row,
          items: row.items.map((i) => (i.panel === panel ? withWidth(next, i.item.width) : i)),
        }
      : row,
  );
}
