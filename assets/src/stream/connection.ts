import type { Event } from '../wire';
import type { Transport } from './transport';

/** How a stream stands, as the page tells it to its reader. */
export interface Status {
  /** `ended` is for good: the link was revoked or has run out, or the dashboard is gone. */
  state: 'connecting' | 'live' | 'reconnecting' | 'waiting' | 'ended';
  /** Date.now() of the next attempt, while reconnecting. */
  retryAt?: number;
  /** Why it ended: revoked, expired or gone as the server said; ended where it no longer lets in; selection where the
   * address asks for what is not there. */
  reason?: string;
  /** The HTTP status of a refusal that may pass, while reconnecting. */
  refused?: number;
  /** How often it has been opened again. */
  reconnects: number;
}

export interface Sink {
  event(e: Event, id: string): void;
  status(s: Status): void;
}

/** Everything a connection takes from its surroundings, so that tests can hold the clock. */
export interface Surroundings {
  transport: Transport;
  now(): number;
  random(): number;
  after(ms: number, run: () => void): () => void;
}

export const HEARTBEAT_MS = 15_000;
/** Silence after which a connection counts as dead. */
export const SILENCE_MS = 2.5 * HEARTBEAT_MS;
const TICK_MS = 5_000;
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

const KNOWN = new Set<string>([
  'hello',
  'snapshot',
  'layout',
  'patch',
  'source',
  'alert',
  'viewers',
  'heartbeat',
  'goodbye',
] satisfies Event['type'][]);

/** Reads one message; an event of a newer server, or one that is damaged, is null. */
export function readEvent(type: string, data: string): Event | null {
  if (!KNOWN.has(type)) return null;
  try {
    return { type, data: JSON.parse(data) } as Event;
  } catch {
    return null;
  }
}

/** Statuses that no waiting will change. */
const FINAL: Record<number, string> = {
  400: 'selection',
  401: 'ended',
  403: 'ended',
  404: 'gone',
  410: 'ended',
};

/**
 * Keeps one stream open: a watchdog that opens it again after 2.5 heartbeats of silence, pauses that grow from one to
 * thirty seconds with full jitter, and an end when the server says that nobody should come back.
 */
export function createConnection(url: string, from: string, sink: Sink, env: Surroundings) {
  let lastId = from;
  let stop: (() => void) | null = null;
  let cancelRetry: (() => void) | null = null;
  let cancelTick: (() => void) | null = null;
  let lastHeard = env.now();
  let lastTick = env.now();
  let lastOpened = env.now();
  let attempts = 0;
  let reconnects = 0;
  let hint = FIRST_MS;
  let status: Status = { state: 'connecting', reconnects: 0 };

  function tell(next: Omit<Status, 'reconnects'>): void {
    status = { ...next, reconnects };
    sink.status(status);
  }

  function hangUp(): void {
    stop?.();
    cancelRetry?.();
    stop = cancelRetry = null;
  }

  function end(reason: string): void {
    close();
    tell({ state: 'ended', reason });
  }

  function open(): void {
    hangUp();
    lastHeard = lastOpened = env.now();
    stop = env.transport(url, lastId, {
      opened: () => {
        lastHeard = env.now();
      },
      message,
      failed: (code) => {
        stop = null;
        const reason = FINAL[code];
        if (reason) end(reason);
        else retry(undefined, code);
      },
    });
  }

  function message(type: string, data: string, id: string): void {
    lastHeard = env.now();
    const e = readEvent(type, data);
    if (id) lastId = id;
    if (!e) return;
    if (status.state !== 'live') {
      attempts = 0;
      tell({ state: 'live' });
    }
    if (e.type === 'hello' && e.data.retry > 0) hint = Math.min(e.data.retry, LONGEST_MS);
    sink.event(e, lastId);
    if (e.type !== 'goodbye') return;
    if (e.data.retry <= 0) end(e.data.reason);
    else retry(e.data.retry);
  }

  /** Full jitter: somewhere between nothing and a ceiling that doubles, so that a thousand pages do not come at once. */
  function retry(asked?: number, refused = 0): void {
    hangUp();
    const ceiling = Math.min(LONGEST_MS, Math.max(FIRST_MS, hint) * 2 ** attempts);
    const wait = asked ?? Math.round(env.random() * ceiling);
    attempts = Math.min(attempts + 1, 10);
    reconnects++;
    cancelRetry = env.after(wait, open);
    tell({ state: 'reconnecting', retryAt: env.now() + wait, ...(refused ? { refused } : {}) });
  }

  /** A tick that comes late means that the machine has slept: whatever the socket says, it is opened again. */
  function tick(): void {
    const now = env.now();
    const slept = now - lastTick > 3 * TICK_MS;
    lastTick = now;
    cancelTick = env.after(TICK_MS, tick);
    if (!stop) return;
    if (slept || now - lastHeard > SILENCE_MS) again();
  }

  function again(): void {
    reconnects++;
    tell({ state: 'reconnecting', retryAt: env.now() });
    open();
  }

  function close(): void {
    hangUp();
    cancelTick?.();
    cancelTick = null;
  }

  tick();
  sink.status(status);
  open();

  return {
    close,
    /** Somebody looks again, or the network is back: be current within a second, without waiting for the watchdog. */
    check(online: boolean): void {
      if (status.state === 'ended') return;
      // Every tab of the browser says that it is awake: one new connection answers them all.
      if (stop && env.now() - lastOpened < 1_000) return;
      const quiet = env.now() - lastHeard;
      if (online || !stop || quiet > HEARTBEAT_MS + 2_000) {
        attempts = 0;
        again();
      }
    },
    /** Forget the position and read the whole dashboard again: a patch did not fit. */
    resync(): void {
      lastId = '';
      if (status.state !== 'ended') again();
    },
    get lastId(): string {
      return lastId;
    },
    get status(): Status {
      return status;
    },
  };
}

export type Connection = ReturnType<typeof createConnection>;

export const inBrowser = (transport: Transport): Surroundings => ({
  transport,
  now: () => Date.now(),
  random: Math.random,
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
