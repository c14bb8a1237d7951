/** What a written panel asks, taken apart so that another mark can ask the same. */
import type { Cell, Field } from '../wire';

/** A panel in the words of dashira.yaml. */
export type SpecItem = Record<string, Cell>;

export interface Parts {
  mark: string;
  /** "count()", "sum(amount)", or the name of a measure. */
  measure: string;
  /** A column, or a part of the time: "hour_of_day(ordered_at)". */
  across: string;
  second: string;
  color: string;
  /** The column that parts the chart into small ones. */
  facet: string;
  /** What is made of the measure along the axis: one of `ALONG`, empty where it is shown as it is. */
  along: string;
  number: string;
  number2: string;
  stack: string;
  /** A number, or a measure: "50000", "sum(budget)", "plan.revenue". */
  target: string;
  /** "more", "less", "neither"; empty is as the measure says. */
  better: string;
}

const EMPTY: Omit<Parts, 'mark'> = {
  measure: '',
  across: '',
  second: '',
  color: '',
  facet: '',
  along: '',
  number: '',
  number2: '',
  stack: '',
  target: '',
  better: '',
};

const text = (v: unknown): string => (typeof v === 'string' ? v : typeof v === 'number' ? String(v) : '');

/** Which part each key of a mark holds. */
const KEYS: Record<string, Partial<Record<string, keyof Parts>>> = {
  kpi: { y: 'measure', target: 'target', better: 'better' },
  line: { x: 'across', y: 'measure', color: 'color', facet: 'facet', stack: 'stack', target: 'target' },
  area: { x: 'across', y: 'measure', color: 'color', facet: 'facet', stack: 'stack' },
  column: { x: 'across', y: 'measure', color: 'color', facet: 'facet', stack: 'stack', target: 'target' },
  combo: { x: 'across', y: 'measure', color: 'color' },
  bar: { y: 'across', x: 'measure', facet: 'facet' },
  ranked: { y: 'across', x: 'measure' },
  donut: { y: 'across', x: 'measure' },
  histogram: { x: 'number', facet: 'facet' },
  box: { y: 'across', x: 'number', facet: 'facet' },
  scatter: { x: 'number', y: 'number2', color: 'color', facet: 'facet' },
  heatmap: { x: 'across', y: 'second', color: 'measure' },
  pivot: { x: 'across', y: 'second', color: 'measure' },
  calendar: { color: 'measure' },
  candlestick: {},
  table: {},
  text: {},
};

/** What can be made of a measure along an axis, as it is written; % stands for the measure. */
export const ALONG = [
  'running(%)',
  'moving(%, 7)',
  'difference(%, 1)',
  'difference(%, year)',
  'change(%, 1)',
  'change(%, year)',
] as const;

/** Marks whose axis has an order. */
const ORDERED = ['line', 'area', 'combo'];

/** A measure and what is made of it: "running(sum(amount))" is the running total of "sum(amount)". */
function apart(measure: string): { measure: string; along: string } {
  for (const along of ALONG) {
    const [before = '', after = ''] = along.split('%');
    if (measure.startsWith(before) && measure.endsWith(after) && measure.length > along.length - 1)
      return { measure: measure.slice(before.length, measure.length - after.length), along };
  }
  return { measure, along: '' };
}

/** Which parts a mark asks for, in the order in which one reads them. */
export const partsOf = (mark: string): (keyof Parts)[] => {
  const held = Object.values(KEYS[mark] ?? {});
  return (
    [
      'measure',
      'along',
      'across',
      'second',
      'number',
      'number2',
      'color',
      'facet',
      'stack',
      'target',
      'better',
    ] as const
  ).filter((p) => (p === 'along' ? ORDERED.includes(mark) : held.includes(p)));
};

/** Marks of which the page knows how to ask. */
export const known = (mark: string): boolean => mark in KEYS;

export function read(spec: SpecItem): Parts {
  const mark = text(spec.mark);
  const parts: Parts = { mark, ...EMPTY };
  for (const [key, part] of Object.entries(KEYS[mark] ?? {})) if (part) parts[part] = text(spec[key]);
  return ORDERED.includes(mark) ? { ...parts, ...apart(parts.measure) } : parts;
}

export const isNumber = (f: Field) => f.type === 'int' || f.type === 'float' || f.type === 'duration';
export const isTime = (f: Field) => f.type === 'date' || f.type === 'timestamp';

/** Columns that group: few values, or an order of their own. */
export const groups = (fields: readonly Field[]): Field[] =>
  fields.filter(
    (f) => !isTime(f) && f.role !== 'id' && f.role !== 'text' && f.distinct > 1 && f.distinct <= 1000,
  );

/** Columns whose values have a length: an identifier has none. */
export const numbers = (fields: readonly Field[]): Field[] =>
  fields.filter((f) => isNumber(f) && f.role !== 'id' && f.role !== 'temporal');

/** A column within a call, in quotes where its name could be taken for something else. */
export const call = (aggregate: string, column: string): string =>
  /^[\p{L}_][\p{L}\p{N}_ .-]*$/u.test(column)
    ? `${aggregate}(${column})`
    : `${aggregate}(${JSON.stringify(column)})`;

/** Whether a text of `across` is a time: the time column itself, or another date. */
const isTimeText = (name: string, fields: readonly Field[]) =>
  fields.some((f) => f.name === name && isTime(f));

/**
 * The same question under another mark, or another part under the same: what the mark needs and nobody chose is filled
 * in with the most likely column. Keys that the mark does not have are left out; name, width and title stay.
 */
export function write(
  spec: SpecItem,
  parts: Parts,
  keys: readonly string[],
  fields: readonly Field[],
  time: string,
): SpecItem {
  const { mark } = parts;
  const group = groups(fields);
  const nominal = (except: string) =>
    (group.find((f) => f.name !== except && f.distinct <= 50) ?? group.find((f) => f.name !== except))
      ?.name ?? '';
  const number = (except: string) => numbers(fields).find((f) => f.name !== except)?.name ?? '';
  const filled = { ...parts };
  filled.measure ||= 'count()';
  const overTime = mark === 'line' || mark === 'area' || mark === 'combo';
  const onTime = isTimeText(parts.across, fields);
  if (!parts.across || (onTime && !overTime && mark !== 'column'))
    filled.across = overTime && time ? time : nominal('');
  if (overTime && time && parts.across && !onTime) filled.across = time;
  if (!filled.second || filled.second === filled.across) filled.second = nominal(filled.across);
  filled.number ||= number('');
  if (!filled.number2 || filled.number2 === filled.number) filled.number2 = number(filled.number);
  if (filled.color === filled.across) filled.color = '';
  if (filled.facet === filled.across || filled.facet === filled.color) filled.facet = '';
  if (filled.along && ORDERED.includes(mark))
    filled.measure = filled.along.replace('%', () => filled.measure);
  // Each part of a split chart would need a target of its own.
  if (filled.color || filled.facet) filled.target = '';

  const out: SpecItem = { mark };
  for (const key of [
    'name',
    'title',
    'width',
    'zero',
    'limit',
    'tabs',
    'columns',
    'sort',
    'text',
    'thresholds',
    'compare',
    'sparkline',
    'bins',
    'other',
    'format',
    'highlight',
  ]) {
    const value = spec[key];
    const always =
      key === 'name' || key === 'title' || key === 'width' || (key === 'highlight' && keys.includes(key));
    if (value !== undefined && (always || (keys.includes(key) && spec.mark === mark))) out[key] = value;
  }
  for (const [key, part] of Object.entries(KEYS[mark] ?? {})) {
    const value = part ? filled[part] : '';
    if (value && (part !== 'stack' || filled.color))
      out[key] = part === 'target' && Number.isFinite(Number(value)) ? Number(value) : value;
  }
  return out;
}
