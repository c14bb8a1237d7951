import type { Snapshot } from '../wire';
import type { Surroundings } from './connection';
import { createFeed, type Feed, type Told } from './feed';

/** What a page says to whoever holds the connections. */
export type Asked =
  /** Follow `url`; asked again after waking, it is harmless. `at` is the id that the page stands at. */
  | { kind: 'follow'; url: string; boot: Snapshot | null; at: string; visible: boolean }
  | { kind: 'check'; online: boolean; visible: boolean }
  | { kind: 'refresh' }
  | { kind: 'leave' };

/** What the worker says to a page: that it runs, and what it heard on the stream of an address. */
export type FromWorker = { kind: 'ready' } | { kind: 'told'; of: string; told: Told };

/** What holds at once is bounded: HTTP/1.1 allows six connections to a host, and two must stay free for requests. */
export const MOST_STREAMS = 4;
/** A page that has said nothing for so long is gone without a word; living pages speak every minute. */
const FORGET_MS = 5 * 60_000;

interface Client {
  url: string;
  visible: boolean;
  heard: number;
  tell: (t: Told) => void;
}

/**
 * The streams of one browser: one feed for each address, shared by the pages that look at it, never more than four
 * open. Streams that nobody looks at give way first, the one looked at longest ago before others.
 */
export function createSwitchboard(env: Surroundings) {
  const feeds = new Map<string, { feed: Feed; looked: number }>();
  const clients = new Map<object, Client>();

  const watched = (url: string) => [...clients.values()].some((c) => c.url === url && c.visible);

  function makeRoom(keep: string): void {
    const open = [...feeds].filter(([url, f]) => url !== keep && !f.feed.suspended);
    if (open.length < MOST_STREAMS) return;
    open.sort(([a, x], [b, y]) => Number(watched(a)) - Number(watched(b)) || x.looked - y.looked);
    open[0]?.[1].feed.suspend();
  }

  function sweep(): void {
    for (const [key, c] of clients) if (env.now() - c.heard > FORGET_MS) leave(key);
  }

  function leave(key: object): void {
    const client = clients.get(key);
    if (!client) return;
    clients.delete(key);
    const held = feeds.get(client.url);
    held?.feed.leave(client.tell);
    if (held && held.feed.listeners === 0) {
      held.feed.close();
      feeds.delete(client.url);
    }
  }

  return {
    ask(key: object, asked: Asked, tell: (t: Told) => void): void {
      sweep();
      const now = env.now();
      if (asked.kind === 'leave') {
        leave(key);
        return;
      }
      if (asked.kind === 'follow') {
        const before = clients.get(key);
        if (before && before.url !== asked.url) leave(key);
        const same = before?.url === asked.url;
        const client = {
          url: asked.url,
          visible: asked.visible,
          heard: now,
          tell: same ? before.tell : tell,
        };
        clients.set(key, client);
        let held = feeds.get(asked.url);
        if (!held) {
          makeRoom(asked.url);
          held = { feed: createFeed(asked.url, asked.boot, env), looked: now };
          feeds.set(asked.url, held);
        }
        held.looked = now;
        held.feed.join(client.tell, asked.at);
        return;
      }
      const client = clients.get(key);
      const held = client && feeds.get(client.url);
      if (!client || !held) return;
      client.heard = now;
      if (asked.kind === 'refresh') {
        held.feed.refresh(client.tell);
        return;
      }
      client.visible = asked.visible;
      if (!asked.visible) return;
      held.looked = now;
      if (held.feed.suspended) makeRoom(client.url);
      held.feed.check(asked.online);
    },
    get open(): number {
      return [...feeds.values()].filter((f) => !f.feed.suspended).length;
    },
  };
}
