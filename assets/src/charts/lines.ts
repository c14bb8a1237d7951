/** What a time series draws, computed from its frame: positions, groups, bounds and words. */
import { type Look, shortText, valueText } from '../lib/format';
import {
  bucketLabel,
  cellTime,
  type Grain,
  inferGrain,
  isGrain,
  nextBucket,
  parseTime,
  partialNote,
  wireTime,
  zoneName,
} from '../lib/time';
import { t } from '../lib/words';
import type { Frame, Item, TimeAxis } from '../wire';
import { type Rule, reach, rules, targetName } from './aims';
import { type Domain, niceDomain } from './axis';
import { type Group, type Layer, pivot, stack } from './pivot';
import {
  additive,
  capital,
  col,
  factsOf,
  isNumeric,
  isTime,
  look,
  nameOf,
  nounOf,
  num,
  zoneOf,
} from './read';
import type { TipRow } from './tip';

export interface Lines {
  kind: 'time' | 'number' | 'category';
  x: number[];
  /** Every group of the frame, for the legend. */
  all: Group[];
  /** Those that are drawn. */
  groups: Group[];
  /** Drawn bounds of each group where they stand on one another. */
  layers: Layer[] | null;
  /** The values as they are drawn: of the group, or the upper edge of its layer. */
  drawn: (number | null)[][];
  bounds: Domain;
  /** Its points are rows: a line goes from one of its own to the next, and x is no bucket. */
  points: boolean;
  /** First bucket that still grows, −1 where all are complete. */
  partial: number;
  area: boolean;
  normalize: boolean;
  zero: boolean;
  /** Groups that the chart leaves out, because they are too many and do not add up. */
  left: number;
  /** Targets and thresholds, one value for each place where they differ. */
  rules: Rule[];
  /** What was written of moments, with their place on the axis. */
  notes: { at: number; text: string }[];
  look: Look;
  axis: Look;
  noun: string;
  zone: string;
  /** The name of the bucket. */
  label: (i: number) => string;
  tip: (i: number) => { title: string; rows: TipRow[]; note?: string };
  /** The value at the right end, for the direct label. */
  last: (g: Group) => string;
  /** The wire form of whole buckets between two positions of the axis. */
  range: (from: number, to: number) => { from: string; to: string } | null;
}

const DAY = 86_400_000;

export function lines(frame: Frame, item: Item, time: TimeAxis | null, hidden: ReadonlySet<string>): Lines {
  const xs = col(frame, item.encoding.x, 0);
  const ys = col(frame, item.encoding.y, frame.columns.length - 1);
  const wide = pivot(frame, item);
  const kind = isTime(xs.spec.type) ? 'time' : isNumeric(xs.spec.type) ? 'number' : 'category';
  const x =
    kind === 'time' ? wide.x.map(parseTime) : kind === 'number' ? wide.x.map(num) : wide.x.map((_, i) => i);
  const zone = zoneOf(xs.spec, item, time);
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(x);
  const groups = wide.groups.filter((g) => !hidden.has(g.name));
  const area = item.mark === 'area';
  const mode = item.stack ?? (area && wide.groups.length > 1 && additive(item) ? 'zero' : '');
  const normalize = mode === 'normalize';
  const layers = mode ? stack(groups, mode) : null;
  const drawn = layers ? layers.map((l) => l.upper) : groups.map((g) => g.values);
  const how = look(item, ys.spec);
  const noun = nounOf(item, ys.spec);
  const sum = additive(item) || mode !== '';
  const instant = xs.spec.instant === true && (grain === 'hour' || grain === 'minute' || grain === 'second');
  const label = (i: number) =>
    kind === 'time' && item.points
      ? cellTime(String(wide.x[i] ?? ''), xs.spec)
      : kind === 'time'
        ? bucketLabel(x[i] ?? 0, grain, zone)
        : nameOf(wide.x[i], xs.spec);
  const partialFrom = factsOf(frame).partial_from;
  const partial = partialFrom && kind === 'time' ? x.findIndex((ms) => ms >= parseTime(partialFrom)) : -1;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const values of drawn)
    for (const v of values) {
      if (v === null) continue;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  const aims = normalize ? [] : rules(item, frame);
  const [aimLow, aimHigh] = reach(aims);
  low = Math.min(low, aimLow);
  high = Math.max(high, aimHigh);
  // Without a colour each row is a place of its own, in the order of the frame.
  const place = wide.groups[0]?.rows ?? [];
  for (const rule of aims)
    if (rule.values) rule.values = x.map((_, i) => rule.values?.[place[i] ?? -1] ?? null);
  const notes =
    kind === 'time' ? (factsOf(frame).notes ?? []).map((n) => ({ at: parseTime(n.at), text: n.text })) : [];
  /** What was written of moments of a bucket. */
  const written = (i: number) =>
    notes
      .filter((n) => n.at >= (x[i] ?? 0) && n.at < (x[i + 1] ?? nextBucket(x[i] ?? 0, grain, zone)))
      .map((n) => n.text);
  const end = x.length - 1;
  return {
    kind,
    x,
    all: wide.groups,
    groups,
    layers,
    drawn,
    bounds: normalize ? [0, 1] : [low, high],
    points: item.points === true,
    partial,
    area: area || mode !== '',
    normalize,
    zero: item.zero || mode !== '' || area,
    left: additive(item) ? 0 : wide.left,
    rules: aims,
    notes,
    look: how,
    axis: normalize ? { format: 'percent' } : how,
    noun: normalize ? '' : noun,
    zone,
    label,
    tip: (i) => {
      const rows = groups
        .map((g) => ({ g, v: g.values[i] ?? null }))
        .filter((r): r is { g: Group; v: number } => r.v !== null);
      const total = rows.reduce((s, r) => s + r.v, 0);
      rows.sort((a, b) => b.v - a.v);
      const share = (v: number) =>
        normalize ? ` (${shortText(v / (total || 1), { format: 'percent' })})` : '';
      return {
        title: label(i),
        rows: [
          ...rows.map(({ g, v }) => ({
            label: g.name || capital(noun),
            value: valueText(v, how) + share(v),
            slot: g.slot,
          })),
          ...(sum && rows.length > 1
            ? [{ label: t('all', { noun }), value: valueText(total, how), strong: true }]
            : []),
          ...aims
            .filter((r) => r.kind === 'target')
            .map((r) => ({ r, v: r.values ? (r.values[i] ?? null) : r.value }))
            .filter((x): x is { r: Rule; v: number } => x.v !== null)
            .map(({ r, v }) => ({
              label: r.values ? capital(r.label) : capital(targetName(item)),
              value: valueText(v, how),
              slot: 0,
            })),
        ],
        ...noted([
          ...written(i),
          ...(partial >= 0 && i >= partial
            ? [partialNote(grain)]
            : instant
              ? [t('inZone', { zone: zoneName(x[i] ?? 0, zone) })]
              : []),
        ]),
      };
    },
    last: (g) => {
      for (let i = end; i >= 0; i--) {
        const v = g.values[i];
        if (v == null) continue;
        if (!normalize) return shortText(v, how);
        const whole = groups.reduce((s, other) => s + Math.abs(other.values[i] ?? 0), 0);
        return shortText(v / (whole || 1), { format: 'percent' });
      }
      return '–';
    },
    range: (a, b) => {
      if (kind === 'category' || !x.length) return null;
      if (item.points) {
        if (kind === 'number') return { from: String(a), to: String(b) };
        const form = item.time && time ? time : { type: xs.spec.type, instant: xs.spec.instant === true };
        return {
          from: wireTime(Math.floor(a), form),
          to: wireTime(Math.ceil(b) + (form.type === 'date' ? DAY : 1), form),
        };
      }
      let first = 0;
      while (first < end && (x[first + 1] ?? 0) <= a) first++;
      let last = first;
      while (last < end && (x[last + 1] ?? 0) <= b) last++;
      if (kind === 'number') return { from: String(x[first]), to: String(x[last + 1] ?? b) };
      const until = x[last + 1] ?? nextBucket(x[last] ?? 0, grain, zone);
      const form = item.time && time ? time : { type: xs.spec.type, instant: xs.spec.instant === true };
      return { from: wireTime(x[first] ?? 0, form), to: wireTime(until, form) };
    },
  };
}

const noted = (list: string[]): { note?: string } => (list.length ? { note: list.join('\n') } : {});

/** Round bounds of the value axis for a height in pixels. */
export const valueDomain = (m: Lines, height: number): Domain =>
  m.normalize ? [0, 1] : niceDomain(m.bounds[0], m.bounds[1], height, m.zero);
