import { expect, test } from 'vitest';
import { contrast, legible, mix, tokensOf } from './look';

const light = { panel: '#ffffff', canvas: '#f6f6f3', ink: '#171714', dark: false };
const dark = { panel: '#161719', canvas: '#0e0f10', ink: '#eeeeeb', dark: true };

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#000', '#fff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
  expect(legible('#2f5bd8', '#ffffff', '#000000', 3)).toBe('#2f5bd8');
});

test('whatever colour is written, marks and words stay legible in both themes', () => {
  for (const color of [
    '#ffff00',
    '#ffffff',
    '#000000',
    '#3b6cf6',
    '#ff0000',
    '#00ff00',
    '#161719',
    '#808080',
  ])
    for (const ground of [light, dark]) {
      const t = tokensOf(
        { accent: color, palette: [color, color], positive: color, negative: color },
        ground,
      );
      for (const mark of ['accent', 'series-1', 'series-2'])
        expect(contrast(t[mark] ?? '', ground.panel), `${color} ${mark}`).toBeGreaterThanOrEqual(3);
      for (const word of ['accent-ink', 'good', 'bad']) {
        expect(contrast(t[word] ?? '', ground.panel), `${color} ${word}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(t[word] ?? '', ground.canvas), `${color} ${word}`).toBeGreaterThanOrEqual(4.5);
      }
      expect(contrast(t.good ?? '', t['good-soft'] ?? '')).toBeGreaterThanOrEqual(4.5);
      expect(contrast(t['accent-ink'] ?? '', t['accent-soft'] ?? '')).toBeGreaterThanOrEqual(4.5);
    }
});

test('what nobody wrote stays as it is', () => {
  expect(tokensOf({}, light)).toEqual({});
  expect(Object.keys(tokensOf({ palette: ['#112233', '', '#445566'] }, light))).toEqual([
    'series-1',
    'series-3',
  ]);
});
