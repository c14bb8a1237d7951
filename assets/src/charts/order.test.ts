import { expect, test } from 'vitest';
import { distinct } from './order';

test('axes keep their natural order', () => {
  const s = { name: 'x', type: 'string' };
  expect(distinct(['Feb', 'Jan', 'Dec', 'Jan'], s)).toEqual(['Jan', 'Feb', 'Dec']);
  expect(distinct(['Sunday', 'Monday', null, 'Friday'], s)).toEqual(['Monday', 'Friday', 'Sunday', null]);
  expect(distinct(['Small', 'Large', 'Medium'], s)).toEqual(['Small', 'Large', 'Medium']);
  expect(distinct([10, 9, 100], { name: 'x', type: 'int' })).toEqual([9, 10, 100]);
  // A text that only begins like a month is no month.
  expect(distinct(['Marble', 'Apple'], s)).toEqual(['Marble', 'Apple']);
});
