/** Days of a calendar on a grid of weeks. */
import { DAY } from '../lib/time';

export interface Day {
  /** Civil midnight, as if it were UTC. */
  at: number;
  value: number;
  row: number;
  week: number;
  weekday: number;
}

/** Days after the first of the week, which is `start`: 0 is Sunday. 1970-01-01 was a Thursday. */
export const weekdayOf = (civil: number, start = 1): number =>
  (((Math.floor(civil / DAY) + 4 - start) % 7) + 7) % 7;

/** Days on a grid of weeks: `week` counts from the week of the first day. */
export function weeks(days: readonly { at: number; value: number; row: number }[], start = 1): Day[] {
  let first = Number.POSITIVE_INFINITY;
  for (const d of days) first = Math.min(first, d.at);
  const begin = first - weekdayOf(first, start) * DAY;
  return days.map((d) => ({
    ...d,
    week: Math.floor((d.at - begin) / (7 * DAY)),
    weekday: weekdayOf(d.at, start),
  }));
}
