import { expect, test } from 'vitest';
import { DAY } from '../lib/time';
import { weekdayOf, weeks } from './weeks';

test('days fall on their weekday and week', () => {
  const day = (text: string) => Date.parse(text);
  expect(weekdayOf(day('2026-11-23'))).toBe(0);
  expect(weekdayOf(day('1969-12-28'))).toBe(6);
  const out = weeks([
    { at: day('2026-11-25'), value: 1, row: 0 },
    { at: day('2026-11-30'), value: 2, row: 1 },
  ]);
  expect(out.map((d) => [d.week, d.weekday])).toEqual([
    [0, 2],
    [1, 0],
  ]);
});

test('a week begins where the file says it does', () => {
  const sunday = Date.parse('2026-11-22');
  expect([weekdayOf(sunday, 0), weekdayOf(sunday, 1), weekdayOf(sunday, 6)]).toEqual([0, 6, 1]);
  const out = weeks(
    [
      { at: sunday - DAY, value: 1, row: 0 },
      { at: sunday, value: 2, row: 1 },
    ],
    0,
  );
  expect(out.map((d) => [d.week, d.weekday])).toEqual([
    [0, 6],
    [1, 0],
  ]);
});
