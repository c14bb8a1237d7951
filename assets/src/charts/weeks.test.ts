import { expect, test } from 'vitest';
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
