import { expect, test } from 'vitest';
import { apart, niceDomain, sideTicks, steady, thin, timeTicks, valueTicks } from './axis';

const at = (text: string) => Date.parse(text);

test('time labels say what changed and the first one says where it is', () => {
  const labels = (from: string, to: string, width: number) =>
    timeTicks(at(from), at(to), width).map((x) => x.label);
  expect(labels('2001-01-01', '2002-02-01', 480)).toEqual(['2001', 'Apr', 'Jul', 'Oct', '2002']);
  expect(labels('2001-04-01', '2001-10-02', 260)[0]).toBe('Apr 2001');
  const hours = labels('2026-11-20T00:00:00Z', '2026-11-20T12:00:00Z', 400);
  expect(hours.slice(1).every((x) => /^\d\d:00$/.test(x))).toBe(true);
  expect(hours[0]).toMatch(/20/);
});

test('ticks fall on the midnights of the zone', () => {
  const ticks = timeTicks(at('2026-10-23T22:00:00Z'), at('2026-10-27T23:00:00Z'), 400, 'Europe/Berlin');
  expect(ticks.map((x) => new Date(x.at).toISOString().slice(11, 13))).toContain('22');
  expect(ticks.map((x) => new Date(x.at).toISOString().slice(11, 13))).toContain('23');
});

test('one bucket alone has a tick', () => {
  const day = at('2001-08-06');
  expect(timeTicks(day, day, 300)).toHaveLength(1);
  expect(timeTicks(Number.NaN, Number.NaN, 300)).toEqual([]);
});

test('a counting axis starts at zero and ends close above the data', () => {
  expect(niceDomain(3, 168, 200, true)).toEqual([0, 175]);
  expect(niceDomain(0, 0, 200, true)).toEqual([0, 1]);
  const [low, high] = niceDomain(-140, 412, 200, true);
  expect(low).toBeLessThanOrEqual(-140);
  expect(high).toBeGreaterThanOrEqual(412);
});

test('any other axis fits its data and never goes negative for the sake of air', () => {
  const [low, high] = niceDomain(100, 200, 200, false);
  expect(low).toBe(94);
  expect(high).toBe(206);
  expect(niceDomain(1, 200, 200, false)[0]).toBe(0);
  const flat = niceDomain(7, 7, 200, false);
  expect(flat[0]).toBeLessThan(7);
  expect(flat[1]).toBeGreaterThan(7);
  expect(
    niceDomain(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 200, false).every(Number.isFinite),
  ).toBe(true);
});

test('there are three to five gridlines', () => {
  for (const height of [60, 120, 200, 400])
    for (const max of [1, 7, 168, 1234, 99_999]) {
      const n = valueTicks(0, niceDomain(0, max, height, true)[1], height).length;
      expect(n).toBeGreaterThanOrEqual(3);
      expect(n).toBeLessThanOrEqual(7);
    }
  expect(sideTicks(0, 360, 450)).toEqual([0, 50, 100, 150, 200, 250, 300, 350]);
});

test('a live axis grows at once and shrinks only when the data is much smaller', () => {
  expect(steady(null, [0, 100])).toEqual([0, 100]);
  expect(steady([0, 100], [0, 120])).toEqual([0, 120]);
  expect(steady([0, 100], [0, 80])).toEqual([0, 100]);
  expect(steady([0, 100], [0, 59])).toEqual([0, 59]);
  expect(steady([0, 100], [-50, 90])).toEqual([-50, 100]);
});

test('labels of an axis keep their distance and stay inside', () => {
  const at = (x: number) => ({ x, label: 'Sep 20' });
  expect(apart([at(0), at(10), at(60), at(190)], 200).map((l) => l.x)).toEqual([0, 60]);
});

test('labels thin out before they touch', () => {
  expect(thin(10, 500, 50)).toBe(1);
  expect(thin(60, 500, 25)).toBe(3);
});

test('what is counted has whole labels', () => {
  expect(valueTicks(0, 1, 300, { type: 'int' })).toEqual([0, 1]);
  expect(valueTicks(0, 2.5, 300, { type: 'int' })).toEqual([0, 1, 2]);
  expect(valueTicks(0, 1, 300, { type: 'float' })).toContain(0.2);
  expect(valueTicks(0, 400, 300, { type: 'int' })).toEqual(valueTicks(0, 400, 300));
});

test('no two labels of an axis over a few seconds are the same', () => {
  const start = Date.UTC(2026, 10, 22, 8);
  const labels = timeTicks(start, start + 4000, 1000).map((tick) => tick.label);
  expect(labels.length).toBe(5);
  expect(new Set(labels).size).toBe(5);
  expect(timeTicks(start + 100, start + 900, 1000).length).toBe(1);
});
