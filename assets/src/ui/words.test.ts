import { expect, test } from 'vitest';
import { ENGLISH } from './words';
import { GERMAN } from './words.de';

const forms = (text: string | { one: string; other: string }) =>
  typeof text === 'string' ? [text] : [text.one, text.other];
const names = (text: string | { one: string; other: string }) =>
  new Set(forms(text).flatMap((t) => [...t.matchAll(/\{(\w+)\}/g)].map((m) => m[1])));

test('both languages have every text, and none is empty', () => {
  expect(Object.keys(GERMAN)).toEqual(Object.keys(ENGLISH));
  for (const text of [...Object.values(ENGLISH), ...Object.values(GERMAN)])
    for (const form of forms(text)) expect(form.trim()).not.toBe('');
});

test.each(Object.keys(ENGLISH) as (keyof typeof ENGLISH)[])(
  '%s names the same values in both languages',
  (key) => {
    expect(names(GERMAN[key])).toEqual(names(ENGLISH[key]));
  },
);

test('nothing shouts', () => {
  for (const text of [...Object.values(ENGLISH), ...Object.values(GERMAN)])
    for (const form of forms(text)) expect(form).not.toMatch(/!|oops/i);
});
