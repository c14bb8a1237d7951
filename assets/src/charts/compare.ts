/** The comparison under a figure: the last complete period against the one before it. */
import { change, kindOf, type Look, pointsChange, shortText } from '../lib/format';
import { t } from '../lib/words';
import type { Frame, Item, Selection } from '../wire';
import { goodOf, toTarget } from './aims';
import { col, factsOf, look } from './read';

const UNITS = { d: 'pd', w: 'pw', mo: 'pmo', q: 'pq', y: 'py', h: 'ph', min: 'pmin', s: 'ps' } as const;

/** "30d" in words: "30 days". Anything else stays as it came. */
export function periodWords(code: string): string {
  const found = /^(\d+)(mo|min|d|w|q|y|h|s)$/.exec(code);
  const unit = found?.[2] as keyof typeof UNITS | undefined;
  return found && unit ? t(UNITS[unit], { n: Number(found[1]) }) : code;
}

export interface Delta {
  arrow: '↑' | '↓' | '→';
  /** "+3.8%"; shares differ in points and not in percent of percent. */
  text: string;
  /** "vs. prior 12 mo" */
  against: string;
  /** Both figures, for the title and the screen reader. */
  full: string;
  ratio: number;
  /** Only where somebody said which way is better. */
  good: boolean | null;
}

/** What a figure is compared with: what somebody wrote for it, else what the viewer has chosen. */
export const comparison = (item: Item, selection: Selection): string => item.compare || selection.compare;

/** Null where there is nothing to compare with: no time, no earlier period, or a start at zero. */
export function delta(item: Item, frame: Frame, selection: Selection): Delta | null {
  const compared = comparison(item, selection);
  if (compared === 'target') {
    const aim = toTarget(item, frame);
    if (aim) return aim;
  }
  const { current, previous, period } = factsOf(frame);
  if (current === undefined || previous === undefined) return null;
  const value: Look = look(item, col(frame, item.encoding.y, 0).spec);
  const share = kindOf(value) === 'percent';
  if (previous === 0 && !share) return null;
  const ratio = share ? current - previous : (current - previous) / Math.abs(previous);
  const still = Math.abs(ratio) < 0.0005;
  // From a loss to a profit there is no share that says anything: the difference does.
  const crossed = !share && current * previous < 0;
  return {
    arrow: still ? '→' : ratio > 0 ? '↑' : '↓',
    text: share
      ? `${pointsChange(ratio)} ${t('points100')}`
      : crossed
        ? `${ratio > 0 ? '+' : ''}${shortText(current - previous, value)}`
        : change(ratio),
    against:
      compared === 'previous year'
        ? t('vsYear')
        : period
          ? t('vsPrior', { period: periodWords(period) })
          : t('vsPeriod'),
    full: t('compared', { current: shortText(current, value), previous: shortText(previous, value) }),
    ratio,
    good: still ? null : goodOf(item, ratio),
  };
}
