import { w } from './words';

const WORDS = {
  year: 'grainYear',
  quarter: 'grainQuarter',
  month: 'grainMonth',
  week: 'grainWeek',
  day: 'grainDay',
  hour: 'grainHour',
  minute: 'grainMinute',
  second: 'grainSecond',
} as const;

/** A grain in the viewer's language; one of a newer server as the server calls it. */
export const grainWord = (grain: string) => (grain in WORDS ? w(WORDS[grain as keyof typeof WORDS]) : grain);
