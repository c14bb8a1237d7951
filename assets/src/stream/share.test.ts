import { expect, test } from 'vitest';
import { NO_SELECTION } from '../state/reduce';
import type { Snapshot } from '../wire';
import type { Surroundings } from './connection';
import type { Told } from './feed';
import { createSwitchboard, MOST_STREAMS } from './share';
import type { Raw } from './transport';

function world() {
  let now = 0;
  const open = new Map<string, { raw: Raw; lastId: string }>();
  const opened: string[] = [];
  const env: Surroundings = {
    now: () => now,
    random: () => 1,
    after: () => () => {},
    transport(url, lastId, raw) {
      open.set(url, { raw, lastId });
      opened.push(url);
      return () => open.delete(url);
    },
  };
  const board = createSwitchboard(env);
  const page = (url: string, boot: Snapshot | null = null, visible = true) => {
    const heard: Told[] = [];
    const key = {};
    const tell = (t: Told) => heard.push(t);
    const follow = () => board.ask(key, { kind: 'follow', url, boot, at: boot?.at ?? '', visible }, tell);
    follow();
    return {
      follow,
      heard,
      events: () => heard.flatMap((t) => (t.kind === 'event' ? [`${t.event.type} ${t.id}`] : [])),
      states: () => heard.flatMap((t) => (t.kind === 'status' ? [t.status.state] : [])),
      check: (seen: boolean) => board.ask(key, { kind: 'check', online: false, visible: seen }, tell),
      refresh: () => board.ask(key, { kind: 'refresh' }, tell),
      leave: () => board.ask(key, { kind: 'leave' }, tell),
    };
  };
  return { board, open, opened, page, later: (ms: number) => (now += ms) };
}

const snapshot = (at: string): Snapshot => ({
  dashboard: 'd',
  title: '',
  table: 't',
  revision: 1,
  epoch: 'e',
  at,
  selection: NO_SELECTION,
  fields: [],
  rows: [],
  frames: { p: { revision: 1, columns: [{ name: 'a', type: 'int' }], values: [[1]] } },
  sources: [],
  viewers: 1,
  allow: [],
});

const patch = (base: number) =>
  JSON.stringify({
    panel: 'p',
    base,
    revision: base + 1,
    length: 1,
    update: { at: [0], columns: ['a'], values: [[base + 1]], old: [[base]] },
  });

test('ten pages of one address share one connection', () => {
  const w = world();
  const pages = Array.from({ length: 10 }, () => w.page('/a'));
  expect(w.opened).toEqual(['/a']);
  w.open.get('/a')?.raw.message('viewers', '{"count":10}', 'e-1');
  for (const p of pages) expect(p.events()).toEqual(['viewers e-1']);
});

test('a page that was born with a snapshot gets what follows it, and no snapshot', () => {
  const w = world();
  const p = w.page('/a', snapshot('e-1'));
  expect(w.open.get('/a')?.lastId).toBe('e-1');
  w.open.get('/a')?.raw.message('patch', patch(1), 'e-2');
  expect(p.events()).toEqual(['patch e-2']);
});

test('a page that comes later gets one snapshot of how it stands, then the same events', () => {
  const w = world();
  w.page('/a', snapshot('e-1'));
  w.open.get('/a')?.raw.message('patch', patch(1), 'e-2');
  const late = w.page('/a', snapshot('e-0'));
  const first = late.heard.find((t) => t.kind === 'event');
  expect(
    first?.kind === 'event' && first.event.type === 'snapshot' && first.event.data.frames.p?.values,
  ).toEqual([[2]]);
  w.open.get('/a')?.raw.message('patch', patch(2), 'e-3');
  expect(late.events()).toEqual(['snapshot e-2', 'patch e-3']);
});

test('a page that asks again is not told twice', () => {
  const w = world();
  const p = w.page('/a');
  p.follow();
  w.open.get('/a')?.raw.message('viewers', '{"count":1}', 'e-1');
  expect(p.events()).toEqual(['viewers e-1']);
});

test('a patch that does not fit makes the feed read everything again, once', () => {
  const w = world();
  w.page('/a', snapshot('e-1'));
  w.open.get('/a')?.raw.message('patch', patch(5), 'e-2');
  w.open.get('/a')?.raw.message('patch', patch(6), 'e-3');
  expect(w.opened).toEqual(['/a', '/a']);
  expect(w.open.get('/a')?.lastId).toBe('');
});

test('a page that has lost its footing is given the whole dashboard', () => {
  const w = world();
  const p = w.page('/a', snapshot('e-1'));
  p.refresh();
  expect(p.events()).toEqual(['snapshot e-1']);
});

test('never more than four at once: hidden pages give way, and come back when looked at', () => {
  const w = world();
  const pages = ['/a', '/b', '/c', '/d'].map((url) => {
    w.later(10);
    return w.page(url);
  });
  pages[2]?.check(false);
  w.page('/e');
  expect(w.board.open).toBe(MOST_STREAMS);
  expect([...w.open.keys()].sort()).toEqual(['/a', '/b', '/d', '/e']);
  expect(pages[2]?.states().at(-1)).toBe('waiting');
  w.later(10);
  pages[2]?.check(true);
  expect(w.board.open).toBe(MOST_STREAMS);
  expect(w.open.has('/c')).toBe(true);
});

test('the last page that leaves closes the connection', () => {
  const w = world();
  const one = w.page('/a');
  const two = w.page('/a');
  one.leave();
  expect(w.board.open).toBe(1);
  two.leave();
  expect(w.board.open).toBe(0);
  expect(w.open.size).toBe(0);
});

test('a page that died without a word is forgotten', () => {
  const w = world();
  w.page('/a');
  w.later(6 * 60_000);
  w.page('/b');
  expect([...w.open.keys()]).toEqual(['/b']);
});

test('a page that turns to another stream hears of each what it was asked for with', () => {
  const w = world();
  const key = {};
  const heard: string[] = [];
  const follow = (url: string) =>
    w.board.ask(key, { kind: 'follow', url, boot: null, at: '', visible: true }, (t) => {
      if (t.kind === 'event') heard.push(`${url} ${t.id}`);
    });
  follow('/a');
  const first = w.open.get('/a')?.raw;
  follow('/b');
  expect([...w.open.keys()]).toEqual(['/b']);
  w.open.get('/b')?.raw.message('viewers', '{"count":1}', 'e-1');
  first?.message('viewers', '{"count":1}', 'e-9');
  expect(heard).toEqual(['/b e-1']);
});
