/**
 * Times of the wire and how they read. A civil date or time is kept as if it were UTC and shown in UTC, so that no
 * zone can move it to another day; an instant is shown in the zone that its caller names.
 */
import { locale, t } from './words';

export const SECOND = 1000;
export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

export const GRAINS = ['year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second'] as const;
export type Grain = (typeof GRAINS)[number];

export const isGrain = (text: string): text is Grain => (GRAINS as readonly string[]).includes(text);

/** The viewer's own zone, for instants. */
export const HERE = new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

/** Milliseconds since 1970 of "2026-11-23", "2026-11-23T09:12" or an instant with Z; NaN for anything else. */
export function parseTime(text: unknown): number {
  if (typeof text !== 'string' || !/^[+-]?\d{4,}-\d\d/.test(text)) return Number.NaN;
  const full = text.length === 7 ? `${text}-01` : text.replace(' ', 'T');
  if (!full.includes('T')) return Date.parse(`${full}T00:00:00Z`);
  return Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(full) ? full : `${full}Z`);
}

/** The text form that the wire uses for a time column, the inverse of parseTime. */
export function wireTime(ms: number, axis: { type: string; instant?: boolean }): string {
  const iso = new Date(ms).toISOString();
  if (axis.type === 'date') return iso.slice(0, 10);
  const short = iso.endsWith('.000Z') ? iso.slice(0, 19) : iso.slice(0, 23);
  return axis.instant ? `${short}Z` : short;
}

const zones = new Map<string, string>();

/** The zone if this browser knows it, else the viewer's own: a server may only know its zone as "Local". */
export function knownZone(zone: string | undefined): string {
  if (!zone) return 'UTC';
  let known = zones.get(zone);
  if (known === undefined) {
    try {
      known = new Intl.DateTimeFormat('en-US', { timeZone: zone }).resolvedOptions().timeZone;
    } catch {
      known = HERE;
    }
    zones.set(zone, known);
  }
  return known;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** One formatter per locale, zone and shape, built the first time it is asked for. */
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale.value}|${zone}|${JSON.stringify(options)}`;
  let found = formats.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(locale.value, { ...options, timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

const parts = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
export function zoneOffset(ms: number, zone: string): number {
  if (zone === 'UTC' || !Number.isFinite(ms)) return 0;
  let f = parts.get(zone);
  if (!f) {
    f = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    parts.set(zone, f);
  }
  const p: Record<string, number> = {};
  for (const { type, value } of f.formatToParts(ms)) p[type] = Number(value);
  const civil = Date.UTC(
    p.year ?? 1970,
    (p.month ?? 1) - 1,
    p.day ?? 1,
    p.hour ?? 0,
    p.minute ?? 0,
    p.second ?? 0,
  );
  return civil - Math.floor(ms / SECOND) * SECOND;
}

/** The instant at which the clocks of a zone show the civil time `ms`. */
export function fromCivil(ms: number, zone: string): number {
  const guess = ms - zoneOffset(ms, zone);
  return ms - zoneOffset(guess, zone);
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** The name of a bucket that starts at `ms`: "August 2001", "Q3 2001", "Week of Aug 6, 2001", "Aug 6, 2001, 14:00". */
export function bucketLabel(ms: number, grain: Grain, zone = 'UTC'): string {
  if (!Number.isFinite(ms)) return '';
  const day = { day: 'numeric', month: 'short', year: 'numeric' } as const;
  switch (grain) {
    case 'year':
      return format(zone, { year: 'numeric' }).format(ms);
    case 'quarter': {
      const d = new Date(ms + zoneOffset(ms, zone));
      return t('quarter', { n: Math.floor(d.getUTCMonth() / 3) + 1, year: String(d.getUTCFullYear()) });
    }
    case 'month':
      return format(zone, { month: 'long', year: 'numeric' }).format(ms);
    case 'week':
      return t('weekOf', { date: format(zone, day).format(ms) });
    case 'day':
      return format(zone, { weekday: 'short', ...day }).format(ms);
    case 'hour':
    case 'minute':
      return format(zone, { ...day, ...CLOCK }).format(ms);
    case 'second':
      return format(zone, { ...day, ...CLOCK, second: '2-digit' }).format(ms);
  }
}

/** As bucketLabel, in as little room as the grain allows: "Aug 2001", "Aug 6". */
export function bucketShort(ms: number, grain: Grain, zone = 'UTC'): string {
  switch (grain) {
    case 'year':
    case 'quarter':
      return bucketLabel(ms, grain, zone);
    case 'month':
      return format(zone, { month: 'short', year: 'numeric' }).format(ms);
    case 'week':
    case 'day':
      return format(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(ms);
    default:
      return bucketLabel(ms, grain, zone);
  }
}

/** "Month not complete", for the bucket that still grows. */
export function partialNote(grain: Grain): string {
  const names = {
    year: 'partialYear',
    quarter: 'partialQuarter',
    month: 'partialMonth',
    week: 'partialWeek',
    day: 'partialDay',
    hour: 'partialHour',
    minute: 'partialMinute',
    second: 'partialSecond',
  } as const;
  return t(names[grain]);
}

/** The grain that neighbouring bucket starts are apart, for an axis that does not say it. */
export function inferGrain(xs: readonly number[]): Grain {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < xs.length; i++) {
    const step = (xs[i] ?? 0) - (xs[i - 1] ?? 0);
    if (step > 0 && step < least) least = step;
  }
  if (!Number.isFinite(least)) return 'day';
  if (least >= 360 * DAY) return 'year';
  if (least >= 88 * DAY) return 'quarter';
  if (least >= 28 * DAY) return 'month';
  if (least >= 6.9 * DAY) return 'week';
  if (least >= 0.95 * DAY) return 'day';
  if (least >= HOUR) return 'hour';
  return least >= MINUTE ? 'minute' : 'second';
}

/** The start of the bucket after the one that starts at `ms`. */
export function nextBucket(ms: number, grain: Grain, zone = 'UTC'): number {
  const d = new Date(ms + zoneOffset(ms, zone));
  switch (grain) {
    case 'year':
      d.setUTCFullYear(d.getUTCFullYear() + 1);
      break;
    case 'quarter':
      d.setUTCMonth(d.getUTCMonth() + 3);
      break;
    case 'month':
      d.setUTCMonth(d.getUTCMonth() + 1);
      break;
    case 'week':
      d.setUTCDate(d.getUTCDate() + 7);
      break;
    case 'day':
      d.setUTCDate(d.getUTCDate() + 1);
      break;
    // Below a day a bucket is a length of time: the hour that a clock change repeats counts twice.
    case 'hour':
      return ms + HOUR;
    case 'minute':
      return ms + MINUTE;
    case 'second':
      return ms + SECOND;
  }
  return fromCivil(+d, zone);
}

/** "GMT+2", "MESZ": how the zone calls itself at that time. */
export function zoneName(ms: number, zone: string): string {
  const p = format(zone, { timeZoneName: 'short', hour: 'numeric' }).formatToParts(ms);
  return p.find((x) => x.type === 'timeZoneName')?.value ?? zone;
}

const pad = (n: number) => String(n).padStart(2, '0');

/** A time of a table cell: ISO order, which sorts and cannot be misread. An instant is moved to `zone`. */
export function cellTime(text: string, column: { type: string; instant?: boolean }, zone = HERE): string {
  const ms = parseTime(text);
  if (!Number.isFinite(ms)) return text;
  const d = new Date(column.instant ? ms + zoneOffset(ms, zone) : ms);
  const day = `${d.getUTCFullYear()}-${pad(d.getUTCMonth() + 1)}-${pad(d.getUTCDate())}`;
  if (column.type === 'date') return day;
  const seconds = d.getUTCSeconds();
  const clock = `${pad(d.getUTCHours())}:${pad(d.getUTCMinutes())}${seconds ? `:${pad(seconds)}` : ''}`;
  return `${day} ${clock}`;
}

export const monthYear = (ms: number) => bucketShort(ms, 'month');
export const monthYearLong = (ms: number) => bucketLabel(ms, 'month');
export const date = (ms: number) => bucketShort(ms, 'day');
export const isoDate = (ms: number) => new Date(ms).toISOString().slice(0, 10);

let lastRange = { key: '', text: '' };

/** A span of time as short as it can be: "Jan 1990 – Jul 2002". Days are named where months would not be exact. */
export function dateRange(from: number, to: number): string {
  const whole = (ms: number) => new Date(ms).getUTCDate() === 1 && ms % DAY === 0;
  const days = !(whole(from) && whole(to + 1)) && to - from < 400 * DAY;
  const options: Intl.DateTimeFormatOptions = days
    ? { day: 'numeric', month: 'short', year: 'numeric' }
    : { month: 'short', year: 'numeric' };
  // Asked for the same again with every event, and dear.
  const key = `${locale.value} ${from} ${to}`;
  if (lastRange.key !== key) {
    const text = format('UTC', options).formatRange(from, to).replace(/\s–\s/, ' – ');
    lastRange = { key, text };
  }
  return lastRange.text;
}

/** The time of day where the viewer is. */
export const clock = (ms: number) => format(HERE, { ...CLOCK, second: '2-digit' }).format(ms);

/** Month and weekday names by the locale, for axes that are cyclic. */
export const monthName = (month: number) =>
  format('UTC', { month: 'short' }).format(Date.UTC(2001, month, 1));
/** `day` 0 is Monday. */
export const weekdayName = (day: number) =>
  format('UTC', { weekday: 'short' }).format(Date.UTC(2001, 0, 1 + day));

/** Axis labels that say only what changed since the label before them. */
export function tickLabel(ms: number, zone: string, before: number | null): string {
  const d = new Date(ms + zoneOffset(ms, zone));
  const b = before === null ? null : new Date(before + zoneOffset(before, zone));
  const newYear = !b || b.getUTCFullYear() !== d.getUTCFullYear();
  const midnight = d.getUTCHours() === 0 && d.getUTCMinutes() === 0 && d.getUTCSeconds() === 0;
  const first = d.getUTCDate() === 1;
  if (midnight && first && d.getUTCMonth() === 0) return String(d.getUTCFullYear());
  if (midnight && first)
    return format(zone, newYear ? { month: 'short', year: 'numeric' } : { month: 'short' }).format(ms);
  const newDay = !b || b.getUTCDate() !== d.getUTCDate() || b.getUTCMonth() !== d.getUTCMonth();
  if (midnight || (newDay && !b)) {
    const day = format(zone, { day: 'numeric', month: 'short' }).format(ms);
    return midnight ? day : `${day} ${tickClock(ms, zone, d)}`;
  }
  return tickClock(ms, zone, d);
}

function tickClock(ms: number, zone: string, d: Date): string {
  const seconds = d.getUTCSeconds() !== 0;
  return format(zone, seconds ? { ...CLOCK, second: '2-digit' } : CLOCK).format(ms);
}

/** How long ago, in one short word group. */
export function ago(ms: number): string {
  const s = Math.max(0, Math.round(ms / SECOND));
  if (s < 2) return t('now');
  if (s < 60) return t('agoS', { n: s });
  if (s < 3600) return t('agoMin', { n: Math.floor(s / 60) });
  if (s < 86_400) return t('agoH', { n: Math.floor(s / 3600) });
  return t('agoD', { n: Math.floor(s / 86_400) });
}
