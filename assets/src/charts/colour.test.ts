import { expect, test } from 'vitest';
import { createPalette, GREY, SLOTS } from './colour';

test('a value has one colour whatever stands beside it', () => {
  const p = createPalette();
  const alone = p('region', ['North']).get('North');
  expect(createPalette()('region', ['North']).get('North')).toBe(alone);
  const together = p('region', ['South', 'North', 'East', 'West']);
  expect(together.get('North')).toBe(alone);
  const fewer = p('region', ['West', 'East']);
  expect(fewer.get('West')).toBe(together.get('West'));
  expect(fewer.get('East')).toBe(together.get('East'));
});

test('the order in which values come does not matter', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  expect([...createPalette()('f', names)].sort()).toEqual(
    [...createPalette()('f', [...names].reverse())].sort(),
  );
});

test('no two values of a panel share a colour, and the ninth is grey', () => {
  const names = Array.from({ length: 11 }, (_, i) => `value ${i}`);
  const slots = createPalette()('f', names);
  const used = names.slice(0, SLOTS).map((n) => slots.get(n));
  expect(new Set(used).size).toBe(SLOTS);
  expect(names.slice(SLOTS).every((n) => slots.get(n) === GREY)).toBe(true);
});

test('values that met in one panel still differ when another panel shows other sets of them', () => {
  const p = createPalette();
  const all = Array.from({ length: 40 }, (_, i) => `v${i}`);
  for (let i = 0; i + 5 <= all.length; i += 3) {
    const some = all.slice(i, i + 5);
    const slots = p('f', some);
    expect(new Set(some.map((v) => slots.get(v))).size).toBe(5);
  }
});

test('the empty value is grey', () => {
  expect(createPalette()('f', ['', 'x']).get('')).toBe(GREY);
});
