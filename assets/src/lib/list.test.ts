import { expect, test } from 'vitest';
import { joinList, splitList } from './list';

test('a list of names comes back whatever the names hold', () => {
  for (const names of [['a'], ['a', 'b'], ['Income, total', 'x\\y', '\\,', ''], ['a', ''], ['ä|b', '"c"']])
    expect(splitList(joinList(names))).toEqual(names);
  expect(splitList('')).toEqual([]);
  expect(joinList(['Income, total', 'a'])).toBe('Income\\, total,a');
});
