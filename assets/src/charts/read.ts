/** Reading frames: columns by name, cells as numbers, and the viewer's choice as a test on values. */
import { type Look, tidy, valueText } from '../lib/format';
import { cellTime, knownZone, monthName, parseTime, weekdayName } from '../lib/time';
import { language, t } from '../lib/words';
import type { Cell, Column, Facts, Frame, Item, Selection, TimeAxis } from '../wire';

const NO_CELLS: Cell[] = [];

/** A column of a frame with its cells. A name that the frame lacks gives an empty column, never an exception. */
export interface Col {
  name: string;
  at: number;
  spec: Column;
  cells: readonly Cell[];
}

export function col(frame: Frame, name: string | undefined, fallback?: number): Col {
  let at = name === undefined ? -1 : frame.columns.findIndex((c) => c.name === name);
  if (at < 0 && fallback !== undefined && fallback < frame.columns.length) at = fallback;
  const spec = frame.columns[at];
  return spec
    ? { name: spec.name, at, spec, cells: frame.values[at] ?? NO_CELLS }
    : { name: name ?? '', at: -1, spec: { name: name ?? '', type: 'string' }, cells: NO_CELLS };
}

/** The number of rows in a frame: its columns are equally long. */
export const height = (frame: Frame): number => frame.values[0]?.length ?? 0;

/** A cell as a number; exact integers travel as text, everything else that is no number is NaN. */
export function num(cell: Cell | undefined): number {
  if (typeof cell === 'number') return cell;
  if (typeof cell === 'boolean') return cell ? 1 : 0;
  return typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : Number.NaN;
}

export const numOrNull = (cell: Cell | undefined): number | null => {
  const v = num(cell);
  return Number.isFinite(v) ? v : null;
};

/** The spelling of a cell in a filter: its text form, "" for the empty cell. */
export function filterText(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  return typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
}

/** A value as a filter spells it: one that begins like a filter's own signs is marked as literal. */
export const spell = (text: string): string => (/^[!=~]/.test(text) ? `=${text}` : text);

export const isNumeric = (type: string) => type === 'int' || type === 'float' || type === 'duration';
export const isTime = (type: string) => type === 'date' || type === 'timestamp';

/** How the values of a measure read: the column's unit with the item's format. */
export function look(item: Item, column: Column): Look {
  return { type: column.type, unit: column.unit, role: column.role, format: item.format };
}

/** A category as it is drawn. */
export function nameOf(cell: Cell | undefined, column?: Column): string {
  if (cell === null || cell === undefined || cell === '') return t('empty');
  if (typeof cell === 'string') return column && isTime(column.type) ? cellTime(cell, column) : tidy(cell);
  if (typeof cell === 'number' && column) {
    const cycle = cycleName(cell, cycleOf(column));
    if (cycle) return cycle;
    // A plain integer on an axis of categories is a name ("2021", "404"), not a quantity.
    return column.unit ? valueText(cell, { type: column.type, unit: column.unit }) : String(cell);
  }
  return filterText(cell);
}

export const labelOf = (column: Column): string => column.label || column.name;

/** What a click has chosen on a column. */
export interface Chosen {
  values: ReadonlySet<string>;
  excluded: ReadonlySet<string>;
  range: { from: string; to: string } | null;
  any: boolean;
}

const NOTHING: Chosen = { values: new Set(), excluded: new Set(), range: null, any: false };

export function chosen(selection: Selection, column: string | undefined): Chosen {
  const list = column ? selection.filters[column] : undefined;
  if (!list?.length) return NOTHING;
  const values = new Set<string>();
  const excluded = new Set<string>();
  let range: Chosen['range'] = null;
  for (const text of list) {
    const not = text.startsWith('!');
    const rest = not ? text.slice(1) : text;
    // Only numbers and times have ranges; "wait..what" is a text.
    const span = /^((?:[+-]?[\d.].*?)?)\.\.((?:[+-]?[\d.].*)?)$/.exec(rest);
    if (rest.startsWith('=')) (not ? excluded : values).add(rest.slice(1));
    else if (span && !not) range = { from: span[1] ?? '', to: span[2] ?? '' };
    // A text to search for chooses no value by itself.
    else if (!rest.startsWith('~')) (not ? excluded : values).add(rest);
  }
  return { values, excluded, range, any: values.size > 0 };
}

/**
 * Do the values of an item add up over groups and buckets? Counts and sums do, and the server starts exactly their
 * trends at zero; a share or an average does not. Bars start at zero whatever they show, so there only a stack tells.
 */
export function additive(item: Item): boolean {
  if (item.stack) return true;
  const bars = item.mark === 'column' || item.mark === 'bar' || item.mark === 'ranked';
  return !bars && item.zero && !(item.format ?? '').startsWith('percent');
}

/** What the measure counts, for sentences. A unit is no noun: "62% of all EUR" is money without a name. */
export function nounOf(item: Item, column: Column): string {
  if (item.noun && item.noun !== column.unit) return item.noun;
  return within(labelOf(column));
}

/** A label within an English sentence: "Cost Total" and "GMV" are names, "Revenue" is a word. German keeps its capitals. */
export const within = (label: string): string =>
  language.value === 'en' && /^\p{Lu}\p{Ll}+$/u.test(label) ? label.toLowerCase() : label;

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const CYCLES: Record<string, string> = {
  month: 'month_of_year',
  weekday: 'day_of_week',
  hour: 'hour_of_day',
};

/**
 * The calendar cycles that the server counts: months 1 to 12, weekdays 1 (Monday) to 7, hours 0 to 23. Months and hours
 * of a file are counted like that as well; its weekdays may begin on a Sunday, so they stay numbers.
 */
function cycleOf({ name, label, role }: Column): string | undefined {
  if (/^(?:month_of_year|day_of_week|hour_of_day)$/.test(name)) return name;
  if (role !== 'cyclic') return role && /^(?:month|weekday|hour)$/.test(role) ? CYCLES[role] : role;
  const words = `${name} ${label ?? ''}`.toLowerCase();
  if (/\b(?:month|monat|mois)\b/.test(words)) return 'month_of_year';
  return /\b(?:hour|stunde|heure)\b/.test(words) ? 'hour_of_day' : undefined;
}

function cycleName(v: number, cycle: string | undefined): string | null {
  if (cycle === 'month_of_year' && v >= 1 && v <= 12) return monthName(v - 1);
  if (cycle === 'day_of_week' && v >= 1 && v <= 7) return weekdayName(v - 1);
  if (cycle === 'hour_of_day' && v >= 0 && v < 24) return `${String(v).padStart(2, '0')}:00`;
  return null;
}

/** The zone in which a time column is shown: bucketed instants in the zone of their buckets, civil times in UTC. */
export function zoneOf(column: Column, item: Item, time: TimeAxis | null): string {
  const instant = item.time && time ? time.instant : column.instant === true;
  return instant ? knownZone(time?.zone) : 'UTC';
}

/** Positions on the time axis in milliseconds. */
export const times = (cells: readonly Cell[]): number[] => cells.map(parseTime);

/** Facts with the zero value where the server had none to tell. */
export const factsOf = (frame: Frame): Facts => frame.facts ?? { rows: 0 };

/** The column of a heatmap or a binned scatter that carries the magnitude. */
export const magnitude = (frame: Frame, item: Item): Col => {
  const named = frame.columns.find((c) => c.name === 'value' || c.name === 'count');
  return col(frame, item.encoding.color ?? named?.name, 2);
};

/** The categories of a donut and their sizes, which the server sends as those of a ranked list; a colour may name them. */
export function slices(frame: Frame, item: Item): { names: Col; values: Col } {
  const { x, y, color } = item.encoding;
  return color
    ? { names: col(frame, color, 0), values: col(frame, y, 1) }
    : { names: col(frame, y, 0), values: col(frame, x, 1) };
}
