import { createParser } from './sse';

/** What a raw connection tells; `failed` comes at most once and is the last. */
export interface Raw {
  opened(): void;
  message(event: string, data: string, id: string): void;
  /** `status` is the HTTP status where it is known; 0 means that the network failed or the stream ended. */
  failed(status: number): void;
}

/** Opens a raw connection and returns the function that ends it, after which nothing more is told. */
export type Transport = (url: string, lastId: string, raw: Raw) => () => void;

/** The events that are listened for; EventSource delivers a named event only to a listener of that name. */
const NAMES = [
  'hello',
  'snapshot',
  'layout',
  'patch',
  'source',
  'viewers',
  'alert',
  'heartbeat',
  'goodbye',
] as const;

function withLastId(url: string, lastId: string): string {
  if (!lastId) return url;
  return `${url}${url.includes('?') ? '&' : '?'}last_event_id=${encodeURIComponent(lastId)}`;
}

/**
 * The browser's EventSource, used for one connection at a time: its own reconnection is switched off by closing it on
 * the first error, because it knows neither a growing pause nor a stream that was revoked. A refused connection hides
 * its status from scripts, so it is asked for once more with fetch.
 */
export const viaEventSource: Transport = (url, lastId, raw) => {
  const source = new EventSource(withLastId(url, lastId));
  const probe = new AbortController();
  let done = false;
  source.onopen = () => raw.opened();
  for (const name of NAMES)
    source.addEventListener(name, (e) => {
      const m = e as MessageEvent<string>;
      if (!done) raw.message(name, m.data, m.lastEventId);
    });
  source.onerror = () => {
    if (done) return;
    done = true;
    const refused = source.readyState === EventSource.CLOSED;
    source.close();
    if (!refused) {
      raw.failed(0);
      return;
    }
    fetch(withLastId(url, lastId), { headers: { accept: 'text/event-stream' }, signal: probe.signal }).then(
      (response) => {
        probe.abort();
        raw.failed(response.ok ? 0 : response.status);
      },
      () => {
        if (!probe.signal.aborted) raw.failed(0);
      },
    );
  };
  return () => {
    done = true;
    source.close();
    probe.abort();
  };
};

/** The same stream read with fetch: for places without EventSource, and for tests. */
export const viaFetch: Transport = (url, lastId, raw) => {
  const abort = new AbortController();
  const headers: Record<string, string> = { accept: 'text/event-stream' };
  if (lastId) headers['last-event-id'] = lastId;
  const run = async (): Promise<number> => {
    const response = await fetch(url, { headers, signal: abort.signal, cache: 'no-store' });
    const kind = response.headers.get('content-type') ?? '';
    if (!response.ok) return response.status;
    if (!response.body || !kind.startsWith('text/event-stream')) return 0;
    raw.opened();
    const parser = createParser((m) => {
      if (!abort.signal.aborted) raw.message(m.event, m.data, m.id);
    });
    const reader = response.body.getReader();
    // The parser takes the byte order mark away: a decoder that does it too would take a second one, which is text.
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 0;
      parser.feed(decoder.decode(value, { stream: true }));
    }
  };
  run().then(
    (status) => {
      if (!abort.signal.aborted) raw.failed(status);
    },
    () => {
      if (!abort.signal.aborted) raw.failed(0);
    },
  );
  return () => abort.abort();
};
