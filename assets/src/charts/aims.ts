/** What a measure is held against: targets and thresholds, as words and as lines on a chart. */
import { change, kindOf, type Look, percent, pointsChange, shortText } from '../lib/format';
import { t } from '../lib/words';
import type { Frame, Item, Threshold } from '../wire';
import { col, factsOf, look, num, numOrNull } from './read';

/** The target's name within a sentence: "target", or that of the measure it is. */
export const targetName = (item: Item): string =>
  !item.target || item.target === 'target' ? t('target') : item.target;

export interface Progress {
  target: number;
  /** Of the target; null where the target is no sum that can be filled. */
  share: number | null;
  /** "86% of target 50K" */
  text: string;
  /** Is the value on the side of the target that somebody called better? null where nobody did. */
  good: boolean | null;
}

/** Good or bad of a difference, only where somebody said which way is better; "no difference" is neither. */
export const goodOf = (item: Item, difference: number): boolean | null =>
  !item.better || !Number.isFinite(difference) || difference === 0
    ? null
    : difference > 0 === (item.better === 'more');

/** How far a key figure is on its way to the target. */
export function progress(item: Item, frame: Frame): Progress | null {
  const { target } = factsOf(frame);
  const y = col(frame, item.encoding.y, 0);
  const value = num(y.cells[0]);
  if (target === undefined || !item.target || !Number.isFinite(value)) return null;
  const how = look(item, y.spec);
  const share = target > 0 && value >= 0 && kindOf(how) !== 'percent' ? value / target : null;
  const words = { name: targetName(item), target: shortText(target, how) };
  return {
    target,
    share,
    text:
      share === null
        ? t('targetIs', words)
        : t('ofTarget', { ...words, share: percent(share, share > 0 && share < 0.1 ? 1 : 0) }),
    good: value === target ? (item.better ? true : null) : goodOf(item, value - target),
  };
}

/** The difference to the target in sign and words: "−13.8%", "below target 50K". */
export function toTarget(item: Item, frame: Frame) {
  const p = progress(item, frame);
  if (!p) return null;
  const y = col(frame, item.encoding.y, 0);
  const how: Look = look(item, y.spec);
  const value = num(y.cells[0]);
  const gap = value - p.target;
  const still = Math.abs(gap) < Math.abs(p.target) * 0.0005;
  const words = { name: targetName(item), target: shortText(p.target, how) };
  const text =
    kindOf(how) === 'percent'
      ? `${pointsChange(gap)} ${t('points100')}`
      : p.target !== 0 && value * p.target >= 0
        ? change(gap / Math.abs(p.target))
        : `${gap > 0 ? '+' : ''}${shortText(gap, how)}`;
  return {
    arrow: still ? ('→' as const) : gap > 0 ? ('↑' as const) : ('↓' as const),
    text,
    against: t(still ? 'onTarget' : gap > 0 ? 'aboveTarget' : 'belowTarget', words),
    full: t('targetCompared', { value: shortText(value, how), ...words }),
    ratio: p.target ? gap / Math.abs(p.target) : gap,
    good: p.good,
  };
}

const holds = ({ op, value }: Threshold, v: number): boolean =>
  op === '<' ? v < value : op === '<=' ? v <= value : op === '>' ? v > value : v >= value;

export interface Alarm {
  level: 'bad' | 'warn';
  /** "Below 0.2" */
  text: string;
}

const boundText = (b: Threshold, how: Look): string =>
  t(b.op.startsWith('<') ? 'belowBound' : 'aboveBound', { value: shortText(b.value, how) });

const levelOf = (b: Threshold): 'bad' | 'warn' => (b.level === 'bad' ? 'bad' : 'warn');

/** The first threshold that a value meets; the server sends the worst first. */
export function alarm(item: Item, v: number, how: Look): Alarm | null {
  if (!Number.isFinite(v)) return null;
  const met = item.thresholds?.find((b) => holds(b, v));
  return met ? { level: levelOf(met), text: boundText(met, how) } : null;
}

/** A line across a chart. */
export interface Rule {
  kind: 'target' | 'bad' | 'warn';
  label: string;
  /** One value for the whole chart, or one for each row of the frame. */
  value: number | null;
  values: (number | null)[] | null;
}

export function rules(item: Item, frame: Frame): Rule[] {
  const out: Rule[] = [];
  const ys = col(frame, item.encoding.y, frame.columns.length - 1);
  const how = look(item, ys.spec);
  for (const b of item.thresholds ?? [])
    out.push({ kind: levelOf(b), label: boundText(b, how), value: b.value, values: null });
  const { target } = factsOf(frame);
  if (item.encoding.target) {
    const aim = col(frame, item.encoding.target);
    if (aim.at >= 0)
      out.push({ kind: 'target', label: targetName(item), value: null, values: aim.cells.map(numOrNull) });
  } else if (target !== undefined && item.target)
    out.push({
      kind: 'target',
      label: `${capitalised(targetName(item))} ${shortText(target, how)}`,
      value: target,
      values: null,
    });
  return out;
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What an axis must hold beside the data: targets, but no thresholds, which may lie far away. */
export function reach(all: readonly Rule[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const rule of all) {
    if (rule.kind !== 'target') continue;
    for (const v of rule.values ?? [rule.value])
      if (v !== null) {
        low = Math.min(low, v);
        high = Math.max(high, v);
      }
  }
  return [low, high];
}
