import { expect, test } from 'vitest';
import { jump, moved, TALLEST, tall } from './tall';

const VIEW = 640;
const real = 10_000_000 * 32;

test('a body that fits scrolls as it is', () => {
  const t = tall(5000);
  expect(moved(t, 0, 1200, VIEW)).toEqual({ top: 1200, offset: 0 });
  expect(jump(t, 99_999, VIEW)).toEqual({ top: 5000 - VIEW, offset: 0 });
});

test('the scroll bar reaches the first and the last row', () => {
  const t = tall(real);
  const end = moved(t, 0, TALLEST - VIEW, VIEW);
  expect(end.top + end.offset).toBe(real - VIEW);
  const start = moved({ ...t, offset: end.offset }, end.top, 0, VIEW);
  expect(start).toEqual({ top: 0, offset: 0 });
});

test('every real position can be jumped to, and is within what is laid out', () => {
  const t = tall(real);
  for (let k = 0; k <= 1000; k++) {
    const to = Math.round(((real - VIEW) * k) / 1000);
    const { top, offset } = jump(t, to, VIEW);
    expect(top + offset).toBe(to);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThanOrEqual(TALLEST - VIEW);
  }
});

test('the wheel moves by pixels and never past a row, from end to end', () => {
  let t = tall(real);
  let top = 0;
  // Begin close before the first end of the bar, where pages change.
  ({ top, offset: t.offset } = jump(t, TALLEST - VIEW - 500, VIEW));
  let at = top + t.offset;
  for (let i = 0; i < 200; i++) {
    const next = moved(t, top, top + 100, VIEW);
    t = { ...t, offset: next.offset };
    top = next.top;
    expect(top + t.offset).toBe(at + 100);
    at += 100;
  }
  for (let i = 0; i < 400; i++) {
    const next = moved(t, top, Math.max(0, top - 100), VIEW);
    t = { ...t, offset: next.offset };
    top = next.top;
    expect(top + t.offset).toBe(at - 100);
    at -= 100;
  }
});
