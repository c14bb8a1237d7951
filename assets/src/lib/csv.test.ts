import { expect, test } from 'vitest';
import type { Cell } from '../wire';
import { fileOf, frameToCSV } from './csv';

const csv = (values: Cell[]) =>
  frameToCSV({ revision: 1, columns: [{ name: 'c', label: 'A, b', type: 'string' }], values: [values] });

test('quotes what needs quotes', () => {
  expect(csv(['x', 'a,b', 'say "hi"', 'two\nlines', null, true, 1.5])).toBe(
    '"A, b"\r\nx\r\n"a,b"\r\n"say ""hi"""\r\n"two\nlines"\r\n\r\ntrue\r\n1.5\r\n',
  );
});

test.each(['=1+1', '+cmd', '-x', '@a', '\tx', '＝1'])('%j cannot be a formula', (text) => {
  expect(csv([text])).toContain(`'${text}`);
});

test.each(['-5', '+1.25', '12'])('%s stays a number', (text) => {
  expect(csv([text])).toBe(`"A, b"\r\n${text}\r\n`);
});

test('a title makes a name that every system takes', () => {
  expect(fileOf('Revenue / month: "EU" <1>', 'csv')).toBe('Revenue month EU 1.csv');
  expect(fileOf('***', 'png')).toBe('chart.png');
});
