import { expect, test } from 'vitest';
import type { Facts, Frame, Item, Selection } from '../wire';
import { alarm, progress, reach, rules } from './aims';
import { delta } from './compare';
import { lines } from './lines';

const item = (over: Partial<Item> = {}): Item => ({
  panel: 'p',
  mark: 'kpi',
  title: 'T',
  width: 3,
  encoding: { y: 'y' },
  zero: true,
  time: false,
  why: '',
  target: 'target',
  ...over,
});

const frame = (value: number, facts: Omit<Facts, 'rows'>): Frame => ({
  revision: 1,
  columns: [{ name: 'y', type: 'float' }],
  values: [[value]],
  facts: { rows: 1, ...facts },
});

const aimed: Selection = { range: 'all', grain: 'auto', compare: 'target', filters: {} };

test('a figure is a share of its target, good or bad only where somebody said so', () => {
  expect(progress(item(), frame(43, { target: 50 }))).toEqual({
    target: 50,
    share: 0.86,
    text: '86% of target 50',
    good: null,
  });
  expect(progress(item({ better: 'more', target: 'Plan' }), frame(60, { target: 50 }))).toMatchObject({
    text: '120% of Plan 50',
    good: true,
  });
  expect(progress(item({ better: 'less' }), frame(60, { target: 50 }))?.good).toBe(false);
  expect(progress(item({ better: 'less' }), frame(50, { target: 50 }))?.good).toBe(true);
  // A rate is no part of another rate, nor a loss of a profit.
  expect(progress(item({ format: 'percent' }), frame(0.1, { target: 0.2 }))).toMatchObject({
    share: null,
    text: 'target 20.0%',
  });
  expect(progress(item(), frame(-5, { target: 50 }))?.share).toBeNull();
  expect(progress(item({ target: '' }), frame(43, { target: 50 }))).toBeNull();
  expect(progress(item(), frame(43, {}))).toBeNull();
});

test('compared with the target the difference is in sign and words', () => {
  expect(delta(item({ better: 'more' }), frame(43, { target: 50 }), aimed)).toMatchObject({
    arrow: '↓',
    text: '−14%',
    against: 'below target 50',
    good: false,
  });
  expect(delta(item(), frame(50, { target: 50 }), aimed)).toMatchObject({
    arrow: '→',
    against: 'on target 50',
  });
  expect(delta(item(), frame(10, { target: -5 }), aimed)).toMatchObject({ text: '+15' });
  expect(delta(item({ format: 'percent' }), frame(0.25, { target: 0.2 }), aimed)?.text).toBe('+5 pts');
  // Without a target it is the period before.
  expect(
    delta(item({ target: '' }), frame(43, { current: 2, previous: 1, period: '7d' }), aimed),
  ).toMatchObject({ text: '+100%', good: null });
  expect(
    delta(item({ better: 'less' }), frame(4, { current: 2, previous: 1 }), { ...aimed, compare: '' })?.good,
  ).toBe(false);
});

test('the first threshold that holds counts', () => {
  const bounded = item({
    thresholds: [
      { level: 'bad', op: '<', value: 0.2 },
      { level: 'warn', op: '<=', value: 0.25 },
    ],
  });
  const look = { type: 'float' };
  expect(alarm(bounded, 0.1, look)).toEqual({ level: 'bad', text: 'Below 0.2' });
  expect(alarm(bounded, 0.25, look)).toEqual({ level: 'warn', text: 'Below 0.25' });
  expect(alarm(bounded, 0.3, look)).toBeNull();
  expect(alarm(bounded, Number.NaN, look)).toBeNull();
});

test('a line has its target beside each value, and the axis holds it', () => {
  const line = item({ mark: 'line', encoding: { x: 'x', y: 'y', target: 'plan' }, target: 'Plan' });
  const series: Frame = {
    revision: 1,
    columns: [
      { name: 'x', type: 'date' },
      { name: 'y', type: 'float' },
      { name: 'plan', type: 'float' },
    ],
    values: [
      ['2026-01-01', '2026-02-01', '2026-03-01'],
      [10, null, 12],
      [11, 40, null],
    ],
  };
  const m = lines(series, line, null, new Set());
  expect(m.rules).toEqual([{ kind: 'target', label: 'Plan', value: null, values: [11, 40, null] }]);
  expect(m.bounds).toEqual([10, 40]);
  expect(m.tip(0).rows.at(-1)).toMatchObject({ label: 'Plan', value: '11' });
  const level = rules(
    item({ thresholds: [{ level: 'warn', op: '>', value: 900 }] }),
    frame(3, { target: 50 }),
  );
  expect(level.map((r) => [r.kind, r.label, r.value])).toEqual([
    ['warn', 'Above 900', 900],
    ['target', 'Target 50', 50],
  ]);
  expect(reach(level)).toEqual([50, 50]);
});

test('what was written of a moment is told with its bucket', () => {
  const series: Frame = {
    revision: 1,
    columns: [
      { name: 'x', type: 'date' },
      { name: 'y', type: 'float' },
    ],
    values: [
      ['2026-01-01', '2026-02-01', '2026-03-01'],
      [10, 11, 12],
    ],
    facts: {
      rows: 3,
      notes: [
        { at: '2026-01-20', text: 'A fair' },
        { at: '2026-03-05', text: 'A storm' },
      ],
    },
  };
  const m = lines(series, item({ mark: 'line', encoding: { x: 'x', y: 'y' } }), null, new Set());
  expect(m.notes.map((n) => n.text)).toEqual(['A fair', 'A storm']);
  expect([0, 1, 2].map((i) => m.tip(i).note)).toEqual(['A fair', undefined, 'A storm']);
});
