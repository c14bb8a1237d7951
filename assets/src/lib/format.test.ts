import { afterEach, expect, test } from 'vitest';
import {
  alignedFormat,
  axisNumber,
  bytes,
  change,
  currencyOf,
  duration,
  exact,
  kindOf,
  number,
  parts,
  percent,
  shortText,
  tickText,
  tidy,
  valueText,
} from './format';
import { language } from './words';

afterEach(() => {
  language.value = 'en';
});

test('numbers stand in full to 99,999 and then have three significant digits', () => {
  expect(number(99_999)).toBe('99,999');
  expect(number(144_210)).toBe('144K');
  expect(number(1_347_000)).toBe('1.35M');
  expect(exact(1_347_000)).toBe('1,347,000');
  expect(number(12.3456)).toBe('12.35');
});

test('a small number is not rounded to nothing', () => {
  expect(exact(0.00042)).toBe('0.00042');
  expect(exact(3.5527e-15)).toBe('3.55E−15');
  expect(axisNumber(0.05)).toBe('0.05');
});

test('negative numbers carry a true minus', () => {
  expect(exact(-5)).toBe('−5');
  expect(change(-0.768)).toBe('−76.8%');
  expect(change(0)).toBe('0%');
  expect(shortText(-20_120, { unit: 'EUR' })).toBe('−€20,120');
});

test('axes have at most one decimal', () => {
  expect(axisNumber(1500)).toBe('1.5K');
  expect(tickText(250_000, { unit: 'USD' })).toBe('$250K');
  expect(tickText(140, { unit: 'kn' }, true)).toBe('140\u2009kn');
  expect(tickText(0.25, { format: 'percent' })).toBe('25%');
});

test('neighbouring labels of an axis never read the same', () => {
  expect([0.45, 0.5, 0.55].map((v) => axisNumber(v, 0.05))).toEqual(['0.45', '0.5', '0.55']);
  expect([950, 1000, 1050].map((v) => axisNumber(v, 50))).toEqual(['950', '1K', '1.05K']);
  expect([0.1, 0.125].map((v) => tickText(v, { format: 'percent' }, false, 0.025))).toEqual(['10%', '12.5%']);
  expect(axisNumber(2_000_000, 500_000)).toBe('2M');
});

test('money stands where the language puts it', () => {
  expect(valueText(1234.5, { unit: 'EUR' })).toBe('€1,234.50');
  expect(valueText(1234, { unit: '$' })).toBe('$1,234');
  expect(shortText(40_512_330.5, { unit: 'USD' })).toBe('$40.5M');
  expect(shortText(1234.5, { unit: 'CHF' })).toBe('CHF 1,235');
  language.value = 'de';
  expect(valueText(1234.5, { unit: 'EUR' })).toBe('1.234,50\u2009€');
  expect(tickText(2500, { unit: 'EUR' }, true)).toMatch(/^2500\s€$/);
});

test('the large figure and its small unit come apart', () => {
  expect(parts(40_512_330, { unit: '$' })).toEqual({ before: '$', text: '40.5M', after: '' });
  expect(parts(0.106, { format: 'percent' })).toEqual({ before: '', text: '10.6', after: '%' });
  expect(parts(140, { unit: 'kn' })).toEqual({ before: '', text: '140', after: 'kn' });
});

test('only real currencies are money', () => {
  expect(currencyOf('EUR')).toBe('EUR');
  expect(currencyOf('£')).toBe('GBP');
  expect(currencyOf('MPH')).toBeUndefined();
  expect(kindOf({ unit: 'MPH' })).toBe('number');
});

test('numbers that are already in percent are not scaled again', () => {
  expect(valueText(12.5, { unit: '%' })).toBe('12.5%');
  expect(parts(12.5, { unit: '%' })).toEqual({ before: '', text: '12.5', after: '%' });
  language.value = 'de';
  expect(valueText(12.5, { unit: '%' })).toBe('12,5\u00a0%');
});

test('a percent travels as a fraction', () => {
  expect(percent(0.217)).toBe('21.7%');
  expect(kindOf({ unit: 'percent' })).toBe('percent');
  expect(valueText(0.125, { unit: 'percent' })).toBe('12.5%');
  expect(valueText(0.1254, { format: 'percent(2)' })).toBe('12.54%');
});

test('durations use the two largest units that they fill', () => {
  expect(duration(0.25)).toBe('250 ms');
  expect(duration(12.34)).toBe('12.3 s');
  expect(duration(200)).toBe('3 min 20 s');
  expect(duration(7500)).toBe('2 h 5 min');
  expect(duration(90_000)).toBe('1 d 1 h');
  expect(duration(3599.9)).toBe('1 h');
  expect(duration(-90)).toBe('−1 min 30 s');
});

test('bytes count in thousands', () => {
  expect(bytes(512)).toBe('512 B');
  expect(bytes(1_220_000)).toBe('1.22 MB');
});

test('the format of the measure rules', () => {
  expect(valueText(12.5, { format: 'integer' })).toBe('13');
  expect(valueText(12.5, { format: 'decimal(3)' })).toBe('12.500');
  expect(valueText(140, { format: 'decimal(1)', unit: 'kn' })).toBe('140\u2009kn');
  expect(valueText(90210, { format: 'id' })).toBe('90210');
  expect(valueText(12_345, { format: 'compact' })).toBe('12.3K');
});

test('numbers of a column have the same decimals', () => {
  expect(alignedFormat([16, 11.5, Number.NaN])).toBe('aligned(1)');
  expect(alignedFormat([1.239, 4])).toBe('aligned(2)');
  expect(alignedFormat([0.0312])).toBe('aligned(4)');
  expect(alignedFormat([1, 2])).toBeUndefined();
  expect(valueText(16, { format: 'aligned(1)' })).toBe('16.0');
  expect(valueText(78, { unit: 'EUR', format: 'aligned(2)' })).toBe('€78.00');
});

test('text in all capitals is only drawn in title case', () => {
  expect(tidy('AMERICAN AIRLINES')).toBe('American Airlines');
  expect(tidy('US AIRWAYS*')).toBe('US Airways*');
  expect(tidy('KLM')).toBe('KLM');
  expect(tidy('iPhone 15')).toBe('iPhone 15');
  expect(tidy('ÖSTERREICH')).toBe('Österreich');
});
