import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createParser, type Message } from './sse';

function parse(pieces: string[]): { messages: Message[]; retries: number[]; lastId: string } {
  const messages: Message[] = [];
  const retries: number[] = [];
  const p = createParser(
    (m) => messages.push(m),
    (ms) => retries.push(ms),
  );
  for (const piece of pieces) p.feed(piece);
  return { messages, retries, lastId: p.lastId };
}

const message = (data: string, id = '', event = 'message'): Message => ({ event, data, id });

/** The examples of the HTML standard and the cases of web-platform-tests. */
const CASES: [name: string, stream: string, expected: Message[]][] = [
  ['one line', 'data: YHOO\n\n', [message('YHOO')]],
  ['lines of one message', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
  [
    'comments, ids and an empty id',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [message('first event', '1'), message('second event', ''), message(' third event', '')],
  ],
  ['fields without a colon', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n')]],
  ['only one space goes', 'data:test\n\ndata: test\n\n', [message('test'), message('test')]],
  ['byte order mark at the start', '\uFEFFdata:1\n\ndata:2\n\n', [message('1'), message('2')]],
  ['a second byte order mark is text', '\uFEFF\uFEFFdata:1\n\ndata:2\n\n', [message('2')]],
  ['a field name is exact', 'DATA:1\n Data:2\ndata :3\ndata:4\n\n', [message('4')]],
  ['named events', 'event:patch\ndata:x\n\ndata:y\n\n', [message('x', '', 'patch'), message('y')]],
  ['an event without data resets its name', 'event:test\n\ndata:x\n\n', [message('x')]],
  ['an id with NUL is ignored', 'id:1\ndata:a\n\nid:2\0\ndata:b\n\n', [message('a', '1'), message('b', '1')]],
  ['NUL in data', 'data:\0\n\n', [message('\0')]],
  ['CR, LF and CRLF', 'data:a\rdata:b\r\ndata:c\n\r\n', [message('a\nb\nc')]],
  ['CR CR ends a message', 'data:x\r\rdata:y\r\r', [message('x'), message('y')]],
  [
    'unknown fields and leading space',
    'data:test\n data\ndata\nfoobar:xxx\njustsometext\n:x\n\n',
    [message('test\n')],
  ],
  ['an unfinished message is dropped', 'data:x\n\ndata:y\n', [message('x')]],
];

test.each(CASES)('%s', (_, stream, expected) => {
  expect(parse([stream]).messages).toEqual(expected);
});

test.each(CASES)('%s, character by character', (_, stream, expected) => {
  expect(parse([...stream]).messages).toEqual(expected);
});

test.each(CASES)('%s, split anywhere', (_, stream, expected) => {
  for (let i = 0; i <= stream.length; i++)
    for (let k = i; k <= stream.length; k += 3)
      expect(parse([stream.slice(0, i), stream.slice(i, k), stream.slice(k)]).messages).toEqual(expected);
});

test('retry takes digits and nothing else', () => {
  expect(parse(['retry:3000\nretry:x\nretry:1e3\nretry: 40\nretry:-1\nretry\n']).retries).toEqual([3000, 40]);
});

test('the last id outlives its message', () => {
  expect(parse(['id: m3x9k2-41\n\ndata: x\n\n']).lastId).toBe('m3x9k2-41');
});

/** The file that the server's own reader and Chromium are held to. */
const standard: { name: string; stream?: string; base64?: string; last?: string; events: string[][] }[] =
  JSON.parse(
    readFileSync(new URL('../../../dashboard/hub/sse/testdata/whatwg.json', import.meta.url), 'utf8'),
  );

test.each(standard.filter((c) => !c.last))('the standard: $name', (c) => {
  const bytes = c.base64 ? Buffer.from(c.base64, 'base64') : Buffer.from(c.stream ?? '');
  for (const step of [1, 2, 3, 7, Math.max(1, bytes.length)]) {
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const messages: string[][] = [];
    const p = createParser((m) => messages.push([m.event, m.data, m.id]));
    for (let i = 0; i < bytes.length; i += step)
      p.feed(decoder.decode(bytes.subarray(i, i + step), { stream: true }));
    expect(messages).toEqual(c.events);
  }
});
