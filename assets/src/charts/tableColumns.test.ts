import { expect, test } from 'vitest';
import { moveColumn, shownColumns, toggleColumn, writeColumns } from './tableColumns';

const all = ['a', 'b', 'c', 'd'];

test('a choice of columns survives a file that loses one', () => {
  expect(shownColumns(all, undefined)).toEqual(all);
  expect(shownColumns(all, 'c,gone,a')).toEqual(['c', 'a']);
  expect(shownColumns(all, 'gone')).toEqual(all);
  expect(writeColumns(all, all)).toBeNull();
  expect(shownColumns(['x, y', 'z'], writeColumns(['x, y', 'z'], ['x, y']) ?? '')).toEqual(['x, y']);
});

test('columns move, go, and come back to their place', () => {
  expect(moveColumn(all, 'a', 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(moveColumn(all, 'd', -1)).toEqual(['d', 'a', 'b', 'c']);
  expect(moveColumn(all, 'nothing', 0)).toEqual(all);
  const without = toggleColumn(all, all, 'b');
  expect(without).toEqual(['a', 'c', 'd']);
  expect(toggleColumn(all, without, 'b')).toEqual(all);
  expect(toggleColumn(all, ['d'], 'a')).toEqual(['a', 'd']);
  expect(toggleColumn(all, ['d'], 'd')).toEqual(['d']);
});
