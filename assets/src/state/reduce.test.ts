import { describe, expect, test } from 'vitest';
import type { Cell, Column, Event, Frame, Patch, Snapshot } from '../wire';
import { applyPatch, begin, fromSnapshot, NO_SELECTION, reduce, selectionKey, toSnapshot } from './reduce';

const column = (name: string): Column => ({ name, type: 'string' });
const frame = (revision: number, values: Cell[][], names = ['a', 'b']): Frame => ({
  revision,
  columns: names.map(column),
  values,
});

const snapshot = (frames: Record<string, Frame>, extra: Partial<Snapshot> = {}): Snapshot => ({
  dashboard: 'orders',
  title: 'Orders',
  table: 'orders',
  revision: 7,
  epoch: 'e1',
  at: 'e1-7',
  selection: NO_SELECTION,
  fields: [],
  rows: [
    {
      height: 'medium',
      items: Object.keys(frames).map((panel) => ({
        panel,
        mark: 'ranked',
        title: panel,
        width: 4,
        encoding: {},
        zero: true,
        time: false,
        why: '',
      })),
    },
  ],
  frames,
  sources: [],
  viewers: 1,
  allow: ['filters'],
  ...extra,
});

const start = () =>
  fromSnapshot(
    snapshot({
      one: frame(7, [
        ['x', 'y', 'z'],
        [1, 2, 3],
      ]),
      two: frame(5, [['k'], [9]]),
    }),
  );

describe('patch', () => {
  test('removes in the base, inserts and updates in the result', () => {
    const patch: Patch = {
      panel: 'one',
      base: 7,
      revision: 8,
      remove: [1],
      insert: {
        at: [0, 3],
        values: [
          ['n', 'm'],
          [10, 11],
        ],
      },
      update: { at: [2], columns: ['b'], values: [[33]], old: [[3]] },
      length: 4,
    };
    const after = reduce(start(), { type: 'patch', data: patch }, 123);
    expect(after.frames.one?.values).toEqual([
      ['n', 'x', 'z', 'm'],
      [10, 1, 33, 11],
    ]);
    expect(after.frames.one?.revision).toBe(8);
    expect(after.changes.one).toEqual({
      inserted: new Set([0, 3]),
      cells: new Map([['b', new Map([[2, 3]])]]),
      removed: 1,
      gone: [{ at: 2, values: ['y', 2] }],
      at: 123,
    });
    expect(after.resync).toBe(false);
  });

  test('leaves other frames the same objects, and its own base unchanged', () => {
    const before = start();
    const base = structuredClone(before.frames.one);
    const data: Patch = {
      panel: 'one',
      base: 7,
      revision: 8,
      update: { at: [0], columns: ['b'], values: [[5]], old: [[1]] },
      length: 3,
    };
    const after = reduce(before, { type: 'patch', data }, 0);
    expect(after.frames.two).toBe(before.frames.two);
    expect(after.frames.one?.values[0]).toBe(before.frames.one?.values[0]);
    expect(before.frames.one).toEqual(base);
  });

  const misfits: [string, Patch][] = [
    ['another base', { panel: 'one', base: 6, revision: 8, length: 3 }],
    ['another length', { panel: 'one', base: 7, revision: 8, length: 4 }],
    [
      'a column that is not there',
      {
        panel: 'one',
        base: 7,
        revision: 8,
        length: 3,
        update: { at: [0], columns: ['c'], values: [[1]], old: [[1]] },
      },
    ],
    [
      'a row that is not there',
      {
        panel: 'one',
        base: 7,
        revision: 8,
        length: 3,
        update: { at: [3], columns: ['b'], values: [[1]], old: [[1]] },
      },
    ],
    [
      'too few inserted columns',
      { panel: 'one', base: 7, revision: 8, length: 4, insert: { at: [0], values: [['q']] } },
    ],
    ['a panel that is not there', { panel: 'three', base: 7, revision: 8, length: 1 }],
  ];
  test.each(misfits)('%s asks for the whole dashboard and changes nothing', (_, data) => {
    const before = start();
    const after = reduce(before, { type: 'patch', data }, 0);
    expect(after.resync).toBe(true);
    expect(after.frames).toBe(before.frames);
  });

  test('what the frame already contains is not applied twice', () => {
    const before = start();
    expect(
      reduce(before, { type: 'patch', data: { panel: 'one', base: 6, revision: 7, length: 3 } }, 0),
    ).toBe(before);
  });

  test('a whole frame takes the place of the old one', () => {
    const next = frame(8, [['q'], [4]], ['c', 'd']);
    const after = reduce(
      start(),
      { type: 'patch', data: { panel: 'one', base: 7, revision: 8, length: 1, frame: next } },
      0,
    );
    expect(after.frames.one).toBe(next);
  });

  test('a figure that comes as a whole frame says what it was', () => {
    const next = frame(8, [['k'], [10]]);
    const after = reduce(
      start(),
      { type: 'patch', data: { panel: 'two', base: 5, revision: 8, length: 1, frame: next } },
      0,
    );
    expect(after.changes.two?.cells).toEqual(new Map([['b', new Map([[0, 9]])]]));
  });

  test('facts come with it, and stay where it brings none', () => {
    const facts = { rows: 3 };
    const one = reduce(
      start(),
      { type: 'patch', data: { panel: 'one', base: 7, revision: 8, length: 3, facts } },
      0,
    );
    expect(one.frames.one?.facts).toEqual(facts);
    const two = reduce(one, { type: 'patch', data: { panel: 'one', base: 8, revision: 9, length: 3 } }, 0);
    expect(two.frames.one?.facts).toEqual(facts);
  });
});

describe('snapshot', () => {
  test('frames that are the same keep their identity, all else is replaced', () => {
    const before = start();
    const again = snapshot({ one: frame(8, [['x'], [1]]), two: frame(5, [['k'], [9]]) });
    const after = reduce(before, { type: 'snapshot', data: again }, 0);
    expect(after.frames.two).toBe(before.frames.two);
    expect(after.frames.one).toBe(again.frames.one);
    expect(after.rows[0]?.items[0]).toBe(before.rows[0]?.items[0]);
  });

  test.each<[string, Partial<Snapshot>]>([
    ['epoch', { epoch: 'e2' }],
    ['selection', { selection: { ...NO_SELECTION, range: '90d' } }],
    ['dashboard', { dashboard: 'other' }],
  ])('equal revisions of another %s are other frames', (_, extra) => {
    const before = start();
    // A hello of a new run must not make its frames look like the old ones.
    const hello: Event = { type: 'hello', data: { version: '2', epoch: 'e2', resumed: false, retry: 1 } };
    const data = snapshot({ two: frame(5, [['k'], [1]]) }, extra);
    const after = reduce(reduce(before, hello, 0), { type: 'snapshot', data }, 0);
    expect(after.frames.two).toBe(data.frames.two);
  });

  test('ends a resync and a goodbye', () => {
    const lost = reduce(
      start(),
      { type: 'patch', data: { panel: 'one', base: 1, revision: 9, length: 0 } },
      0,
    );
    const gone = reduce(lost, { type: 'goodbye', data: { reason: 'age', retry: 5 } }, 0);
    const after = reduce(gone, { type: 'snapshot', data: snapshot({}) }, 0);
    expect([after.resync, after.goodbye]).toEqual([false, null]);
  });

  test('goes through a state and back', () => {
    const s = snapshot({ one: frame(7, [['x'], [1]]) });
    expect(toSnapshot(fromSnapshot(s))).toEqual(s);
  });
});

describe('other events', () => {
  test('a layout keeps the frames that it does not bring and drops those of panels that went', () => {
    const before = start();
    const two = before.rows[0]?.items[1];
    const data = {
      dashboard: 'orders',
      title: 'Orders now',
      revision: 9,
      fields: [],
      rows: [
        {
          height: 'large',
          items: [...(two ? [two] : []), { ...(two as NonNullable<typeof two>), panel: 'new' }],
        },
      ],
      frames: { new: frame(9, [[1]], ['n']) },
    };
    const after = reduce(before, { type: 'layout', data }, 0);
    expect(Object.keys(after.frames)).toEqual(['two', 'new']);
    expect(after.frames.two).toBe(before.frames.two);
    expect(after.title).toBe('Orders now');
  });

  test('a source replaces the one of its name, or joins', () => {
    const source = {
      name: 's',
      state: 'ok',
      revision: 1,
      rows: 1,
      added: 0,
      removed: 0,
      changed: 0,
      bytes: 0,
      updated: '',
      ms: 0,
      diagnostics: { info: 0, warning: 0, error: 0 },
      error: null,
    };
    const tables = [{ name: 't', label: 't.csv', rows: 1 }];
    const one = reduce(start(), { type: 'source', data: { ...source, tables } }, 0);
    const two = reduce(one, { type: 'source', data: { ...source, state: 'error' } }, 0);
    expect(two.sources).toEqual([{ ...source, state: 'error', tables }]);
  });

  test('a heartbeat, an equal count of viewers and an unknown event change nothing', () => {
    const s = start();
    expect(reduce(s, { type: 'heartbeat', data: { head: 'e1-9', time: '' } }, 0)).toBe(s);
    expect(reduce(s, { type: 'viewers', data: { count: 1 } }, 0)).toBe(s);
    expect(reduce(s, { type: 'confetti', data: {} } as unknown as Event, 0)).toBe(s);
    expect(reduce(begin, { type: 'viewers', data: { count: 4 } }, 0).viewers).toBe(4);
  });

  test('equal selections have equal keys in any order', () => {
    const a = { ...NO_SELECTION, filters: { a: ['1', '2'], b: [''] } };
    const b = { ...NO_SELECTION, filters: { b: [''], a: ['2', '1'], c: [] } };
    expect(selectionKey(a)).toBe(selectionKey(b));
    expect(selectionKey(a)).not.toBe(selectionKey(NO_SELECTION));
  });
});

/** Numbers that repeat, so that a failure can be looked at. */
function generator(seed: number): (n: number) => number {
  let a = seed;
  return (n) => {
    a = (Math.imul(a, 1664525) + 1013904223) >>> 0;
    return Math.floor((a / 4294967296) * n);
  };
}

/**
 * The reference: a frame is a list of rows, some of which go, some of which come, some cells of which change. Each row
 * carries a number of its own, by which positions are found without any of the code under test.
 */
function edit(rows: { id: number; cells: Cell[] }[], rnd: (n: number) => number, next: () => number) {
  const kept = rows.filter(() => rnd(5) > 0);
  const remove = rows.flatMap((r, i) => (kept.includes(r) ? [] : [i]));
  const result = kept.map((r) => ({ ...r, cells: [...r.cells] }));
  for (let n = rnd(4); n > 0; n--)
    result.splice(rnd(result.length + 1), 0, {
      id: next(),
      cells: [rnd(100), `s${rnd(9)}`, rnd(2) === 0 ? null : rnd(2) === 0],
    });
  const old = new Set(kept.map((r) => r.id));
  const at = result.flatMap((r, i) => (old.has(r.id) ? [] : [i]));
  const names = ['a', 'b', 'c'];
  const touched = names.filter(() => rnd(2) === 0);
  const places = result.flatMap((r, i) => (old.has(r.id) && rnd(4) === 0 ? [i] : []));
  const before = touched.map((n) => places.map((i) => result[i]?.cells[names.indexOf(n)] ?? null));
  for (const n of touched)
    for (const i of places) {
      const row = result[i];
      if (row) row.cells[names.indexOf(n)] = rnd(1000);
    }
  const values = touched.map((n) => places.map((i) => result[i]?.cells[names.indexOf(n)] ?? null));
  return {
    result,
    patch: {
      ...(remove.length ? { remove } : {}),
      ...(at.length
        ? { insert: { at, values: names.map((_, c) => at.map((i) => result[i]?.cells[c] ?? null)) } }
        : {}),
      ...(touched.length && places.length
        ? { update: { at: places, columns: touched, values, old: before } }
        : {}),
      length: result.length,
    },
  };
}

const columns = (rows: { cells: Cell[] }[]) => [0, 1, 2].map((c) => rows.map((r) => r.cells[c] ?? null));

test('two thousand random edits: patches lead exactly where the reference stands', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const rnd = generator(seed);
    let id = 0;
    const next = () => id++;
    let rows = Array.from({ length: rnd(30) }, () => ({
      id: next(),
      cells: [rnd(100), `s${rnd(9)}`, null] as Cell[],
    }));
    let state = fromSnapshot(snapshot({ p: frame(1, columns(rows), ['a', 'b', 'c']) }));
    for (let revision = 2; revision <= 51; revision++) {
      const { result, patch } = edit(rows, rnd, next);
      const data: Patch = { panel: 'p', base: revision - 1, revision, ...patch };
      const whole = applyPatch(state.frames.p as Frame, data, 0);
      state = reduce(state, { type: 'patch', data }, revision);
      expect(state.resync, `seed ${seed}`).toBe(false);
      expect(state.frames.p?.values, `seed ${seed}, revision ${revision}`).toEqual(columns(result));
      expect(whole?.frame).toEqual(state.frames.p);
      for (const [name, cells] of state.changes.p?.cells ?? [])
        for (const [row, old] of cells) {
          const was = rows.find((r) => r.id === result[row]?.id)?.cells['abc'.indexOf(name)];
          expect(old).toEqual(was ?? null);
        }
      rows = result;
    }
  }
});

test('a few rows that went are kept with the place they would have', () => {
  const base: Frame = {
    revision: 1,
    columns: [{ name: 'a', type: 'string' }],
    values: [['a', 'b', 'c', 'd', 'e']],
    facts: { rows: 5, total: 5 },
  };
  const gone = (remove: number[], at: number[], length: number, total = 5) =>
    applyPatch(
      { ...base, facts: { rows: 5, total } },
      {
        panel: 'p',
        base: 1,
        revision: 2,
        remove,
        length,
        ...(at.length ? { insert: { at, values: [at.map(String)] } } : {}),
      },
      0,
    )?.changes.gone?.map((g) => [g.values[0], g.at]);
  expect(gone([1, 2], [], 3)).toEqual([
    ['b', 1],
    ['c', 2],
  ]);
  // A row that came in above pushes it down.
  expect(gone([1, 3], [0], 4)).toEqual([
    ['b', 2],
    ['d', 3],
  ]);
  // Of many rows the frame holds the first: the last was pushed out of it.
  expect(gone([4], [0], 5, 100)).toBeUndefined();
  expect(gone([1, 4], [0], 4, 100)).toEqual([['b', 2]]);
  expect(gone([], [0], 6)).toBeUndefined();
});
