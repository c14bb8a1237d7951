import { dateRange, exact, withUnit } from '../lib/format';
import type { Field, TimeAxis } from '../wire';
import { w } from './words';

/** Milliseconds of a time of the axis, read as UTC where it is civil, so that no zone moves it. */
export function ms(text: string): number {
  if (text.length === 10) return Date.parse(`${text}T00:00:00Z`);
  return Date.parse(/Z|[+-]\d\d:\d\d$/.test(text) ? text : `${text}Z`);
}

const span = (range: string) => /^(\d+)(h|d|mo)$/.exec(range);

/** A range as the button says it. While its answer is on the way, the axis still speaks of the range before. */
export function rangeText(range: string, axis: TimeAxis, pending: boolean): string {
  const m = span(range);
  if (m) {
    const n = Number(m[1]);
    if (m[2] === 'h') return w('lastHours', { n });
    if (m[2] === 'd') return w('lastDays', { n });
    return n % 12 === 0 && n > 12 ? w('lastYears', { n: n / 12 }) : w('lastMonths', { n });
  }
  const dots = range.indexOf('..');
  if (dots >= 0) {
    const from = ms(range.slice(0, dots) || axis.min);
    const to = ms(range.slice(dots + 2) || axis.to);
    if (from < to) return dateRange(from, to - 1);
  }
  if (range === 'all' && pending) return w('allTime');
  const from = ms(axis.from || axis.min);
  const to = ms(axis.to || axis.max);
  return from < to ? dateRange(from, to - 1) : w('allTime');
}

/** A range on a number or a time as a chip says it. */
export function unitValue(field: Field | undefined, r: { from: string; to: string }): string {
  const number = field?.type === 'int' || field?.type === 'float' || field?.type === 'duration';
  const one = (text: string) => (number && text !== '' ? exact(Number(text)) : text);
  if (!number && r.from && r.to) {
    const from = ms(r.from);
    const to = ms(r.to);
    if (from < to) return dateRange(from, to - 1);
  }
  const text =
    r.from === '' ? `< ${one(r.to)}` : r.to === '' ? `≥ ${one(r.from)}` : `${one(r.from)} – ${one(r.to)}`;
  return number ? withUnit(text, field?.unit) : text;
}
