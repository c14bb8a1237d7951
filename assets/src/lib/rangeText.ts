/**
 * What people type where a time range is asked for, in the text form of a selection: "all", a stretch that ends at the
 * newest row ("24h", "90d", "12mo"), or "from..to", half open. Null where nothing is understood.
 */
export function parseRange(text: string): string | null {
  const s = text.trim().toLowerCase().replaceAll('–', '-').replace(/\s+/g, ' ');
  if (s === '' || s === 'all' || s === 'alles') return 'all';
  const span =
    /^(?:last |letzte )?(\d{1,5}) ?(h|hours?|stunden?|d|days?|tage?n?|w|weeks?|wochen?|mo|months?|monate?n?|q|quarters?|quartale?|y|years?|jahre?n?)$/.exec(
      s,
    );
  if (span) {
    const n = Number(span[1]);
    const unit = span[2] ?? '';
    if (n === 0) return null;
    if (/^(h|stu)/.test(unit)) return `${n}h`;
    if (/^(d|t)/.test(unit)) return `${n}d`;
    if (/^w/.test(unit)) return `${7 * n}d`;
    if (/^mo/.test(unit)) return `${n}mo`;
    if (/^q/.test(unit)) return `${3 * n}mo`;
    return `${12 * n}mo`;
  }
  const dots = /^(.+?) ?(?:\.\.| to | bis | - ) ?(.+)$/.exec(s);
  if (dots) {
    const from = period(dots[1] ?? '');
    const to = period(dots[2] ?? '');
    return from && to && from[0] < to[1] ? `${from[0]}..${to[1]}` : null;
  }
  const one = period(s);
  return one ? `${one[0]}..${one[1]}` : null;
}

/** A year, quarter, month or day as its first day and the first day after it. */
export function period(text: string): [string, string] | null {
  const s = text.trim().toLowerCase();
  let m = /^(\d{4})$/.exec(s);
  if (m) return days(Number(m[1]), 0, 1, 'year');
  m = /^q([1-4])[ /-]?(\d{4})$/.exec(s);
  if (m) return days(Number(m[2]), (Number(m[1]) - 1) * 3, 1, 'quarter');
  m = /^(\d{4})[ /-]?q([1-4])$/.exec(s);
  if (m) return days(Number(m[1]), (Number(m[2]) - 1) * 3, 1, 'quarter');
  m = /^(\d{4})-(\d{1,2})$/.exec(s);
  if (m) return days(Number(m[1]), Number(m[2]) - 1, 1, 'month');
  m = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(s);
  if (m) return days(Number(m[1]), Number(m[2]) - 1, Number(m[3]), 'day');
  m = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(s);
  if (m) return days(Number(m[3]), Number(m[2]) - 1, Number(m[1]), 'day');
  m = /^([a-zä]{3,9})\.? (\d{4})$/.exec(s);
  if (m) {
    const month = MONTHS.findIndex((names) => names.some((name) => (m?.[1] ?? '').startsWith(name)));
    if (month >= 0) return days(Number(m[2]), month, 1, 'month');
  }
  m =
    /^([a-zä]{3,9})\.? (\d{1,2}),? (\d{4})$/.exec(s) ??
    flip(/^(\d{1,2})\.? ([a-zä]{3,9})\.? (\d{4})$/.exec(s));
  if (m) {
    const month = MONTHS.findIndex((names) => names.some((name) => (m?.[1] ?? '').startsWith(name)));
    if (month >= 0) return days(Number(m[3]), month, Number(m[2]), 'day');
  }
  return null;
}

const flip = (m: RegExpExecArray | null): RegExpExecArray | null =>
  m
    ? (Object.assign([m[0], m[2], m[1], m[3]], { index: 0, input: m.input }) as unknown as RegExpExecArray)
    : null;

const MONTHS = [
  ['jan', 'jän'],
  ['feb'],
  ['mar', 'mär'],
  ['apr'],
  ['may', 'mai'],
  ['jun'],
  ['jul'],
  ['aug'],
  ['sep'],
  ['oct', 'okt'],
  ['nov'],
  ['dec', 'dez'],
];

function days(
  year: number,
  month: number,
  day: number,
  length: 'year' | 'quarter' | 'month' | 'day',
): [string, string] | null {
  if (month < 0 || month > 11 || day < 1) return null;
  const from = new Date(Date.UTC(year, month, day));
  if (from.getUTCMonth() !== month) return null;
  const to = new Date(from);
  if (length === 'year') to.setUTCFullYear(year + 1);
  else if (length === 'quarter') to.setUTCMonth(month + 3);
  else if (length === 'month') to.setUTCMonth(month + 1);
  else to.setUTCDate(day + 1);
  return [iso(from), iso(to)];
}

const iso = (d: Date) => d.toISOString().slice(0, 10);

/** The day before a half-open end: what a person would call the last day. */
export function lastDay(to: string): string {
  const t = Date.parse(to.length === 10 ? `${to}T00:00:00Z` : to.endsWith('Z') ? to : `${to}Z`);
  return Number.isNaN(t) ? to : iso(new Date(t - 1));
}
