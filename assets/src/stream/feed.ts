import { begin, fromSnapshot, reduce, type State, toSnapshot } from '../state/reduce';
import type { Event, Snapshot } from '../wire';
import { createConnection, type Status, type Surroundings } from './connection';

/** What travels from whoever holds the connection to a page. */
export type Told = { kind: 'event'; event: Event; id: string } | { kind: 'status'; status: Status };

/**
 * One stream for many listeners. It keeps the state that the events add up to, so that a page which comes later gets
 * one snapshot and then the same events as everybody. Without a listener it holds nothing.
 */
export function createFeed(url: string, boot: Snapshot | null, env: Surroundings) {
  const listeners = new Set<(t: Told) => void>();
  let state: State = boot ? fromSnapshot(boot) : begin;
  let status: Status = { state: 'connecting', reconnects: 0 };
  let resyncing = false;
  const open = () =>
    createConnection(
      url,
      state.at,
      {
        event(event, id) {
          state = { ...reduce(state, event, 0), at: id };
          if (event.type === 'snapshot') resyncing = false;
          for (const tell of listeners) tell({ kind: 'event', event, id });
          if (state.resync && !resyncing) {
            resyncing = true;
            connection?.resync();
          }
        },
        status(s) {
          status = s;
          for (const tell of listeners) tell({ kind: 'status', status: s });
        },
      },
      env,
    );
  let connection: ReturnType<typeof createConnection> | null = null;
  connection = open();

  return {
    /** A listener whose own state stands at `at` needs no snapshot; any other gets one where there is one. */
    join(tell: (t: Told) => void, at: string): void {
      const known = listeners.has(tell);
      listeners.add(tell);
      tell({ kind: 'status', status });
      if (state.dashboard !== '' && !known && at !== state.at) {
        tell({ kind: 'event', event: { type: 'snapshot', data: toSnapshot(state) }, id: state.at });
      }
    },
    /** A listener that has lost its footing gets the whole dashboard as it is here. */
    refresh(tell: (t: Told) => void): void {
      if (state.dashboard === '' || state.resync) return;
      tell({ kind: 'event', event: { type: 'snapshot', data: toSnapshot(state) }, id: state.at });
    },
    leave(tell: (t: Told) => void): void {
      listeners.delete(tell);
    },
    get listeners(): number {
      return listeners.size;
    },
    get suspended(): boolean {
      return connection === null;
    },
    check(online: boolean): void {
      if (connection) connection.check(online);
      else connection = open();
    },
    /** Gives way to a stream that somebody looks at; `check` brings it back. */
    suspend(): void {
      connection?.close();
      connection = null;
      status = { state: 'waiting', reconnects: status.reconnects };
      for (const tell of listeners) tell({ kind: 'status', status });
    },
    close(): void {
      connection?.close();
      connection = null;
      listeners.clear();
    },
  };
}

export type Feed = ReturnType<typeof createFeed>;
