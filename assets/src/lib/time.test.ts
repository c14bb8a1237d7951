import { afterEach, expect, test } from 'vitest';
import {
  bucketLabel,
  cellTime,
  fromCivil,
  HERE,
  inferGrain,
  knownZone,
  nextBucket,
  parseTime,
  tickLabel,
  wireTime,
  zoneOffset,
} from './time';
import { language } from './words';

afterEach(() => {
  language.value = 'en';
});

const at = (text: string) => Date.parse(text);

test('civil dates and times are kept as UTC, instants keep their offset', () => {
  expect(parseTime('2026-11-23')).toBe(at('2026-11-23T00:00:00Z'));
  expect(parseTime('2026-11-23T09:12:40')).toBe(at('2026-11-23T09:12:40Z'));
  expect(parseTime('2026-11-23 09:12')).toBe(at('2026-11-23T09:12:00Z'));
  expect(parseTime('2026-11-23T09:12:40+02:00')).toBe(at('2026-11-23T07:12:40Z'));
  expect(parseTime('2026-11')).toBe(at('2026-11-01T00:00:00Z'));
  expect(parseTime('soon')).toBeNaN();
  expect(parseTime(5)).toBeNaN();
});

test('the wire form is the inverse of parsing', () => {
  for (const [text, axis] of [
    ['2026-11-23', { type: 'date' }],
    ['2026-11-23T09:12:40', { type: 'timestamp' }],
    ['2026-11-23T09:12:40.117Z', { type: 'timestamp', instant: true }],
  ] as const)
    expect(wireTime(parseTime(text), axis)).toBe(text);
});

test("a zone that no browser knows is the viewer's own", () => {
  expect(knownZone('Europe/Berlin')).toBe('Europe/Berlin');
  expect(knownZone('Local')).toBe(HERE);
  expect(knownZone('')).toBe('UTC');
});

test('a zone is ahead of UTC by what its clocks show', () => {
  expect(zoneOffset(at('2026-07-01T00:00:00Z'), 'Europe/Berlin')).toBe(2 * 3_600_000);
  expect(zoneOffset(at('2026-01-01T00:00:00Z'), 'Europe/Berlin')).toBe(3_600_000);
  expect(zoneOffset(at('2026-01-01T00:00:00.250Z'), 'America/New_York')).toBe(-5 * 3_600_000);
  expect(fromCivil(at('2026-07-01T00:00:00Z'), 'Europe/Berlin')).toBe(at('2026-06-30T22:00:00Z'));
});

test('buckets are named by their grain', () => {
  const ms = at('2001-08-06T00:00:00Z');
  expect(bucketLabel(ms, 'year')).toBe('2001');
  expect(bucketLabel(ms, 'quarter')).toBe('Q3 2001');
  expect(bucketLabel(ms, 'month')).toBe('August 2001');
  expect(bucketLabel(ms, 'week')).toMatch(/^Week of .*6.*2001$/);
  expect(bucketLabel(ms + 14 * 3_600_000, 'hour')).toMatch(/14:00$/);
  language.value = 'de';
  expect(bucketLabel(ms, 'month')).toBe('August 2001');
  expect(bucketLabel(ms, 'week')).toBe('Woche vom 6. Aug. 2001');
});

test('the bucket of a local midnight carries the local date', () => {
  const midnight = at('2026-06-30T22:00:00Z');
  expect(bucketLabel(midnight, 'month', 'Europe/Berlin')).toBe('July 2026');
  expect(bucketLabel(midnight, 'quarter', 'Europe/Berlin')).toBe('Q3 2026');
});

test('the next bucket follows the calendar of the zone', () => {
  expect(nextBucket(at('2026-01-01T00:00:00Z'), 'month')).toBe(at('2026-02-01T00:00:00Z'));
  // The day on which Berlin's clocks go back is 25 hours long.
  expect(nextBucket(at('2026-10-24T22:00:00Z'), 'day', 'Europe/Berlin')).toBe(at('2026-10-25T23:00:00Z'));
  expect(nextBucket(at('2026-10-25T00:00:00Z'), 'hour', 'Europe/Berlin')).toBe(at('2026-10-25T01:00:00Z'));
});

test('the grain is read off neighbouring buckets', () => {
  const step = (ms: number) => inferGrain([0, ms, 2 * ms]);
  expect(step(3_600_000)).toBe('hour');
  expect(step(86_400_000)).toBe('day');
  expect(step(7 * 86_400_000)).toBe('week');
  expect(
    inferGrain([at('2001-01-01T00:00:00Z'), at('2001-02-01T00:00:00Z'), at('2001-03-01T00:00:00Z')]),
  ).toBe('month');
  expect(inferGrain([at('2001-01-01T00:00:00Z'), at('2001-04-01T00:00:00Z')])).toBe('quarter');
  expect(inferGrain([5])).toBe('day');
});

test('table cells show ISO order and move only instants', () => {
  expect(cellTime('2026-11-23', { type: 'date' }, 'America/New_York')).toBe('2026-11-23');
  expect(cellTime('2026-11-23T09:12:40', { type: 'timestamp' }, 'America/New_York')).toBe(
    '2026-11-23 09:12:40',
  );
  expect(cellTime('2026-11-23T09:12:00Z', { type: 'timestamp', instant: true }, 'Europe/Berlin')).toBe(
    '2026-11-23 10:12',
  );
  expect(cellTime('n/a', { type: 'date' })).toBe('n/a');
});

test('a tick says only what changed', () => {
  const jan = at('2001-01-01T00:00:00Z');
  const apr = at('2001-04-01T00:00:00Z');
  expect(tickLabel(jan, 'UTC', null)).toBe('2001');
  expect(tickLabel(apr, 'UTC', jan)).toBe('Apr');
  expect(tickLabel(apr, 'UTC', null)).toBe('Apr 2001');
  expect(tickLabel(apr + 6 * 3_600_000, 'UTC', apr)).toBe('06:00');
  expect(tickLabel(apr + 86_400_000, 'UTC', apr)).toMatch(/2/);
});
