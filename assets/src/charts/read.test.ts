import { expect, test } from 'vitest';
import type { Item, Selection } from '../wire';
import { additive, chosen, filterText, nameOf, nounOf, spell } from './read';

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

test('a filter is read as the address spells it', () => {
  const selection = { ...everything, filters: { c: ['Large', '!Small', ''], n: ['10..20'], open: ['..5'] } };
  expect([...chosen(selection, 'c').values]).toEqual(['Large', '']);
  expect([...chosen(selection, 'c').excluded]).toEqual(['Small']);
  expect(chosen(selection, 'n').range).toEqual({ from: '10', to: '20' });
  expect(chosen(selection, 'open').range).toEqual({ from: '', to: '5' });
  expect(chosen(selection, 'none').any).toBe(false);
  expect([filterText(null), filterText(true), filterText(1.5)]).toEqual(['', 'true', '1.5']);
});

test('a value that begins like a sign of the filter is marked as literal', () => {
  expect([spell('!A'), spell('~b'), spell('=c'), spell('d'), spell('')]).toEqual([
    '=!A',
    '=~b',
    '==c',
    'd',
    '',
  ]);
  const filters = { c: ['=!A', '!=~b', '~part', 'wait..what'] };
  const c = chosen({ ...everything, filters }, 'c');
  expect([...c.values]).toEqual(['!A', 'wait..what']);
  expect([...c.excluded]).toEqual(['~b']);
  expect(c.range).toBeNull();
});

test('values add up where the server stacks them or starts their trend at zero', () => {
  expect(additive(item({ mark: 'line', zero: true }))).toBe(true);
  expect(additive(item({ mark: 'line', zero: true, format: 'percent' }))).toBe(false);
  expect(additive(item({ mark: 'column', zero: true }))).toBe(false);
  expect(additive(item({ mark: 'column', stack: 'zero' }))).toBe(true);
});

test('cycles of the calendar have names, other integers are their own', () => {
  expect(nameOf(8, { name: 'month_of_year', type: 'int' })).toBe('Aug');
  expect(nameOf(1, { name: 'y', type: 'int', role: 'day_of_week' })).toBe('Mon');
  expect(nameOf(9, { name: 'hour_of_day', type: 'int' })).toBe('09:00');
  expect(nameOf(3, { name: 'month', type: 'int', role: 'cyclic' })).toBe('Mar');
  expect(nameOf(3, { name: 'weekday', type: 'int', role: 'cyclic' })).toBe('3');
  expect(nameOf(3, { name: 'month', type: 'int' })).toBe('3');
  expect(nameOf(2021, { name: 'year', type: 'int' })).toBe('2021');
  expect(nameOf(null)).toBe('(empty)');
});

test('a unit is no noun, and names within sentences keep their capitals', () => {
  expect(nounOf(item({ noun: 'orders' }), { name: 'n', type: 'int' })).toBe('orders');
  expect(nounOf(item({ noun: 'EUR' }), { name: 'r', label: 'Revenue', type: 'float', unit: 'EUR' })).toBe(
    'revenue',
  );
  expect(nounOf(item(), { name: 'r', label: 'Cost Total', type: 'float' })).toBe('Cost Total');
});
