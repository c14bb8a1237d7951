import { expect, test } from 'vitest';
import type { Field } from '../wire';
import { call, partsOf, read, type SpecItem, write } from './specParts';

const field = (name: string, type: string, role: string, distinct: number): Field => ({
  name,
  label: name,
  type,
  role,
  distinct,
});
const fields = [
  field('id', 'string', 'id', 900),
  field('on', 'date', 'temporal', 300),
  field('region', 'string', 'nominal', 4),
  field('product', 'string', 'nominal', 40),
  field('amount', 'float', 'currency', 700),
  field('pieces', 'int', 'count', 9),
];
const to = (mark: string, spec: SpecItem, keys: string[] = []) =>
  write(spec, { ...read(spec), mark }, keys, fields, 'on');

test('a question keeps its measure and its column under another mark', () => {
  const bar = { mark: 'bar', x: 'sum(amount)', y: 'region', name: 'p', width: 4, limit: 5 };
  expect(to('donut', bar)).toEqual({ mark: 'donut', x: 'sum(amount)', y: 'region', name: 'p', width: 4 });
  expect(to('line', bar)).toEqual({ mark: 'line', x: 'on', y: 'sum(amount)', name: 'p', width: 4 });
  expect(to('column', bar)).toEqual({ mark: 'column', x: 'region', y: 'sum(amount)', name: 'p', width: 4 });
  expect(to('heatmap', bar)).toEqual({
    mark: 'heatmap',
    x: 'region',
    y: 'product',
    color: 'sum(amount)',
    name: 'p',
    width: 4,
  });
  expect(to('bar', bar, ['limit'])).toEqual(bar);
});

test('what a mark needs and nobody chose is the most likely column', () => {
  expect(to('scatter', { mark: 'kpi', y: 'count()' })).toEqual({ mark: 'scatter', x: 'amount', y: 'pieces' });
  expect(to('box', { mark: 'kpi', y: 'count()' })).toEqual({ mark: 'box', x: 'amount', y: 'region' });
  expect(to('bar', { mark: 'line', x: 'on', y: 'sum(amount)', color: 'region' })).toEqual({
    mark: 'bar',
    x: 'sum(amount)',
    y: 'region',
  });
  expect(to('kpi', {})).toEqual({ mark: 'kpi', y: 'count()' });
});

test('a stack needs something to stack, and a colour is not the axis', () => {
  const area = { mark: 'area', x: 'on', y: 'count()', color: 'region', stack: 'normalize' };
  expect(to('area', area)).toEqual(area);
  expect(write(area, { ...read(area), color: '' }, [], fields, 'on')).toEqual({
    mark: 'area',
    x: 'on',
    y: 'count()',
  });
  expect(write(area, { ...read(area), mark: 'column', across: 'region' }, [], fields, 'on')).toEqual({
    mark: 'column',
    x: 'region',
    y: 'count()',
  });
});

test('columns are called by their name, in quotes where it could be misread', () => {
  expect(call('sum', 'Cost Total')).toBe('sum(Cost Total)');
  expect(call('sum', 'Pieces, in all')).toBe('sum("Pieces, in all")');
  expect(call('avg', 'a(b')).toBe('avg("a(b")');
  expect(partsOf('scatter')).toEqual(['number', 'number2', 'color', 'facet']);
  expect(partsOf('table')).toEqual([]);
});

test('a target is a number or a measure, of one line alone', () => {
  const kpi = { mark: 'kpi', y: 'count()', target: 500, better: 'less', thresholds: { bad: '> 9' } };
  expect(read(kpi)).toMatchObject({ target: '500', better: 'less' });
  expect(write(kpi, read(kpi), ['thresholds'], fields, 'on')).toEqual(kpi);
  expect(write(kpi, { ...read(kpi), target: 'sum(amount)', better: '' }, [], fields, 'on')).toEqual({
    mark: 'kpi',
    y: 'count()',
    target: 'sum(amount)',
  });
  const line = { mark: 'line', x: 'on', y: 'count()', target: 3 };
  expect(write(line, { ...read(line), color: 'region' }, [], fields, 'on')).toEqual({
    mark: 'line',
    x: 'on',
    y: 'count()',
    color: 'region',
  });
});

test('what is made of a measure along the axis comes apart and together again', () => {
  const spec: SpecItem = { mark: 'line', x: 'ordered_at', y: 'change(sum(amount), year)', facet: 'region' };
  const parts = read(spec);
  expect(parts).toMatchObject({ measure: 'sum(amount)', along: 'change(%, year)', facet: 'region' });
  const keys = ['x', 'y', 'color', 'facet', 'stack'];
  expect(write(spec, parts, keys, fields, 'ordered_at').y).toBe('change(sum(amount), year)');
  expect(write(spec, { ...parts, along: '' }, keys, fields, 'ordered_at').y).toBe('sum(amount)');
  // A bar has no axis to go along, and a small chart for each of its own categories would be none.
  expect(write(spec, { ...parts, mark: 'bar' }, ['x', 'y', 'facet'], fields, 'ordered_at').x).toBe(
    'sum(amount)',
  );
  expect(write(spec, { ...parts, across: 'region' }, keys, fields, '').facet).toBeUndefined();
  expect(partsOf('line')).toContain('along');
  expect(partsOf('bar')).not.toContain('along');
});

test('how a panel is drawn stays with its mark, and what lights up with the panel', () => {
  const spec: SpecItem = { mark: 'kpi', y: 'count()', sparkline: false, compare: 'none', highlight: 'none' };
  const keys = ['y', 'sparkline', 'compare', 'highlight'];
  expect(write(spec, { ...read(spec), measure: 'sum(amount)' }, keys, fields, 'on')).toEqual({
    ...spec,
    y: 'sum(amount)',
  });
  const bar = write(spec, { ...read(spec), mark: 'bar' }, ['x', 'y', 'other', 'highlight'], fields, 'on');
  expect(bar).toMatchObject({ mark: 'bar', highlight: 'none' });
  expect(bar).not.toHaveProperty('sparkline');
  expect(bar).not.toHaveProperty('compare');
});
