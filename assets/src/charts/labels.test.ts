import { expect, test } from 'vitest';
import { spread } from './labels';

test('labels that would touch move apart and stay inside', () => {
  expect(spread([10, 12, 100], 17, 0, 200)).toEqual([10, 27, 100]);
  expect(spread([195, 198], 17, 0, 200)).toEqual([183, 200]);
  expect(spread([50, 20], 17, 0, 200)).toEqual([50, 20]);
});
