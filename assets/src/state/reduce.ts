import type { Changes, Gone } from '../charts/mark';
import type {
  Alert,
  Cell,
  Event,
  Field,
  Frame,
  Goodbye,
  Layout,
  Look,
  Patch,
  Row,
  Selection,
  Snapshot,
  Source,
  TimeAxis,
} from '../wire';
import { FLOW_MS } from './flow';

/** What the events of one stream add up to. Never changed in place: what an event does not touch stays the same object. */
export interface State {
  version: string;
  epoch: string;
  /** Slug; empty until the first snapshot. */
  dashboard: string;
  title: string;
  table: string;
  revision: number;
  /** Id of the newest event; the connection writes it. */
  at: string;
  selection: Selection;
  time: TimeAxis | null;
  fields: Field[];
  rows: Row[];
  frames: Readonly<Record<string, Frame>>;
  /** What the newest patch of each panel did. */
  changes: Readonly<Record<string, Changes>>;
  sources: Source[];
  /** How somebody wants the page to look; null where nobody said anything. */
  look: Look | null;
  viewers: number;
  allow: string[];
  alerts: Readonly<Record<string, Alert>>;
  /** How many patches have come since the snapshot. */
  patches: number;
  /** A patch did not fit its base: the whole dashboard has to be read again. */
  resync: boolean;
  goodbye: Goodbye | null;
}

export const NO_SELECTION: Selection = {
  range: 'all',
  grain: 'auto',
  compare: 'previous period',
  filters: {},
};

export const begin: State = {
  version: '',
  epoch: '',
  dashboard: '',
  title: '',
  table: '',
  revision: 0,
  at: '',
  selection: NO_SELECTION,
  time: null,
  fields: [],
  rows: [],
  frames: {},
  changes: {},
  sources: [],
  look: null,
  viewers: 0,
  allow: [],
  alerts: {},
  patches: 0,
  resync: false,
  goodbye: null,
};

/** `now` is performance.now() of the arrival; it only dates the changes. */
export function reduce(state: State, event: Event, now: number): State {
  switch (event.type) {
    case 'hello':
      // The epoch stays that of the frames until a snapshot of the new one replaces them.
      return { ...state, version: event.data.version, goodbye: null };
    case 'snapshot':
      return takeSnapshot(state, event.data);
    case 'layout':
      return takeLayout(state, event.data);
    case 'patch':
      return takePatch(state, event.data, now);
    case 'source':
      return { ...state, sources: takeSource(state.sources, event.data) };
    case 'viewers':
      return event.data.count === state.viewers ? state : { ...state, viewers: event.data.count };
    case 'alert':
      return { ...state, alerts: { ...state.alerts, [event.data.name]: event.data } };
    case 'goodbye':
      return { ...state, goodbye: event.data };
    default:
      // A heartbeat changes nothing, and an event of a newer server is none of ours.
      return state;
  }
}

export const fromSnapshot = (s: Snapshot): State => takeSnapshot(begin, s);

/** The snapshot that would lead to this state, for a listener that comes later. */
export function toSnapshot(s: State): Snapshot {
  return {
    dashboard: s.dashboard,
    title: s.title,
    table: s.table,
    revision: s.revision,
    epoch: s.epoch,
    at: s.at,
    selection: s.selection,
    ...(s.time ? { time: s.time } : {}),
    fields: s.fields,
    rows: s.rows,
    frames: { ...s.frames },
    sources: s.sources,
    ...(s.look ? { look: s.look } : {}),
    viewers: s.viewers,
    allow: s.allow,
  };
}

function takeSnapshot(state: State, s: Snapshot): State {
  // After a reconnect most frames are what they were; those keep their identity, and their charts are not drawn again.
  const same =
    state.epoch === s.epoch && state.dashboard === s.dashboard && sameSelection(state.selection, s.selection);
  const frames: Record<string, Frame> = {};
  for (const [panel, frame] of Object.entries(s.frames)) {
    const old = same ? state.frames[panel] : undefined;
    frames[panel] = old && old.revision === frame.revision && !old.error === !frame.error ? old : frame;
  }
  return {
    ...state,
    epoch: s.epoch,
    dashboard: s.dashboard,
    title: s.title,
    table: s.table,
    revision: s.revision,
    at: s.at,
    selection: s.selection,
    time: s.time ?? null,
    fields: s.fields,
    rows: same ? keep(state.rows, s.rows) : s.rows,
    frames,
    changes: {},
    sources: s.sources,
    look: s.look ?? null,
    viewers: s.viewers,
    allow: s.allow,
    patches: 0,
    resync: false,
    goodbye: null,
  };
}

function takeLayout(state: State, l: Layout): State {
  const frames: Record<string, Frame> = {};
  const changes: Record<string, Changes> = {};
  for (const panel of panelsOf(l.rows)) {
    const frame = l.frames[panel] ?? state.frames[panel];
    if (frame) frames[panel] = frame;
    const change = l.frames[panel] ? undefined : state.changes[panel];
    if (change) changes[panel] = change;
  }
  return {
    ...state,
    title: l.title,
    revision: Math.max(state.revision, l.revision),
    selection: l.selection ?? state.selection,
    look: l.look ?? null,
    time: l.time ?? null,
    fields: l.fields,
    rows: keep(state.rows, l.rows),
    frames,
    changes,
  };
}

function takePatch(state: State, p: Patch, now: number): State {
  const old = state.frames[p.panel];
  // Already contained: a snapshot may be newer than the events that are replayed after it.
  if (old && p.revision <= old.revision) return state;
  const applied = p.frame
    ? { frame: p.frame, changes: compareSingle(old, p.frame, now) }
    : old && old.revision === p.base
      ? applyPatch(old, p, now)
      : null;
  if (!applied) return state.resync ? state : { ...state, resync: true };
  const before = state.changes[p.panel];
  if (before && now - before.at < FLOW_MS) applied.changes.flow = true;
  return {
    ...state,
    revision: Math.max(state.revision, p.revision),
    frames: { ...state.frames, [p.panel]: applied.frame },
    changes: { ...state.changes, [p.panel]: applied.changes },
    patches: state.patches + 1,
  };
}

/** A patch on its base; null where it does not fit, which is a fault of the sender. */
export function applyPatch(base: Frame, p: Patch, now: number): { frame: Frame; changes: Changes } | null {
  const length = base.values[0]?.length ?? 0;
  const remove = p.remove ?? [];
  const at = p.insert?.at ?? [];
  if (length - remove.length + at.length !== p.length) return null;

  let values = base.values;
  if (remove.length || at.length) {
    const inserted = p.insert?.values;
    if (at.length && inserted?.length !== base.columns.length) return null;
    values = base.values.map((column, c) => splice(column, remove, at, inserted?.[c] ?? []));
    if (values.some((column) => column.length !== p.length)) return null;
  }

  const cells = new Map<string, Map<number, unknown>>();
  if (p.update) {
    const { at: rows, columns, values: next, old } = p.update;
    values = values.slice();
    for (const [k, name] of columns.entries()) {
      const c = base.columns.findIndex((column) => column.name === name);
      const source = next[k];
      if (c < 0 || !source || source.length !== rows.length) return null;
      const column = (values[c] ?? []).slice();
      const before = new Map<number, unknown>();
      for (const [j, row] of rows.entries()) {
        if (row < 0 || row >= p.length) return null;
        before.set(row, old[k]?.[j] ?? column[row] ?? null);
        column[row] = source[j] ?? null;
      }
      values[c] = column;
      cells.set(name, before);
    }
  }

  const facts = p.facts ?? base.facts;
  const frame: Frame = { revision: p.revision, columns: base.columns, values, ...(facts ? { facts } : {}) };
  const gone = rowsGone(base, remove, at);
  return {
    frame,
    changes: {
      inserted: new Set(at),
      cells,
      removed: remove.length,
      ...(gone.length ? { gone } : {}),
      at: now,
    },
  };
}

/** More rows that went at once than the eye can follow are not kept. */
const MOST_GONE = 12;

/**
 * The rows at `remove`, with the place in the result that each would have. Where a frame holds only the first rows of
 * more, those at its end were pushed out and did not go.
 */
function rowsGone(base: Frame, remove: readonly number[], at: readonly number[]): Gone[] {
  const length = base.values[0]?.length ?? 0;
  let end = remove.length;
  if ((base.facts?.total ?? length) > length)
    while (end > 0 && remove[end - 1] === length - (remove.length - end) - 1) end--;
  if (end > MOST_GONE) return [];
  const out: Gone[] = [];
  let run = 0;
  for (let i = 0; i < end; i++) {
    const row = remove[i] ?? 0;
    run = i > 0 && remove[i - 1] === row - 1 ? run + 1 : 0;
    // Survivors above it keep their order; rows that came in among them push it down.
    let place = row - i;
    for (const position of at) {
      if (position > place) break;
      place++;
    }
    // Rows that stood together fade together, one below the other.
    out.push({ at: place + run, values: base.values.map((column) => column[row] ?? null) });
  }
  return out;
}

/** Without the rows at `remove` (ascending, in the base), with `inserted` at `at` (ascending, in the result). */
function splice(column: Cell[], remove: number[], at: number[], inserted: Cell[]): Cell[] {
  const out: Cell[] = [];
  let from = 0;
  let r = 0;
  const take = (): void => {
    while (r < remove.length && remove[r] === from) {
      from++;
      r++;
    }
    if (from < column.length) out.push(column[from++] ?? null);
  };
  for (const [k, position] of at.entries()) {
    while (out.length < position && from < column.length) take();
    out.push(inserted[k] ?? null);
  }
  while (from < column.length) take();
  return out;
}

/** Where a whole frame came, only a single row (a figure) can say which of its cells moved. */
function compareSingle(old: Frame | undefined, next: Frame, now: number): Changes {
  const cells = new Map<string, Map<number, unknown>>();
  if (old && old.values[0]?.length === 1 && next.values[0]?.length === 1) {
    for (const [c, column] of next.columns.entries()) {
      const before = old.columns[c]?.name === column.name ? old.values[c]?.[0] : undefined;
      if (before !== undefined && before !== next.values[c]?.[0])
        cells.set(column.name, new Map([[0, before]]));
    }
  }
  return { inserted: new Set(), cells, removed: 0, at: now };
}

function takeSource(list: Source[], next: Source): Source[] {
  // A snapshot does not list what is gone, so neither does the state.
  if (next.state === 'missing') return list.filter((s) => s.name !== next.name);
  const i = list.findIndex((s) => s.name === next.name);
  // A guest's sources name no tables in their events; what the snapshot said about them stays.
  const known = i < 0 ? undefined : list[i];
  const merged: Source = {
    ...next,
    ...(next.tables ? {} : known?.tables ? { tables: known.tables } : {}),
    ...(next.format ? {} : known?.format ? { format: known.format } : {}),
  };
  if (i < 0) return [...list, merged];
  return list.map((s, k) => (k === i ? merged : s));
}

/** Every panel of a layout that has a frame, those behind tabs as well. */
export function panelsOf(rows: Row[]): string[] {
  return rows.flatMap((row) =>
    row.items.flatMap((item) => [item.panel, ...(item.tabs ?? []).map((t) => t.panel)]),
  );
}

/** The rows as they were where they say the same: a layout that moved one panel redraws one panel. */
function keep(old: Row[], next: Row[]): Row[] {
  const items = new Map(old.flatMap((r) => r.items.map((i) => [JSON.stringify(i), i])));
  return next.map((row) => ({
    ...row,
    items: row.items.map((item) => items.get(JSON.stringify(item)) ?? item),
  }));
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return selectionKey(a) === selectionKey(b);
}

/** Equal selections have equal keys, whatever the order of their filters. */
export function selectionKey(s: Selection): string {
  const filters = Object.entries(s.filters)
    .filter(([, values]) => values.length)
    .map(([column, values]) => [column, [...values].sort()])
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
  return JSON.stringify([s.range, s.grain, s.compare, s.width ?? 0, filters]);
}
