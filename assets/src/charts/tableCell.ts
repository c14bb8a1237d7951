/** The cells of a table: what kind of thing a column holds, how it reads, and how wide it wants to be. */
import { alignedFormat, type Look, kindOf as readingOf, tidy, valueText } from '../lib/format';
import { cellTime, HERE, parseTime, zoneName } from '../lib/time';
import type { Cell, Column } from '../wire';
import { TypeBool, TypeDate, TypeId, TypeNested, TypeNumber, TypeText, TypeTime } from './icons';
import { textWidth } from './measure';
import { type Col, filterText, isNumeric, isTime, labelOf, num } from './read';

export type Kind = 'text' | 'number' | 'bar' | 'date' | 'time' | 'bool' | 'nested' | 'id';

export function kindOf(column: Column): Kind {
  if (column.role === 'id') return 'id';
  if (column.type === 'nested') return 'nested';
  if (column.type === 'bool') return 'bool';
  if (isTime(column.type)) return 'date';
  if (column.type === 'time') return 'time';
  if (!isNumeric(column.type)) return 'text';
  // A number that names something (a year, a rank) has no length.
  return column.role === 'ordinal' || column.role === 'temporal' ? 'number' : 'bar';
}

export const ICONS = {
  text: TypeText,
  number: TypeNumber,
  bar: TypeNumber,
  date: TypeDate,
  time: TypeTime,
  bool: TypeBool,
  nested: TypeNested,
  id: TypeId,
};

const lookOf = (column: Column, format?: string): Look => ({
  type: column.type,
  unit: column.unit,
  role: column.role,
  format,
});

/** A cell as it is drawn. */
export function cellText(cell: Cell | undefined, column: Column, format?: string): string {
  if (cell === null || cell === undefined || cell === '') return '–';
  if (typeof cell === 'string' && isTime(column.type)) return cellTime(cell, column);
  if (typeof cell === 'number' || (typeof cell === 'string' && column.exact)) {
    if (column.exact && typeof cell === 'string') return cell;
    const year = column.role === 'temporal' || column.role === 'ordinal';
    return year ? String(cell) : valueText(num(cell), lookOf(column, format));
  }
  return typeof cell === 'string' && column.role !== 'id' ? tidy(cell) : filterText(cell);
}

/** What the pointer is told beyond the text: the zone of an instant, the whole of a long text. */
export function cellTitle(cell: Cell | undefined, column: Column): string {
  const text = filterText(cell);
  if (isTime(column.type) && column.instant && text)
    return `${text} (${HERE}, ${zoneName(parseTime(text), HERE)})`;
  return text;
}

/** Width that a column wants, from its name and its first rows, within reason. */
export function widthOf(column: Column, cells: readonly Cell[]): { min: number; grow: number } {
  const unit = headUnit(column);
  let most = textWidth(labelOf(column), 12, 500) + 54 + (unit ? textWidth(unit) + 6 : 0);
  for (let i = 0; i < Math.min(50, cells.length); i++)
    most = Math.max(most, textWidth(cellText(cells[i], column), 12) + 24);
  const kind = kindOf(column);
  // The spread of a text under its name has its number of values beside it.
  if (kind === 'text') most = Math.max(most, 118);
  const limit = kind === 'text' || kind === 'nested' ? 220 : 180;
  return { min: Math.ceil(Math.min(most, limit)), grow: kind === 'text' ? Math.min(3, most / 110) : 0.6 };
}

/** A unit that stands after the number moves into the head; money and percent keep their sign in every cell. */
export function headUnit(column: Column): string {
  const { unit } = column;
  if (!unit || kindOf(column) !== 'bar' || valueText(1, lookOf(column)) !== `1\u2009${unit}`) return '';
  return unit;
}

export function bareText(cell: Cell | undefined, column: Column, format: string | undefined): string {
  return cellText(cell, headUnit(column) ? { ...column, unit: '' } : column, format);
}

/** Numbers of a column have the same decimals, so that they can be compared by their length. */
export function formatOf(c: Col): string | undefined {
  const reading = readingOf(lookOf(c.spec));
  const plain = reading === 'number' || reading === 'money';
  return plain && kindOf(c.spec) === 'bar' && !c.spec.exact
    ? alignedFormat(c.cells.map(num), reading === 'money')
    : undefined;
}
