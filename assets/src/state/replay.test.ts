import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Event, Snapshot } from '../wire';
import { begin, reduce } from './reduce';

interface Recording {
  events: Event[];
  final: Snapshot;
}

// The server's tests write this file: one stream, two languages.
const recording: Recording = JSON.parse(
  fs.readFileSync(new URL('testdata/recorded.json', import.meta.url), 'utf8'),
);

test('a recorded stream adds up to what somebody sees who comes at its end', () => {
  let state = begin;
  for (const [i, event] of recording.events.entries()) {
    state = reduce(state, event, i);
    expect(state.resync, `event ${i}, ${event.type}`).toBe(false);
  }
  expect(state.frames).toEqual(recording.final.frames);
  expect(state.rows).toEqual(recording.final.rows);
  expect(state.sources).toEqual(recording.final.sources);
  expect(recording.events.some((e) => e.type === 'patch' && e.data.remove)).toBe(true);
  expect(recording.events.some((e) => e.type === 'patch' && e.data.insert)).toBe(true);
  expect(recording.events.some((e) => e.type === 'patch' && e.data.update)).toBe(true);
});
