import { afterEach, expect, test } from 'vitest';
import { catalogue, fill, language, t } from './words';

afterEach(() => {
  language.value = 'en';
});

test('the number in a sentence chooses its form and is grouped', () => {
  expect(t('rows', { n: 1 })).toBe('1 row');
  expect(t('rows', { n: 10_003 })).toBe('10,003 rows');
  expect(t('noValue', { n: 1, total: 2000 })).toBe('1 of 2,000 rows has no value');
});

test('both languages speak of the same things', () => {
  const say = catalogue({ hello: 'Hello {name}' }, { hello: 'Hallo {name}' });
  expect(say('hello', { name: 'Ada' })).toBe('Hello Ada');
  language.value = 'de';
  expect(say('hello', { name: 'Ada' })).toBe('Hallo Ada');
  expect(t('rows', { n: 10_003 })).toBe('10.003 Zeilen');
});

test('a value that is missing stays visible', () => {
  expect(fill('{a} and {b}', 'en-GB', { a: 'one' })).toBe('one and {b}');
});

test('text in a value is not read as a template', () => {
  expect(fill('{a}{b}', 'en-GB', { a: '{b}', b: 'x' })).toBe('{b}x');
});
