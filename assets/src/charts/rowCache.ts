/** Rows of a table that scrolling has fetched, by their number, within a bound. */
import type { Cell } from '../wire';

/** Rows that one request asks for. */
export const PAGE = 100;
/** Rows that are kept: some windows up and down, whatever the table's length. */
const MOST = 4000;

export class RowCache {
  /** By number less `moved`, so that rows coming in above cost nothing. */
  #rows = new Map<number, Cell[]>();
  #moved = 0;

  get(row: number): Cell[] | undefined {
    return this.#rows.get(row - this.#moved);
  }

  /** Rows from `offset` on, columnar as they came; those that lie farthest from there make room. */
  put(offset: number, values: readonly Cell[][]): void {
    const n = values[0]?.length ?? 0;
    for (let i = 0; i < n; i++)
      this.#rows.set(
        offset + i - this.#moved,
        values.map((column) => column[i] ?? null),
      );
    if (this.#rows.size <= MOST) return;
    const middle = offset - this.#moved + n / 2;
    for (const key of this.#rows.keys()) if (Math.abs(key - middle) > MOST / 2) this.#rows.delete(key);
  }

  /** Rows came in (or went) above everything that is kept: the same rows have other numbers now. */
  shift(by: number): void {
    this.#moved += by;
  }

  clear(): void {
    this.#rows.clear();
    this.#moved = 0;
  }

  get size(): number {
    return this.#rows.size;
  }
}
