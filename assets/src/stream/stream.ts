import type { Event, Snapshot } from '../wire';
import { inBrowser, type Sink, type Status } from './connection';
import type { Told } from './feed';
import { followAmongTabs } from './leader';
import { type Asked, createSwitchboard, type FromWorker } from './share';
import { viaEventSource, viaFetch } from './transport';
import workerURL from './worker?sharedworker&url';

export type { Status } from './connection';

/** How this page reaches the server; `?transport=` in its address forces one. */
type Way = 'worker' | 'eventsource' | 'fetch';

/** Something that answers a page's questions with events: the worker, a leader among the tabs, or the page itself. */
export interface Line {
  ask(a: Asked): void;
  close(): void;
}

const READY_MS = 3_000;
const SPEAK_MS = 60_000;

export interface Listener {
  event(e: Event, id: string): void;
  status(s: Status): void;
}

/**
 * Follows streams for this page, one at a time: `follow` leaves the one before. The page may be hidden, frozen, put
 * aside by the browser or asleep with its machine; it is current again within a second of being looked at.
 */
export function createStream(listener: Listener) {
  const forced = new URLSearchParams(location.search).get('transport') as Way | null;
  let target: { url: string; at: string; boot: Snapshot | null } | null = null;
  let line: Line | null = null;
  /** The line goes through the worker and can turn to another stream. */
  let working = false;

  const sink: Sink = {
    event(e, id) {
      if (target && id) target.at = id;
      listener.event(e, id);
    },
    status: (s) => listener.status(s),
  };
  const told = (url: string, t: Told): void => {
    if (target?.url !== url) return;
    if (t.kind === 'event') sink.event(t.event, t.id);
    else sink.status(t.status);
  };

  function connect(url: string, boot: Snapshot | null): void {
    const way = forced ?? ('SharedWorker' in globalThis ? 'worker' : 'eventsource');
    const ask: Asked = { kind: 'follow', url, boot, at: target?.at ?? '', visible: !document.hidden };
    // A new port would wait until the page has time to be handed it, which it has not while it draws.
    if (!working) {
      line?.close();
      working = way === 'worker';
      line = working ? throughWorker(told, instead) : alone(url, (t) => told(url, t));
    }
    line?.ask(ask);
  }

  /** The worker does not answer: the page looks for another way. */
  function instead(): void {
    working = false;
    line?.close();
    line = null;
    if (!target) return;
    const { url, at, boot } = target;
    line = alone(url, (t) => told(url, t));
    line.ask({ kind: 'follow', url, boot, at, visible: !document.hidden });
  }

  /** Without a worker: one tab leads the others where the browser can arrange that, else every tab for itself. */
  function alone(url: string, tell: (t: Told) => void): Line {
    const transport = forced === 'fetch' || !('EventSource' in globalThis) ? viaFetch : viaEventSource;
    if (forced !== 'fetch' && 'locks' in navigator && 'BroadcastChannel' in globalThis)
      return followAmongTabs(url, tell, inBrowser(transport));
    const board = createSwitchboard(inBrowser(transport));
    const me = {};
    return { ask: (a) => board.ask(me, a, tell), close: () => board.ask(me, { kind: 'leave' }, tell) };
  }

  const check = (online: boolean) => line?.ask({ kind: 'check', online, visible: !document.hidden });
  addEventListener('visibilitychange', () => check(false));
  // A window beside others is visible all the time; being used is a look as well.
  addEventListener('focus', () => check(false));
  addEventListener('online', () => check(true));
  addEventListener('offline', () => check(true));
  addEventListener('pagehide', () => line?.ask({ kind: 'leave' }));
  addEventListener('pageshow', (e) => {
    if (!e.persisted || !target) return;
    // What was held before the browser put the page aside may be gone.
    working = false;
    connect(target.url, null);
  });
  setInterval(() => check(false), SPEAK_MS);

  return {
    /** `boot` is the snapshot that the page already shows under this address, if it has one. */
    follow(url: string, boot: Snapshot | null): void {
      target = { url, at: boot?.at ?? '', boot };
      connect(url, boot);
    },
    /** A patch did not fit what this page has. */
    refresh(): void {
      line?.ask({ kind: 'refresh' });
    },
    check: () => check(true),
    close(): void {
      line?.close();
      line = target = null;
      working = false;
    },
  };
}

export type Stream = ReturnType<typeof createStream>;

/** The page's policy for trusted types: the only address that it makes a worker from is the one it was built with. */
const scripts = (): { createScriptURL(s: string): string } | undefined =>
  (
    globalThis as {
      trustedTypes?: {
        createPolicy(
          name: string,
          rules: { createScriptURL(s: string): string },
        ): { createScriptURL(s: string): string };
      };
    }
  ).trustedTypes?.createPolicy('dashira', {
    createScriptURL(s) {
      if (s !== workerURL) throw new TypeError('only the stream worker may be made');
      return s;
    },
  });

let policy: ReturnType<typeof scripts> | null = null;

function throughWorker(tell: (of: string, t: Told) => void, instead: () => void): Line {
  let worker: SharedWorker;
  try {
    policy ??= scripts() ?? { createScriptURL: (s) => s };
    worker = new SharedWorker(policy.createScriptURL(workerURL), { name: 'dashira', type: 'module' });
  } catch {
    queueMicrotask(instead);
    return { ask: () => {}, close: () => {} };
  }
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fail = () => {
    if (closed) return;
    close();
    instead();
  };
  const close = () => {
    closed = true;
    clearTimeout(timer);
    worker.port.postMessage({ kind: 'leave' } satisfies Asked);
    worker.port.close();
  };
  worker.onerror = fail;
  worker.port.onmessage = (m: MessageEvent<FromWorker>) => {
    clearTimeout(timer);
    if (!closed && m.data.kind === 'told') tell(m.data.of, m.data.told);
  };
  return {
    ask(a) {
      worker.port.postMessage(a);
      if (a.kind !== 'follow') return;
      // It answers at once how the stream stands.
      clearTimeout(timer);
      timer = setTimeout(fail, READY_MS);
    },
    close() {
      if (!closed) close();
    },
  };
}
