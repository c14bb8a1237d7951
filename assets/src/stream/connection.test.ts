import { beforeEach, expect, test } from 'vitest';
import { createConnection, readEvent, SILENCE_MS, type Status, type Surroundings } from './connection';
import type { Raw } from './transport';

/** A clock that only the test moves, and a transport whose connections the test holds in its hand. */
function world(random = 1) {
  let now = 1_000_000;
  let timers: { at: number; run: () => void }[] = [];
  const opened: { url: string; lastId: string; raw: Raw; closed: boolean }[] = [];
  const statuses: Status[] = [];
  const events: string[] = [];
  const env: Surroundings = {
    now: () => now,
    random: () => random,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((t) => t !== timer);
      };
    },
    transport(url, lastId, raw) {
      const one = { url, lastId, raw, closed: false };
      opened.push(one);
      return () => {
        one.closed = true;
      };
    },
  };
  return {
    env,
    opened,
    statuses,
    events,
    sink: {
      event: (e: { type: string }, id: string) => events.push(`${e.type} ${id}`),
      status: (s: Status) => statuses.push(s),
    },
    last: () => {
      const one = opened.at(-1);
      if (!one) throw new Error('nothing was opened');
      return one;
    },
    /** Lets time pass; every timer on the way fires at its own time. */
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((t) => t !== next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = until;
    },
    /** The machine sleeps: time passes and no timer fires. */
    sleep(ms: number) {
      now += ms;
    },
  };
}

let w: ReturnType<typeof world>;
beforeEach(() => {
  w = world();
});
const connect = () => createConnection('/events', 'e-1', w.sink, w.env);
const hello = '{"version":"0.1.0","epoch":"e","resumed":true,"retry":2000}';

test('the first event makes it live, and ids are kept', () => {
  connect();
  expect(w.last().lastId).toBe('e-1');
  w.last().raw.message('hello', hello, '');
  w.last().raw.message('viewers', '{"count":2}', 'e-2');
  expect(w.events).toEqual(['hello e-1', 'viewers e-2']);
  expect(w.statuses.at(-1)).toEqual({ state: 'live', reconnects: 0 });
});

test('silence of 2.5 heartbeats opens another connection from the last id', () => {
  connect();
  w.last().raw.message('viewers', '{"count":2}', 'e-7');
  w.pass(SILENCE_MS - 5_000);
  expect(w.opened).toHaveLength(1);
  w.pass(10_000);
  expect(w.opened).toHaveLength(2);
  expect(w.opened[0]?.closed).toBe(true);
  expect(w.last().lastId).toBe('e-7');
});

test('a heartbeat keeps it open', () => {
  connect();
  for (let i = 0; i < 20; i++) {
    w.last().raw.message('heartbeat', '{"head":"e-1","time":""}', '');
    w.pass(15_000);
  }
  expect(w.opened).toHaveLength(1);
});

test('pauses grow from the hint to thirty seconds and begin anew after success', () => {
  connect();
  w.last().raw.message('hello', hello, '');
  const waits: number[] = [];
  for (let i = 0; i < 8; i++) {
    const before = w.env.now();
    w.last().raw.failed(0);
    waits.push((w.statuses.at(-1)?.retryAt ?? 0) - before);
    w.pass(30_000);
  }
  expect(waits).toEqual([2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  w.last().raw.message('hello', hello, '');
  w.last().raw.failed(0);
  expect((w.statuses.at(-1)?.retryAt ?? 0) - w.env.now()).toBe(2000);
});

test('jitter is full: the pause may be nothing', () => {
  w = world(0);
  connect();
  w.last().raw.failed(0);
  w.pass(0);
  expect(w.opened).toHaveLength(2);
});

test('goodbye with a pause comes back after it', () => {
  connect();
  w.last().raw.message('goodbye', '{"reason":"shutdown","retry":700}', '');
  expect(w.opened[0]?.closed).toBe(true);
  w.pass(699);
  expect(w.opened).toHaveLength(1);
  w.pass(1);
  expect(w.opened).toHaveLength(2);
});

test.each(['revoked', 'expired', 'gone'])('goodbye without return (%s) is the end', (reason) => {
  connect();
  w.last().raw.message('goodbye', `{"reason":"${reason}","retry":0}`, '');
  expect(w.statuses.at(-1)).toEqual({ state: 'ended', reason, reconnects: 0 });
  w.pass(300_000);
  expect(w.opened).toHaveLength(1);
});

test.each([
  [400, 'selection'],
  [401, 'ended'],
  [403, 'ended'],
  [410, 'ended'],
  [404, 'gone'],
])('status %i ends it', (status, reason) => {
  connect();
  w.last().raw.failed(status);
  w.pass(300_000);
  expect(w.opened).toHaveLength(1);
  expect(w.statuses.at(-1)).toMatchObject({ state: 'ended', reason });
});

test.each([0, 429, 500, 502, 503])('status %i is tried again', (status) => {
  connect();
  w.last().raw.failed(status);
  w.pass(30_000);
  expect(w.opened.length).toBeGreaterThan(1);
});

test('after a sleep it is opened at once, without waiting for the watchdog', () => {
  connect();
  w.last().raw.message('hello', hello, '');
  w.sleep(20_000);
  w.pass(0);
  expect(w.opened).toHaveLength(2);
});

test('a look at a quiet connection opens it again; at a lively one it does nothing', () => {
  const c = connect();
  w.last().raw.message('hello', hello, '');
  w.pass(4_000);
  c.check(false);
  expect(w.opened).toHaveLength(1);
  w.pass(14_000);
  c.check(false);
  expect(w.opened).toHaveLength(2);
});

test('a network that comes back cuts the pause short, once for all tabs', () => {
  const c = connect();
  w.last().raw.failed(0);
  c.check(true);
  c.check(true);
  c.check(true);
  expect(w.opened).toHaveLength(2);
});

test('a resync forgets the position', () => {
  const c = connect();
  c.resync();
  expect(w.last().lastId).toBe('');
});

test('closing stops every timer', () => {
  const c = connect();
  w.last().raw.failed(0);
  c.close();
  w.pass(600_000);
  expect(w.opened).toHaveLength(1);
});

test('unknown events and damaged data are no events', () => {
  expect(readEvent('confetti', '{}')).toBeNull();
  expect(readEvent('patch', '{"panel":')).toBeNull();
  expect(readEvent('viewers', '{"count":1}')).toEqual({ type: 'viewers', data: { count: 1 } });
});
