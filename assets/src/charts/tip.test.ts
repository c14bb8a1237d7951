import { expect, test } from 'vitest';
import { placeOf } from './tip';

test('a moment falls into the bucket that begins at it or before it', () => {
  const days = [0, 10, 20, 30];
  expect([-1, 0, 9, 10, 25, 30, 39, 40].map((at) => placeOf(days, at))).toEqual([
    null,
    0,
    0,
    1,
    2,
    3,
    3,
    null,
  ]);
  // Of one bucket alone nobody knows how wide it is, but for where it begins.
  expect([4, 5, 6].map((at) => placeOf([5], at))).toEqual([null, 0, null]);
  expect(placeOf([], 5)).toBeNull();
});
