import type { Changes } from '../charts';
import type { Cell, Frame } from '../wire';
import type { Specimen } from './frames';

/**
 * One live change, as the stream would make it: the last number of the measure grows, and a table gets a row on top.
 * Returns the next frame and what changed, in the shape that the page's store gives to marks.
 */
export function bump(specimen: Specimen, frame: Frame, n: number): { frame: Frame; changes: Changes } {
  const at = performance.now();
  if (specimen.item.mark === 'table') {
    const values = frame.values.map((cells, k) => [
      fresh(cells[0] ?? null, frame.columns[k]?.type ?? '', n),
      ...cells,
    ]);
    return {
      frame: { ...frame, revision: frame.revision + 1, values },
      changes: { inserted: new Set([0]), cells: changed(frame, values, 'amount', [3]), removed: 0, at },
    };
  }
  const { encoding, mark } = specimen.item;
  const name =
    mark === 'histogram'
      ? 'count'
      : mark === 'box'
        ? 'q3'
        : mark === 'heatmap' || mark === 'pivot'
          ? (encoding.color ?? 'value')
          : mark === 'ranked' || mark === 'bar'
            ? (encoding.x ?? '')
            : frame.facts?.binned
              ? 'count'
              : (encoding.y ?? '');
  const k = frame.columns.findIndex((c) => c.name === name);
  const cells = frame.values[k] ?? [];
  const row =
    mark === 'line' || mark === 'area'
      ? cells.length - 1
      : mark === 'kpi'
        ? 0
        : (n * 7 + 3) % Math.max(1, cells.length);
  const old = Number(cells[row] ?? 0);
  const next = Number.isInteger(old) ? Math.round(old * 1.12) + 1 : old * 1.08;
  const values = frame.values.map((column, i) =>
    i === k ? column.map((v, j) => (j === row ? next : v)) : column,
  );
  return {
    frame: { ...frame, revision: frame.revision + 1, values },
    changes: { inserted: new Set(), cells: new Map([[name, new Map([[row, old]])]]), removed: 0, at },
  };
}

function fresh(cell: Cell, type: string, n: number): Cell {
  if (typeof cell === 'number') return Math.round(cell * 1.3 * 100) / 100 + 1;
  if (type === 'timestamp') return `2026-11-23T17:${String(n % 60).padStart(2, '0')}:12`;
  return cell;
}

function changed(
  frame: Frame,
  values: Cell[][],
  name: string,
  rows: number[],
): Map<string, Map<number, unknown>> {
  const k = frame.columns.findIndex((c) => c.name === name);
  const out = new Map<number, unknown>();
  for (const row of rows) {
    const cells = values[k];
    if (!cells) continue;
    out.set(row, cells[row]);
    cells[row] = Math.round(Number(cells[row]) * 110) / 100;
  }
  return new Map([[name, out]]);
}
