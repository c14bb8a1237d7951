import { batch, computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Changes, FilterMode } from '../charts/mark';
import { type Api, createApi, query } from '../lib/api';
import { sayFrame, sayRows, tongue } from '../lib/said';
import type { Listener, Status, Stream } from '../stream/stream';
import type {
  Boot,
  DashboardEntry,
  Dashboards,
  Frame,
  Item,
  Row,
  Selection,
  Snapshot,
  Source,
} from '../wire';
import { difference } from './difference';
import { createQuestions } from './questions';
import { begin, fromSnapshot, reduce, type State } from './reduce';
import {
  chooseRange,
  chooseValue,
  readSelection,
  resolve,
  UNASKED,
  widthAsked,
  widthOf,
  withFilter,
  writeSelection,
} from './selection';
import { slices } from './slices';
import { NO_VIEW, type PanelView, readViews, withView, writeViews } from './views';

export type Overlay = 'share' | 'diagnostics' | 'palette' | 'keys' | 'time' | 'grain' | 'filter' | null;

/** What the store needs of the browser's window, so that tests can do without one. */
export interface Address {
  pathname: string;
  search: string;
  push(url: string): void;
  replace(url: string): void;
  onPop(run: () => void): void;
}

export interface Parts {
  boot: Boot;
  address: Address;
  openStream(listener: Listener): Stream;
  /** Runs what came since the last time, once for each picture of the screen; at once where that is left out. */
  soon?: (run: () => void) => void;
  now(): number;
  clock(): number;
}

/** Address parameters that are about this page and not about the selection; they stay when the selection moves. */
const OWN = ['transport', 'theme', 'lang'];

/** A dashboard as it was at one revision. */
export interface Past {
  revision: number;
  /** When that revision came, in milliseconds. */
  at: number;
  state: State;
}

/**
 * What the page knows and what can be done with it. The stream's events are reduced into `live`; what is drawn is
 * `shown`, which stands still while the viewer has paused or looks at the past. One computed signal for each panel, so
 * that an event redraws what it touched and nothing else.
 */
export function createStore({ boot, address, openStream, soon = (run) => run(), now, clock }: Parts) {
  const api: Api = createApi(boot.base);
  const slug = signal(slugOf());
  /** What the address asks for. */
  const selection = signal<Selection>(readSelection(address.search));
  const live = signal<State>(
    boot.snapshot ? fromSnapshot(boot.snapshot) : { ...begin, sources: boot.sources, version: boot.version },
  );
  const dashboards = signal<DashboardEntry[]>(boot.dashboards);
  const status = signal<Status>({ state: 'connecting', reconnects: 0 });
  /** The frames on screen are those of another selection, until the new ones are here. */
  const pending = signal(boot.snapshot === null && slug.value !== '');
  const frozen = signal<{ state: State; arrived: number } | null>(null);
  const past = signal<Past | null>(null);
  /** Changes of the data since the page was opened; one change may patch many panels. */
  const arrived = signal(0);
  let newestChange = live.value.revision;
  const lastChange = signal(newest(live.value.sources) || clock());
  const overlay = signal<Overlay>(null);
  const sidebarOpen = signal(false);
  /** The column that the filter picker opens at; null is the first that has few values. */
  const picked = signal<string | null>(null);

  /** Rows and frames of a dashboard that somebody is editing: what is shown until it is written down or given up. */
  const draft = signal<{ rows: Row[]; frames: Record<string, Frame> } | null>(null);
  const shown = computed<State>(() => {
    const base = past.value?.state ?? frozen.value?.state ?? live.value;
    const now = draft.value;
    return now ? { ...base, rows: now.rows, frames: { ...base.frames, ...now.frames } } : base;
  });
  /** Parts of what is shown, and of what the stream has told. */
  const seen = { ...slices(shown), rows: computed(() => sayRows(shown.value.rows)) };
  const told = { ...slices(live), rows: computed(() => sayRows(live.value.rows)) };
  /** What is asked for, completed by what the dashboard answered with: marks show a choice before its answer is here. */
  const chosen = computed<Selection>(() => resolve(selection.value, told.selection.value));
  const sources = computed<Source[]>(() => (told.sources.value.length ? told.sources.value : boot.sources));
  const waiting = computed(() => (frozen.value ? arrived.value - frozen.value.arrived : 0));
  /** The server has been replaced by another version: this page is not the one it would send. */
  const outdated = computed(
    () => boot.version !== '' && told.version.value !== '' && told.version.value !== boot.version,
  );
  /** Why there is nothing more to see, if so. */
  const ended = computed(() => (status.value.state === 'ended' ? (status.value.reason ?? 'ended') : null));
  const title = computed(
    () =>
      seen.title.value ||
      dashboards.value.find((d) => d.slug === slug.value)?.title ||
      boot.title ||
      'dashira',
  );

  /** No dashboard under this address: nothing in the folder yet, or a name that is not there. */
  const missing = computed(
    () =>
      told.dashboard.value === '' &&
      (slug.value === '' || !dashboards.value.some((d) => d.slug === slug.value)),
  );

  /** The item of every panel, those behind tabs too. */
  const items = computed(() => {
    const all = new Map<string, Item>();
    for (const item of shown.value.rows.flatMap((r) => r.items))
      for (const panel of [item.panel, ...(item.tabs ?? []).map((t) => t.panel)]) all.set(panel, item);
    return all;
  });
  const frames = new Map<string, ReadonlySignal<Frame | undefined>>();
  function frame(panel: string): ReadonlySignal<Frame | undefined> {
    let s = frames.get(panel);
    if (!s) {
      s = computed(() =>
        sayFrame(shown.value.frames[panel], tongue.value ? items.value.get(panel) : undefined),
      );
      frames.set(panel, s);
    }
    return s;
  }

  /** The moment that what is shown is compared with. */
  const against = signal<Past | null>(null);
  /** What differs, by panel; null while nothing is compared. */
  const differences = computed<ReadonlyMap<string, Changes> | null>(() => {
    const then = against.value;
    if (!then) return null;
    const found = new Map<string, Changes>();
    const { rows, frames } = shown.value;
    for (const item of rows.flatMap((r) => r.items))
      for (const panel of [item.panel, ...(item.tabs ?? []).map((t) => t.panel)]) {
        const c = difference(item, then.state.frames[panel], frames[panel]);
        if (c) found.set(panel, c);
      }
    return found;
  });

  const changed = new Map<string, ReadonlySignal<Changes | undefined>>();
  function changes(panel: string): ReadonlySignal<Changes | undefined> {
    let s = changed.get(panel);
    if (!s) {
      s = computed(
        () => differences.value?.get(panel) ?? (against.value ? undefined : shown.value.changes[panel]),
      );
      changed.set(panel, s);
    }
    return s;
  }

  /** When a panel last changed, in milliseconds of the clock: by a patch, or with the file that it comes from. */
  function movedAt(panel: string): number {
    if (past.value) return past.value.at;
    const at = shown.value.changes[panel]?.at;
    if (at !== undefined) return clock() - (now() - at);
    const source = sources.value.find((s) => s.tables?.some((t) => t.name === shown.value.table));
    return source ? Date.parse(source.updated) : Number.NaN;
  }

  /** The revision of what is shown where that is not now, for questions beside the stream. */
  const moment = () => past.value?.revision ?? frozen.value?.state.revision;

  const questions = createQuestions(api, {
    slug: () => slug.value,
    table: () => shown.value.table,
    asked: () => writeSelection(chosen.value),
    drawn: () => asked(chosen.value),
    moment,
    revision: () => live.peek().revision,
  });

  let travelled = 0;

  /** What has come and is not taken up yet: all of it becomes one picture. */
  let queue: (() => void)[] = [];
  function takeUp(): void {
    const now = queue;
    queue = [];
    batch(() => {
      for (const run of now) run();
    });
  }
  function take(run: () => void): void {
    queue.push(run);
    if (queue.length === 1) soon(takeUp);
  }

  const stream = openStream({
    event(e, id) {
      take(() => {
        const before = live.value;
        const after = reduce(before, e, now());
        live.value = id && after.at !== id ? { ...after, at: id } : after;
        if (e.type === 'patch' && e.data.revision > newestChange) {
          newestChange = e.data.revision;
          arrived.value++;
        }
        if (e.type === 'patch' || (e.type === 'source' && e.data.state === 'ok')) lastChange.value = clock();
        if (e.type === 'snapshot') {
          pending.value = false;
          newestChange = e.data.revision;
        }
        if (e.type === 'snapshot' || e.type === 'layout') refit();
        if (e.type === 'source') sourceMoved(before.sources, e.data);
        if (after.resync && !before.resync) stream.refresh();
        if (e.type === 'snapshot') questions.foresee();
      });
      // Somebody waits for this: it is drawn into the next picture and not first taken up for it.
      if (e.type === 'snapshot' && pending.peek()) takeUp();
    },
    status(s) {
      take(() => {
        status.value = s;
        if (s.state === 'ended' && s.reason === 'gone') gone();
      });
    },
  });

  /** The owner's dashboard went with its file: the page says so and waits for the folder, a guest's link has ended. */
  function gone(): void {
    if (boot.guest || missing.value) return;
    dashboards.value = dashboards.value.filter((d) => d.slug !== slug.value);
    const left = live.value.sources.map((s) =>
      s.tables?.some((t) => t.dashboard === slug.value) ? { ...s, state: 'missing' } : s,
    );
    live.value = { ...begin, sources: left, version: live.value.version };
    if (!missing.value) return;
    status.value = { state: 'connecting', reconnects: 0 };
    queueMicrotask(() => follow(null));
  }

  /** A table came, went, or has another dashboard: the list of dashboards is read again, at most once a second. */
  let reading = false;
  function sourceMoved(before: Source[], next: Source): void {
    const old = before.find((s) => s.name === next.name);
    const names = (s?: Source) => JSON.stringify((s?.tables ?? []).map((t) => [t.name, t.dashboard]));
    const moved =
      !old ||
      next.format === 'dashira' ||
      names(old) !== names(next) ||
      (old.state === 'missing') !== (next.state === 'missing');
    if (boot.guest || !(moved || slug.value === '' || missing.value) || reading) return;
    reading = true;
    setTimeout(readDashboards, dashboards.value.length ? 1000 : 0);
  }

  async function readDashboards(): Promise<void> {
    reading = false;
    try {
      const list = (await api.get<Dashboards>('dashboards')).dashboards;
      const was = missing.value;
      dashboards.value = list;
      const first = list[0];
      if (slug.value === '' && first) go(first.slug, true);
      else if (was && !missing.value) follow(null);
    } catch {
      // The stream tells about the next change; this one is then read with it.
    }
  }

  /** The selection as the server is asked for it: lines through rows are drawn for a width. */
  const asked = (s: Selection): string =>
    [writeSelection(s), widthOf(live.peek().rows)].filter(Boolean).join('&');

  function streamURL(): string {
    if (missing.value) return api.url('events');
    const q = asked(selection.value);
    return api.url(`dashboards/${encodeURIComponent(slug.value)}/events${q ? `?${q}` : ''}`);
  }

  function follow(snapshot: Snapshot | null): void {
    // A guest has no stream of the folder: there is nothing to wait for where the link shows nothing.
    if (missing.value && boot.guest) return;
    pending.value = snapshot === null && !missing.value;
    if (status.value.state === 'ended')
      status.value = { state: 'connecting', reconnects: status.value.reconnects };
    followed = streamURL();
    // A snapshot for another width stands in another stream's log.
    const own = snapshot && (snapshot.selection.width ?? 1200) === widthAsked(followed);
    stream.follow(followed, own ? snapshot : null);
  }

  /** Follows the stream of this window's width, where that is not the one that is followed: after it was resized. */
  let followed = '';
  function refit(): void {
    const url = streamURL();
    if (followed === '' || url === followed || missing.value) return;
    followed = url;
    stream.follow(url, null);
  }

  /** The path and query of a dashboard under a selection, for links and for the address bar. */
  function href(name: string, s?: Selection): string {
    const current = new URLSearchParams(address.search);
    const own = new URLSearchParams();
    for (const key of OWN) {
      const value = current.get(key);
      if (value !== null) own.set(key, value);
    }
    // Another dashboard has other panels.
    const set = name === slug.value ? writeViews(views.value) : '';
    const q = [s ? writeSelection(s) : '', set, own.toString()].filter(Boolean).join('&');
    return `${boot.base}d/${encodeURIComponent(name)}${q ? `?${q}` : ''}`;
  }

  function select(next: Selection, replace = false): void {
    if (writeSelection(next) === writeSelection(selection.value)) return;
    const url = href(slug.value, next);
    if (replace) address.replace(url);
    else address.push(url);
    batch(() => {
      selection.value = next;
      past.value = null;
      against.value = null;
      resume();
      follow(null);
    });
  }

  /** How the viewer set up a panel. It is in the address, and changing it is no step that "back" would undo. */
  const views = signal(readViews(address.search));
  const viewed = new Map<string, ReadonlySignal<PanelView>>();
  function view(panel: string): ReadonlySignal<PanelView> {
    let s = viewed.get(panel);
    if (!s) {
      s = computed(() => views.value[panel] ?? NO_VIEW);
      viewed.set(panel, s);
    }
    return s;
  }
  function setView(panel: string, key: string, value: string | null): void {
    const next = withView(views.value, panel, key, value);
    if (next === views.value) return;
    views.value = next;
    address.replace(href(slug.value, selection.value));
  }

  function go(name: string, replace = false): void {
    sidebarOpen.value = false;
    if (name === slug.value && !missing.value) return;
    const url = href(name);
    if (replace) address.replace(url);
    else address.push(url);
    arrive(name, UNASKED);
  }

  function arrive(name: string, s: Selection): void {
    batch(() => {
      if (name !== slug.value) live.value = { ...begin, sources: sources.value, version: live.value.version };
      slug.value = name;
      draft.value = null;
      views.value = readViews(address.search);
      selection.value = s;
      past.value = null;
      against.value = null;
      resume();
      follow(null);
    });
  }

  /** What the address says beside the dashboard's name: the selection and how panels are set up. */
  const here = computed(() =>
    [writeSelection(selection.value), writeViews(views.value)].filter(Boolean).join('&'),
  );
  const custom = computed(() => Object.keys(views.value).length > 0);

  /** Goes to a dashboard as an address describes it. */
  function visit(name: string, search: string): void {
    sidebarOpen.value = false;
    if (name === slug.value && search === here.value) return;
    address.push(`${boot.base}d/${encodeURIComponent(name)}${search ? `?${search}` : ''}`);
    arrive(name, readSelection(search));
  }

  function pause(): void {
    if (!frozen.value) frozen.value = { state: live.value, arrived: arrived.value };
  }
  function resume(): void {
    frozen.value = null;
  }

  function slugOf(): string {
    const rest = address.pathname.startsWith(boot.base) ? address.pathname.slice(boot.base.length) : '';
    const named = /^d\/([^/]+)\/?$/.exec(rest)?.[1];
    if (named) {
      try {
        return decodeURIComponent(named);
      } catch {
        return named;
      }
    }
    return boot.dashboard || boot.dashboards[0]?.slug || '';
  }

  return {
    /** Begins to follow the stream; what the page was born with is on screen before that. */
    start(): void {
      address.onPop(() => arrive(slugOf(), readSelection(address.search)));
      follow(boot.snapshot);
    },
    boot,
    api,
    slug,
    selection,
    chosen,
    live,
    shown,
    seen,
    told,
    dashboards,
    sources,
    status,
    pending,
    frozen,
    past,
    against,
    differences,
    draft,
    waiting,
    ended,
    outdated,
    missing,
    title,
    arrived,
    lastChange,
    overlay,
    sidebarOpen,
    picked,
    frame,
    changes,
    movedAt,
    href,
    select,
    go,
    pause,
    resume,
    reconnect: () => stream.check(),
    can: (what: string) => told.allow.value.includes(what),
    filter(column: string, value: string, mode: FilterMode): void {
      select(chooseValue(selection.value, column, value, mode));
    },
    range(column: string, range: { from: string; to: string } | null): void {
      select(chooseRange(selection.value, column, range));
    },
    clear(column?: string): void {
      if (column) select(withFilter(selection.value, column, []));
      // An address that cannot be answered may be wrong in any of its parts.
      else select(ended.value === 'selection' ? UNASKED : { ...selection.value, range: '', filters: {} });
    },
    zoom(range: { from: string; to: string } | null): void {
      select({ ...selection.value, range: range ? `${range.from}..${range.to}` : 'all' });
    },
    /** Shows the dashboard as it was at a revision; null is now. False where it is no longer kept. */
    async travel(to: { revision: number; at: number } | null): Promise<boolean> {
      const turn = ++travelled;
      if (to === null) {
        past.value = null;
        return true;
      }
      const q = query({ at: to.revision }, asked(selection.value));
      try {
        const got = await api.get<Snapshot>(`dashboards/${encodeURIComponent(slug.value)}/snapshot?${q}`);
        // The viewer may have stepped on while this one was on its way.
        if (turn === travelled) past.value = { ...to, state: fromSnapshot(got) };
        return true;
      } catch {
        return turn !== travelled;
      }
    },
    ...questions,
    view,
    setView,
    here,
    custom,
    visit,
    refit,
  };
}

export type Store = ReturnType<typeof createStore>;

/** When the newest of the sources was read, in milliseconds; 0 without any. */
function newest(sources: Source[]): number {
  return Math.max(0, ...sources.map((s) => Date.parse(s.updated) || 0));
}
