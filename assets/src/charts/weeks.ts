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

/** Monday is 0. 1970-01-01 was a Thursday. */
export const weekdayOf = (civil: number): number => (((Math.floor(civil / DAY) + 3) % 7) + 7) % 7;

/** Days on a grid of weeks: `week` counts from the week of the first day. */
export function weeks(days: readonly { at: number; value: number; row: number }[]): Day[] {
  let first = Number.POSITIVE_INFINITY;
  for (const d of days) first = Math.min(first, d.at);
  const monday = first - weekdayOf(first) * DAY;
  return days.map((d) => ({ ...d, week: Math.floor((d.at - monday) / (7 * DAY)), weekday: weekdayOf(d.at) }));
}
