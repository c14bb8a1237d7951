/** The natural order of the values of an axis. */
import { parseTime } from '../lib/time';
import type { Cell, Column } from '../wire';
import { filterText, isNumeric, isTime } from './read';

const CYCLES = [
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ['jan', 'feb', 'mär', 'apr', 'mai', 'jun', 'jul', 'aug', 'sep', 'okt', 'nov', 'dez'],
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  ['mo', 'di', 'mi', 'do', 'fr', 'sa', 'so'],
  ['q1', 'q2', 'q3', 'q4'],
];

/** Position of every text in one cycle of names, or null where some are no part of it. Longer names count by their start. */
function cyclic(texts: readonly string[]): number[] | null {
  for (const cycle of CYCLES) {
    const at = texts.map((text) => {
      const low = text.toLowerCase();
      return cycle.findIndex((name) => low === name || (name.length > 2 && low.startsWith(name)));
    });
    if (at.length && at.every((i) => i >= 0)) return at;
  }
  return null;
}

/** Is this an axis that has an order of its own, so that neighbouring values belong together? */
export function ordered(cells: readonly Cell[], column: Column): boolean {
  return (
    isNumeric(column.type) ||
    isTime(column.type) ||
    column.role === 'ordinal' ||
    column.role === 'cyclic' ||
    cyclic(cells.map(filterText)) !== null
  );
}

/**
 * The different values of a column in their natural order: numbers and times by size, names of months and weekdays by
 * the calendar, any other text as the frame first names it. The empty value comes last.
 */
export function distinct(cells: readonly Cell[], column: Column): Cell[] {
  const seen = new Map<string, Cell>();
  for (const cell of cells) {
    const key = filterText(cell);
    if (!seen.has(key)) seen.set(key, cell);
  }
  const empty = seen.get('');
  const hadEmpty = seen.delete('');
  const values = [...seen.values()];
  const by = (key: (cell: Cell) => number) => values.sort((a, b) => key(a) - key(b));
  if (isNumeric(column.type)) by(Number);
  else if (isTime(column.type)) by(parseTime);
  else {
    const at = cyclic([...seen.keys()]);
    if (at) {
      const place = new Map([...seen.keys()].map((key, i) => [key, at[i] ?? 0]));
      by((cell) => place.get(filterText(cell)) ?? 0);
    }
  }
  return hadEmpty ? [...values, empty ?? null] : values;
}
