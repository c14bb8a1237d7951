import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { qrCode } from './qr';

const link = (n: number) =>
  `http://192.0.2.20:7070/s#${'0123456789abcdefghijklmnopqrstuvwxyzABC-_'.repeat(20).slice(0, n)}`;

function digest(grid: boolean[][] | null): string {
  const text = (grid ?? []).map((row) => row.map(Number).join('')).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** These very grids were read back by an independent reader. */
test.each([
  [0, 25, 'e3504d350fb194be'],
  [43, 37, 'c6fcaffa9a957026'],
  [120, 49, 'afa9ebd6cc9c16a7'],
  [400, 81, '13f29180a9b7bc23'],
])('a link with %i letters of token is a grid of %i', (n, size, known) => {
  const grid = qrCode(link(n));
  expect(grid?.length).toBe(size);
  expect(digest(grid)).toBe(known);
});

test('the corners, the timing line and the dark module stand where readers look for them', () => {
  const grid = qrCode(link(120)) ?? [];
  const size = grid.length;
  for (const [x, y] of [
    [0, 0],
    [size - 7, 0],
    [0, size - 7],
  ] as const) {
    expect(grid[y]?.slice(x, x + 7)).toEqual(new Array(7).fill(true));
    expect(grid[y + 3]?.slice(x, x + 7)).toEqual([true, false, true, true, true, false, true]);
  }
  for (let i = 8; i < size - 8; i++) expect(grid[6]?.[i]).toBe(i % 2 === 0);
  expect(grid[size - 8]?.[8]).toBe(true);
});

test('what is too long is no code', () => {
  expect(qrCode('x'.repeat(666))).not.toBeNull();
  expect(qrCode('x'.repeat(667))).toBeNull();
});
