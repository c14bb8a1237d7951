import { expect, test } from 'vitest';
import { areaPath, linePath } from './path';

test('a path breaks where there is no value', () => {
  const y = [1, Number.NaN, 3, 4];
  expect(
    linePath(
      4,
      (i) => i,
      (i) => y[i] ?? Number.NaN,
    ),
  ).toBe('M0.0,1.0M2.0,3.0L3.0,4.0');
  expect(
    areaPath(
      2,
      (i) => i,
      (i) => i,
      9,
    ),
  ).toBe('M0.0,9.0L0.0,0.0L1.0,1.0L1.0,9.0Z');
});
