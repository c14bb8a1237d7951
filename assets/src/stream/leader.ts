import type { Surroundings } from './connection';
import { createFeed, type Feed, type Told } from './feed';
import type { Asked } from './share';
import type { Line } from './stream';

/** What the tabs of one stream say to each other. `to` names the tab that is meant; without it all are. */
type Said = { kind: 'join'; from: string; at: string } | { kind: 'told'; to?: string; told: Told };

/**
 * One connection among several tabs without a worker: whoever holds the lock of the stream's name connects and tells
 * the others. A hidden tab gives the lock away, so that a tab that is looked at never waits for one that the browser
 * has put to sleep; when the leader goes, the next in the queue leads.
 */
export function followAmongTabs(url: string, tell: (t: Told) => void, env: Surroundings): Line {
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const channel = new BroadcastChannel(`dashira ${url}`);
  let feed: Feed | null = null;
  let release: (() => void) | null = null;
  let asking: AbortController | null = null;
  let first: Extract<Asked, { kind: 'follow' }> | null = null;
  let at = '';

  const hear = (t: Told): void => {
    if (t.kind === 'event' && t.id) at = t.id;
    tell(t);
  };
  const say = (said: Said): void => channel.postMessage(said);
  const toAll = (told: Told): void => {
    hear(told);
    say({ kind: 'told', told });
  };

  channel.onmessage = (m: MessageEvent<Said>) => {
    const said = m.data;
    if (said.kind === 'join') {
      if (!feed) return;
      const to = said.from;
      const once = (told: Told): void => say({ kind: 'told', to, told });
      feed.join(once, said.at);
      feed.leave(once);
    } else if (!feed && (said.to === undefined || said.to === me)) {
      hear(said.told);
    }
  };

  function stand(): void {
    if (feed || asking) return;
    asking = new AbortController();
    navigator.locks
      .request(`dashira ${url}`, { signal: asking.signal }, () => {
        // The snapshot that the page was born with is only good for its first connection.
        feed = createFeed(url, at === '' || at === first?.boot?.at ? (first?.boot ?? null) : null, env);
        feed.join(toAll, at);
        return new Promise<void>((resolve) => {
          release = resolve;
        });
      })
      .catch(() => {});
  }

  function stepDown(): void {
    asking?.abort();
    feed?.close();
    release?.();
    asking = feed = release = null;
  }

  return {
    ask(a) {
      if (a.kind === 'follow') {
        first = a;
        at = a.at;
        say({ kind: 'join', from: me, at });
        if (a.visible) stand();
      } else if (a.kind === 'check') {
        if (!a.visible) stepDown();
        else {
          if (feed) feed.check(a.online);
          else say({ kind: 'join', from: me, at });
          stand();
        }
      } else if (a.kind === 'refresh') {
        if (feed) feed.refresh(tell);
        else say({ kind: 'join', from: me, at: '' });
      } else stepDown();
    },
    close() {
      stepDown();
      channel.close();
    },
  };
}
