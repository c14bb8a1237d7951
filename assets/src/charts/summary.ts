/** The one sentence under a title: what a reader would otherwise have to find by looking. Also the accessible name. */
import { change, percent, shortText, valueText } from '../lib/format';
import { bucketLabel, type Grain, inferGrain, isGrain, parseTime } from '../lib/time';
import { locale, t } from '../lib/words';
import type { Frame, Item, Selection, TimeAxis } from '../wire';
import { delta } from './compare';
import { grid } from './grid';
import { ordered } from './order';
import { pivot } from './pivot';
import { cloud, spearman } from './points';
import {
  additive,
  col,
  factsOf,
  height,
  isTime,
  labelOf,
  look,
  magnitude,
  nameOf,
  nounOf,
  num,
  slices,
  zoneOf,
} from './read';

const PLAIN: Selection = { range: 'all', grain: 'auto', compare: '', filters: {} };

type Say = (item: Item, frame: Frame, time: TimeAxis | null) => string;

/** English writes the common noun at the head of a bucket's name small within a sentence; German keeps it. */
const inSentence = (name: string) =>
  locale.value.startsWith('en') ? name.charAt(0).toLowerCase() + name.slice(1) : name;

/** "in August 2001", "on 4 May": the preposition depends on what kind of place it is. */
function placed(when: string, grain: Grain | null): string {
  switch (grain) {
    case null:
      return t('placeFor', { when });
    case 'day':
      return t('placeDay', { when });
    case 'year':
    case 'quarter':
      return t('placeSpan', { when });
    case 'week':
      return t('placeWeek', { when: inSentence(when) });
    case 'month':
      return t('placeMonth', { when });
    default:
      return t('placeTime', { when });
  }
}

const series: Say = (item, frame, time) => {
  if (item.points) return counted(frame);
  const xs = col(frame, item.encoding.x, 0);
  const ys = col(frame, item.encoding.y, frame.columns.length - 1);
  const { x, groups } = pivot(frame, item);
  const temporal = isTime(xs.spec.type);
  const ms = temporal ? x.map(parseTime) : [];
  const grain: Grain | null = !temporal
    ? null
    : item.time && time && isGrain(time.grain)
      ? time.grain
      : inferGrain(ms);
  const place = (i: number) =>
    grain === null ? nameOf(x[i], xs.spec) : bucketLabel(ms[i] ?? 0, grain, zoneOf(xs.spec, item, time));
  const partial = factsOf(frame).partial_from;
  const end = partial && temporal ? ms.findIndex((v) => v >= parseTime(partial)) : -1;
  // The bucket that still grows cannot be the highest, unless there is no other.
  const n = end > 0 ? end : x.length;
  const split = item.encoding.color ? col(frame, item.encoding.color) : null;
  const by = split && split.at >= 0 ? `${t('byField', { field: labelOf(split.spec) })}. ` : '';
  const how = look(item, ys.spec);
  if (item.stack === 'normalize' && groups.length > 1) {
    // A picture of shares says who has the largest.
    const sums = groups.map((g) => g.values.reduce<number>((s, v) => s + (v ?? 0), 0));
    const all = sums.reduce((s, v) => s + v, 0);
    const first = sums.indexOf(Math.max(...sums));
    if (all > 0)
      return t('holds', {
        name: groups[first]?.name ?? '',
        share: percent((sums[first] ?? 0) / all, 0),
        noun: nounOf(item, ys.spec),
      });
  }
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  let who = '';
  const sum = additive(item);
  for (let i = 0; i < n; i++) {
    if (sum) {
      let v = 0;
      for (const g of groups) v += g.values[i] ?? 0;
      if (v > most) {
        most = v;
        best = i;
      }
    } else
      for (const g of groups) {
        const v = g.values[i];
        if (v == null || v <= most) continue;
        most = v;
        best = i;
        who = g.name;
      }
  }
  if (best < 0) return '';
  const value = valueText(most, how);
  if (who && grain === null)
    return by + t('highest', { place: placed(`${who}, ${place(best)}`, null), value });
  const at = placed(place(best), grain);
  if (who) return by + t('highestOne', { name: who, place: at, value });
  // A sum is on none of the lines.
  return by + t(sum && groups.length > 1 ? 'highestAll' : 'highest', { place: at, value });
};

/** How many points stand for the rows. */
const counted = (frame: Frame): string => {
  const { sampled } = factsOf(frame);
  const n = height(frame);
  return sampled ? t('pointsOf', { n, total: sampled }) : t('points', { n });
};

/** Small charts: of what, and how many of them. */
const small = (item: Item, frame: Frame): string => {
  const { facets = [], more_facets: more = 0 } = factsOf(frame);
  const field = labelOf(col(frame, item.encoding.facet).spec);
  if (more === 0) return t('smallAll', { field });
  return t('smallSome', { n: facets.length, total: facets.length + more, field });
};

const ranked: Say = (item, frame) => {
  const names = col(frame, item.encoding.y, 0);
  const values = col(frame, item.encoding.x, 1);
  return leader(item, names, values, factsOf(frame).sum);
};

const donut: Say = (item, frame) => {
  const { names, values } = slices(frame, item);
  const { sum, other_value = 0 } = factsOf(frame);
  return leader(
    item,
    names,
    values,
    sum ?? values.cells.reduce<number>((s, v) => s + (num(v) || 0), other_value),
  );
};

function leader(
  item: Item,
  names: ReturnType<typeof col>,
  values: ReturnType<typeof col>,
  sum: number | undefined,
): string {
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  values.cells.forEach((cell, i) => {
    const v = num(cell);
    if (v > most) {
      most = v;
      best = i;
    }
  });
  if (best < 0) return '';
  const name = nameOf(names.cells[best], names.spec);
  // The server names a sum exactly where the values add up to one.
  if (sum && sum > 0)
    return t('holds', {
      name,
      share: percent(most / sum, most / sum > 0.1 ? 0 : 1),
      noun: nounOf(item, values.spec),
    });
  return t('leads', { name, value: valueText(most, look(item, values.spec)) });
}

const histogram: Say = (item, frame) => {
  const { median, empty = 0, rows } = factsOf(frame);
  if (empty > 0) return t('noValue', { n: empty, total: rows });
  if (median === undefined) return '';
  const start = col(frame, 'start', 0).spec;
  return t('medianSentence', {
    value: valueText(median, { type: start.type, unit: start.unit, format: item.format }),
  });
};

const box: Say = (item, frame) => {
  const names = col(frame, item.encoding.y, 0);
  const medians = col(frame, 'median');
  let best = -1;
  medians.cells.forEach((cell, i) => {
    if (best < 0 || num(cell) > num(medians.cells[best])) best = i;
  });
  if (best < 0) return t('boxKey');
  const name = nameOf(names.cells[best], names.spec);
  const value = valueText(num(medians.cells[best]), look(item, medians.spec));
  return `${t('medianHighest', { name, value })}. ${t('boxKey')}`;
};

const heatmap: Say = (item, frame, time) => {
  const g = grid(frame, item, time);
  const column = magnitude(frame, item).spec;
  const ys = col(frame, item.encoding.y, 1);
  const n = g.y.keys.length;
  if (!n) return '';
  const sums = g.values.map((line) => line.reduce<number>((s, v) => s + (v ?? 0), 0));
  const all = sums.reduce((s, v) => s + v, 0);
  if (additive(item) && all > 0 && g.min >= 0) {
    if (n >= 6 && ordered(g.y.cells, ys.spec)) {
      // The quarter of neighbouring rows that holds most: a season, a part of the day.
      const size = Math.max(2, Math.round(n / 4));
      let best = 0;
      let most = -1;
      for (let i = 0; i + size <= n; i++) {
        const v = sums.slice(i, i + size).reduce((s, x) => s + x, 0);
        if (v > most) {
          most = v;
          best = i;
        }
      }
      return t('holdsWindow', {
        from: g.y.short[best] ?? '',
        to: g.y.short[best + size - 1] ?? '',
        share: percent(most / all, 0),
        noun: nounOf(item, column),
      });
    }
    const best = sums.indexOf(Math.max(...sums));
    return t('holds', {
      name: g.y.long[best] ?? '',
      share: percent((sums[best] ?? 0) / all, 0),
      noun: nounOf(item, column),
    });
  }
  let at = '';
  g.values.forEach((line, r) => {
    line.forEach((v, c) => {
      if (v === g.max && !at) at = `${g.y.long[r]}, ${g.x.long[c]}`;
    });
  });
  return t('highest', { place: placed(at, null), value: valueText(g.max, look(item, column)) });
};

const scatter: Say = (item, frame) => {
  const { rows, binned, sampled } = factsOf(frame);
  if (binned) return t('binned', { n: rows });
  const c = cloud(frame, item);
  const count = sampled ? t('pointsOf', { n: c.x.length, total: sampled }) : t('points', { n: c.x.length });
  const r = spearman(c.x, c.y);
  const names = { x: labelOf(c.specX), y: labelOf(c.specY) };
  const relation = r > 0.4 ? t('rises', names) : r < -0.4 ? t('falls', names) : t('noRelation');
  const log = c.logX || c.logY ? `, ${t('logScale')}` : '';
  return `${relation}. ${count}${log}`;
};

const table: Say = (_, frame) => {
  const { total, sort = '', rows } = factsOf(frame);
  const n = total ?? Math.max(rows, height(frame));
  const down = sort.startsWith('-');
  const column = frame.columns.find((c) => c.name === sort.replace(/^-/, ''));
  if (!column) return t('rows', { n });
  const order =
    down && isTime(column.type)
      ? t('newestFirst')
      : t(down ? 'sortedDown' : 'sortedUp', { column: labelOf(column) });
  return `${t('rows', { n })}, ${order}`;
};

const kpi: Say = (item, frame) => {
  const y = col(frame, item.encoding.y, 0);
  const value = num(y.cells[0]);
  const d = delta(item, frame, PLAIN);
  const text = Number.isFinite(value) ? valueText(value, look(item, y.spec)) : '–';
  return d ? `${text}, ${d.arrow} ${d.text} ${d.against}` : text;
};

const calendar: Say = (item, frame, time) => {
  const days = col(frame, item.encoding.x, 0);
  const values = col(frame, item.encoding.y ?? item.encoding.color, 1);
  let best = -1;
  values.cells.forEach((cell, i) => {
    if (Number.isFinite(num(cell)) && (best < 0 || num(cell) > num(values.cells[best]))) best = i;
  });
  if (best < 0) return '';
  const when = bucketLabel(parseTime(days.cells[best]), 'day', zoneOf(days.spec, item, time));
  return t('highest', {
    place: placed(when, 'day'),
    value: valueText(num(values.cells[best]), look(item, values.spec)),
  });
};

const candles: Say = (item, frame) => {
  const close = col(frame, 'close', 4);
  const n = close.cells.length;
  const last = num(close.cells[n - 1]);
  const before = num(close.cells[n - 2]);
  if (!Number.isFinite(last)) return '';
  const how = look(item, close.spec);
  if (!Number.isFinite(before) || before === 0) return t('latest', { value: valueText(last, how) });
  return t('lastClose', { value: shortText(last, how), change: change((last - before) / Math.abs(before)) });
};

const SAY: Record<string, Say> = {
  kpi,
  line: series,
  area: series,
  column: series,
  bar: ranked,
  ranked,
  histogram,
  box,
  heatmap,
  scatter,
  table,
  calendar,
  donut,
  candlestick: candles,
  combo: series,
  pivot: heatmap,
  text: () => '',
};

interface Said {
  item: Item;
  time: TimeAxis | null;
  locale: string;
  text: string;
}

/** Frames are never changed, so what was said about one holds. */
const said = new WeakMap<Frame, Said>();

/** Empty where there is nothing to say: no rows, or a mark that speaks for itself. */
export function summary(item: Item, frame: Frame, time: TimeAxis | null): string {
  if (!height(frame)) return '';
  const known = said.get(frame);
  if (known?.item === item && known.time === time && known.locale === locale.value) return known.text;
  const text = item.encoding.facet ? small(item, frame) : (SAY[item.mark] ?? table)(item, frame, time);
  said.set(frame, { item, time, locale: locale.value, text });
  return text;
}
