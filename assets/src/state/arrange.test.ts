import { expect, test } from 'vitest';
import type { Item } from '../wire';
import { type EditItem, type EditRow, mayPlace, put, remove, replace, resize, step } from './arrange';

const panel = (name: string, width: number, mark = 'bar'): EditItem => ({
  panel: name,
  spec: { mark, name, width },
  item: { panel: name, mark, width } as Item,
});
const row = (...items: EditItem[]): EditRow => ({ height: 'medium', items });
const rows = [
  row(panel('k', 6, 'kpi'), panel('l', 6, 'kpi')),
  row(panel('a', 8), panel('b', 4)),
  row(panel('c', 4), panel('d', 4), panel('e', 4)),
  row(panel('t', 12, 'table')),
];
const show = (list: readonly EditRow[]) =>
  list.map((r) => r.items.map((i) => `${i.panel}${i.item.width}`).join(' '));

test('panels move within a row, into another one, and between rows', () => {
  expect(show(put(rows, 'e', { beside: 'c', side: 'left' }))[2]).toBe('e4 c4 d4');
  expect(show(put(rows, 'a', { beside: 'b', side: 'right' }))[1]).toBe('b4 a8');
  expect(show(put(rows, 'b', { beside: 'd', side: 'right' }))).toEqual([
    'k6 l6',
    'a12',
    'c3 d3 b3 e3',
    't12',
  ]);
  expect(show(put(rows, 't', { beside: 'a', side: 'above' }))).toEqual(['k6 l6', 't12', 'a8 b4', 'c4 d4 e4']);
  expect(show(put(rows, 'd', { beside: 't', side: 'below' }))).toEqual([
    'k6 l6',
    'a8 b4',
    'c6 e6',
    't12',
    'd12',
  ]);
});

test('figures stand among figures, and a row is full with four', () => {
  expect(mayPlace(rows, 'k', { beside: 'a', side: 'left' })).toBe(false);
  expect(mayPlace(rows, 'a', { beside: 'k', side: 'left' })).toBe(false);
  expect(mayPlace(rows, 'a', { beside: 'a', side: 'above' })).toBe(false);
  const full = put(rows, 'b', { beside: 'c', side: 'left' });
  expect(mayPlace(full, 'a', { beside: 'c', side: 'left' })).toBe(false);
  expect(put(full, 'a', { beside: 'c', side: 'left' })).toBe(full);
});

test('what is written has the width that is drawn', () => {
  for (const r of put(rows, 'b', { beside: 'd', side: 'right' }))
    for (const i of r.items) expect(i.spec.width).toBe(i.item.width);
});

test('arrow keys walk a panel through the whole grid', () => {
  expect(show(step(rows, 'a', 'ArrowRight'))[1]).toBe('b4 a8');
  expect(step(rows, 'a', 'ArrowLeft')).toBe(rows);
  expect(show(step(rows, 'a', 'ArrowDown'))).toEqual(['k6 l6', 'b12', 'a3 c3 d3 e3', 't12']);
  expect(show(step(rows, 'a', 'ArrowUp'))[0]).toBe('a12');
  expect(step([row(panel('x', 12))], 'x', 'ArrowDown')).toHaveLength(1);
});

test('a panel grows at the cost of its neighbour, and no further', () => {
  expect(show(resize(rows, 'a', 6))[1]).toBe('a6 b6');
  expect(show(resize(rows, 'a', 40))[1]).toBe('a9 b3');
  expect(show(resize(rows, 'e', 5))[2]).toBe('c4 d3 e5');
  expect(resize(rows, 't', 5)).toBe(rows);
  expect(resize(rows, 'k', 5)).toBe(rows);
});

test('a panel goes, and the others fill its row; another takes its place', () => {
  expect(show(remove(rows, 'd'))[2]).toBe('c6 e6');
  expect(show(remove(rows, 't'))).toHaveLength(3);
  const last = [row(panel('x', 12))];
  expect(remove(last, 'x')).toBe(last);
  expect(show(replace(rows, 'd', panel('z', 9)))[2]).toBe('c4 z4 e4');
});
