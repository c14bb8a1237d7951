import { expect, test } from 'vitest';
import type { Frame, Item, Selection } from '../wire';
import { delta, periodWords } from './compare';

const item = (over: Partial<Item> = {}): Item => ({
  panel: 'p',
  mark: 'kpi',
  title: 'T',
  width: 3,
  encoding: { x: 'x', y: 'y' },
  zero: true,
  time: false,
  why: '',
  ...over,
});

const everything: Selection = { range: 'all', grain: 'auto', compare: 'previous period', filters: {} };

test('the comparison is a ratio, for shares a difference in points, and honest about nothing', () => {
  const frame = (current: number, previous: number): Frame => ({
    revision: 1,
    columns: [{ name: 'y', type: 'float' }],
    values: [[1]],
    facts: { rows: 1, current, previous, period: '12mo' },
  });
  expect(delta(item(), frame(103.8, 100), everything)).toMatchObject({
    arrow: '↑',
    text: '+3.8%',
    against: 'vs. prior 12 mo',
  });
  expect(delta(item(), frame(50, 50), everything)).toMatchObject({ arrow: '→', text: '0%' });
  expect(delta(item({ format: 'percent' }), frame(0.104, 0.117), everything)).toMatchObject({
    arrow: '↓',
    text: '−1.3 pts',
  });
  expect(delta(item(), frame(-20, 60), everything)).toMatchObject({ arrow: '↓', text: '−80' });
  expect(delta(item(), frame(5, 0), everything)).toBeNull();
  expect(delta(item(), { revision: 1, columns: [], values: [] }, everything)).toBeNull();
  expect(delta(item(), frame(1, 2), { ...everything, compare: 'previous year' })?.against).toBe(
    'vs. year before',
  );
});

test('periods are words', () => {
  expect([periodWords('30d'), periodWords('1mo'), periodWords('24h'), periodWords('odd')]).toEqual([
    '30 days',
    'month',
    '24 hours',
    'odd',
  ]);
});
