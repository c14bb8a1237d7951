import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Listener } from '../stream/stream';
import type { Boot, Event, Snapshot, Source } from '../wire';
import { columnar } from './questions';
import { NO_SELECTION } from './reduce';
import { createStore } from './store';

const source = (extra: Partial<Source> = {}): Source => ({
  name: 'orders',
  state: 'ok',
  revision: 1,
  rows: 3,
  added: 0,
  removed: 0,
  changed: 0,
  bytes: 10,
  updated: '2026-11-23T09:12:40Z',
  ms: 1,
  diagnostics: { info: 0, warning: 0, error: 0 },
  error: null,
  tables: [{ name: 'orders', label: 'orders.csv', rows: 3, dashboard: 'orders' }],
  ...extra,
});

const frame = (revision: number, v: number) => ({
  revision,
  columns: [{ name: 'a', type: 'int' }],
  values: [[v]],
});

const snapshot = (extra: Partial<Snapshot> = {}): Snapshot => ({
  dashboard: 'orders',
  title: 'Orders',
  table: 'orders',
  revision: 1,
  epoch: 'e',
  at: 'e-1',
  selection: NO_SELECTION,
  fields: [],
  rows: [],
  frames: { one: frame(1, 1), two: frame(1, 2) },
  sources: [source()],
  viewers: 1,
  allow: ['filters'],
  ...extra,
});

const entry = { slug: 'orders', title: 'Orders', table: 'orders', panels: 2 };

function page(boot: Partial<Boot> = {}, at = '/d/orders', soon?: (run: () => void) => void) {
  const followed: { url: string; boot: Snapshot | null }[] = [];
  const history: string[] = [];
  let listener: Listener | undefined;
  let pop = () => {};
  let refreshed = 0;
  const [pathname, search = ''] = at.split('?');
  const address = {
    pathname: pathname ?? '/',
    search: search ? `?${search}` : '',
    push(url: string) {
      history.push(`push ${url}`);
      this.go(url);
    },
    replace(url: string) {
      history.push(`replace ${url}`);
      this.go(url);
    },
    go(url: string) {
      const [p, q = ''] = url.split('?');
      this.pathname = p ?? '/';
      this.search = q ? `?${q}` : '';
    },
    onPop(run: () => void) {
      pop = run;
    },
  };
  const store = createStore({
    boot: {
      version: '1',
      title: 'Folder',
      root: './data',
      base: '/',
      guest: false,
      dashboard: 'orders',
      dashboards: [entry],
      sources: [source()],
      snapshot: snapshot(),
      extensions: ['.csv'],
      lan: false,
      ...boot,
    },
    address,
    openStream(l) {
      listener = l;
      return {
        follow: (url, s) => followed.push({ url, boot: s }),
        refresh: () => refreshed++,
        check: () => {},
        close: () => {},
      };
    },
    ...(soon ? { soon } : {}),
    now: () => 5,
    clock: () => 1000,
  });
  store.start();
  return {
    store,
    followed,
    history,
    back(url: string) {
      address.go(url);
      pop();
    },
    send: (e: Event, id = '') => listener?.event(e, id),
    status: (s: Parameters<Listener['status']>[0]) => listener?.status(s),
    refreshed: () => refreshed,
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('shows what it was born with, and follows from there', () => {
  const p = page();
  expect(p.store.frame('one').value?.values).toEqual([[1]]);
  expect(p.store.pending.value).toBe(false);
  expect(p.followed).toEqual([{ url: '/api/v1/dashboards/orders/events', boot: p.followed[0]?.boot }]);
  expect(p.followed[0]?.boot?.at).toBe('e-1');
});

test('a patch tells the panel that it touches and no other', () => {
  const p = page();
  const told: string[] = [];
  for (const panel of ['one', 'two']) p.store.frame(panel).subscribe(() => told.push(panel));
  told.length = 0;
  p.send(
    { type: 'patch', data: { panel: 'two', base: 1, revision: 2, length: 1, frame: frame(2, 9) } },
    'e-2',
  );
  expect(told).toEqual(['two']);
  expect(p.store.live.value.at).toBe('e-2');
});

test('another selection is another stream and another address; the old frames stay until its snapshot is here', () => {
  const p = page();
  p.store.filter('region', 'EU', 'toggle');
  expect(p.history).toEqual(['push /d/orders?f.region=EU']);
  expect(p.followed.at(-1)).toEqual({ url: '/api/v1/dashboards/orders/events?f.region=EU', boot: null });
  expect(p.store.pending.value).toBe(true);
  expect(p.store.frame('one').value?.values).toEqual([[1]]);
  expect(p.store.chosen.value.filters).toEqual({ region: ['EU'] });
  p.send(
    {
      type: 'snapshot',
      data: snapshot({
        frames: { one: frame(1, 7) },
        selection: { ...NO_SELECTION, filters: { region: ['EU'] } },
      }),
    },
    'e-3',
  );
  expect(p.store.pending.value).toBe(false);
  expect(p.store.frame('one').value?.values).toEqual([[7]]);
});

test('back and forward move the selection', () => {
  const p = page();
  p.store.filter('region', 'EU', 'toggle');
  p.back('/d/orders');
  expect(p.store.selection.value.filters).toEqual({});
  expect(p.followed.at(-1)?.url).toBe('/api/v1/dashboards/orders/events');
  p.back('/d/orders?range=90d');
  expect(p.store.selection.value.range).toBe('90d');
});

test('parameters that are about the page stay in its address', () => {
  const p = page({}, '/d/orders?transport=fetch&range=90d');
  p.store.clear();
  expect(p.history.at(-1)).toBe('push /d/orders?transport=fetch');
});

test('a pause holds the picture and counts the changes, not the panels that they touch', () => {
  const p = page();
  p.store.pause();
  for (const panel of ['one', 'two'])
    p.send({ type: 'patch', data: { panel, base: 1, revision: 2, length: 1, frame: frame(2, 9) } });
  p.send({ type: 'patch', data: { panel: 'one', base: 2, revision: 3, length: 1, frame: frame(3, 10) } });
  expect(p.store.frame('one').value?.values).toEqual([[1]]);
  expect(p.store.waiting.value).toBe(2);
  p.store.resume();
  expect(p.store.frame('one').value?.values).toEqual([[10]]);
  expect(p.store.waiting.value).toBe(0);
});

test('a patch that does not fit asks for the whole once', () => {
  const p = page();
  for (const base of [7, 8])
    p.send({ type: 'patch', data: { panel: 'one', base, revision: base + 1, length: 1 } });
  expect(p.refreshed()).toBe(1);
});

test('an ended link says why', () => {
  const p = page({ guest: true, base: '/v/x/' }, '/v/x/d/orders');
  expect(p.followed[0]?.url).toBe('/v/x/api/v1/dashboards/orders/events');
  p.status({ state: 'ended', reason: 'revoked', reconnects: 0 });
  expect(p.store.ended.value).toBe('revoked');
});

test('an empty folder follows the folder, and shows the first dashboard that appears', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ dashboards: [entry] }));
  const p = page({ dashboard: '', dashboards: [], sources: [], snapshot: null }, '/');
  expect(p.store.missing.value).toBe(true);
  expect(p.followed).toEqual([{ url: '/api/v1/events', boot: null }]);
  p.send({ type: 'source', data: source() }, 'e-1');
  await vi.runAllTimersAsync();
  expect(p.history).toEqual(['replace /d/orders']);
  expect(p.followed.at(-1)?.url).toBe('/api/v1/dashboards/orders/events');
  expect(p.store.missing.value).toBe(false);
});

test('a dashboard that is not there waits for it', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ dashboards: [entry, { ...entry, slug: 'plan' }] }));
  const p = page({ dashboard: '', snapshot: null }, '/d/plan');
  expect(p.store.missing.value).toBe(true);
  p.send({ type: 'source', data: source({ name: 'plan', tables: [] }) });
  await vi.runAllTimersAsync();
  expect(p.store.missing.value).toBe(false);
  expect(p.followed.at(-1)?.url).toBe('/api/v1/dashboards/plan/events');
});

test('a dashboard whose file went is waited for and does not end the page', async () => {
  const p = page();
  p.status({ state: 'ended', reason: 'gone', reconnects: 0 });
  await vi.runAllTimersAsync();
  expect(p.store.missing.value).toBe(true);
  expect(p.store.ended.value).toBeNull();
  expect(p.followed.at(-1)?.url).toBe('/api/v1/events');
});

test('the past is shown until it is left, and only the newest step counts', async () => {
  const answers: ((s: Snapshot) => void)[] = [];
  vi.stubGlobal('fetch', () => new Promise((resolve) => answers.push((s) => resolve(Response.json(s)))));
  const p = page();
  const first = p.store.travel({ revision: 1, at: 1 });
  const second = p.store.travel({ revision: 2, at: 2 });
  answers[1]?.(snapshot({ frames: { one: frame(2, 22) } }));
  expect(await second).toBe(true);
  answers[0]?.(snapshot({ frames: { one: frame(1, 11) } }));
  await first;
  expect(p.store.frame('one').value?.values).toEqual([[22]]);
  await p.store.travel(null);
  expect(p.store.frame('one').value?.values).toEqual([[1]]);
});

test('rows come as one array for each column', () => {
  expect(columnar([{ a: 1, b: 'x' }, { a: 2 }], ['b', 'a'])).toEqual([
    ['x', null],
    [1, 2],
  ]);
  expect(columnar(null, ['a'])).toEqual([[]]);
});

test('what comes before the next picture is taken up at once, and tells only those whom it concerns', () => {
  const pictures: (() => void)[] = [];
  const p = page({}, '/d/orders', (run) => pictures.push(run));
  let drawn = 0;
  let titles = 0;
  const stop = p.store.frame('two').subscribe(() => drawn++);
  const stop2 = p.store.seen.title.subscribe(() => titles++);
  const patch = (panel: string, base: number) =>
    p.send({
      type: 'patch',
      data: { panel, base, revision: base + 1, length: 1, frame: frame(base + 1, base) },
    });
  patch('one', 1);
  patch('two', 1);
  patch('two', 2);
  expect(pictures).toHaveLength(1);
  expect(p.store.frame('two').value?.revision).toBe(1);
  pictures[0]?.();
  expect(p.store.frame('two').value?.revision).toBe(3);
  expect([drawn, titles]).toEqual([2, 1]);
  patch('one', 2);
  expect(pictures).toHaveLength(2);
  pictures[1]?.();
  expect([drawn, titles]).toEqual([2, 1]);
  stop();
  stop2();
});

test('the answer that somebody waits for is not first put off to the next picture', () => {
  const waiting: (() => void)[] = [];
  const p = page({}, '/d/orders', (run) => waiting.push(run));
  p.store.filter('region', 'EU', 'toggle');
  p.send({ type: 'snapshot', data: snapshot({ frames: { one: frame(2, 7) } }) }, 'e-3');
  expect(p.store.frame('one').value?.values).toEqual([[7]]);
  p.send({ type: 'snapshot', data: snapshot({ frames: { one: frame(3, 8) } }) }, 'e-4');
  expect(p.store.frame('one').value?.values).toEqual([[7]]);
  for (const run of waiting) run();
  expect(p.store.frame('one').value?.values).toEqual([[8]]);
});

test('how columns are spread is asked for as soon as a selection is answered, once', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return new Response(JSON.stringify({ rows: asked.length, columns: [] }), {
      headers: { 'content-type': 'application/json' },
    });
  });
  const p = page();
  expect((await p.store.profile(['a', 'b'])).rows).toBe(1);
  p.store.filter('region', 'EU', 'toggle');
  expect(asked.length).toBe(1);
  p.send({ type: 'snapshot', data: snapshot({ revision: 2 }) }, 'e-3');
  expect(asked.length).toBe(2);
  expect(asked[1]).toContain('f.region=EU');
  expect((await p.store.profile(['a', 'b'])).rows).toBe(2);
  // What was asked ahead is of that moment: the next question is a new one.
  expect((await p.store.profile(['a', 'b'])).rows).toBe(3);
  p.store.filter('region', 'US', 'toggle');
  p.send({ type: 'snapshot', data: snapshot({ revision: 3 }) }, 'e-4');
  p.send(
    { type: 'patch', data: { panel: 'one', base: 1, revision: 4, length: 1, frame: frame(4, 9) } },
    'e-5',
  );
  expect((await p.store.profile(['a', 'b'])).rows).toBe(5);
  expect((await p.store.profile(['a'])).rows).toBe(6);
});
