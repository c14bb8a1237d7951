/** Editing a dashboard: begun from what is on screen, tried with drafts, and written into the dashira.yaml. */
import { batch, effect } from '@preact/signals';
import { ApiError } from '../../lib/api';
import { type EditItem, type EditRow, find, replace } from '../../state/arrange';
import { store } from '../../state/page';
import { writeSelection } from '../../state/selection';
import type { SpecItem } from '../../state/specParts';
import type { DashboardSpec, Draft, Frame, Item } from '../../wire';
import { toast } from '../toasts';
import { w } from '../words';
import { drop, editing, opened } from './mode';

const path = (slug: string, rest = '') => `dashboards/${encodeURIComponent(slug)}${rest}`;

const said = (e: unknown): string =>
  e instanceof ApiError && e.problem.detail ? e.problem.detail : e instanceof Error ? e.message : String(e);

/** Takes up the dashboard that is shown. */
export async function begin(): Promise<void> {
  const slug = store.slug.value;
  if (editing.value || !slug) return;
  try {
    const spec = await store.api.get<DashboardSpec>(path(slug, '/spec'));
    if (store.slug.value !== slug) return;
    const rows = join(spec, store.live.value.rows);
    if (!rows) {
      toast(w('editMoved'));
      return;
    }
    batch(() => {
      store.past.value = null;
      store.resume();
      editing.value = {
        slug,
        spec,
        title: spec.title,
        rows,
        changed: false,
        problem: '',
        saving: false,
      };
      show(rows, {});
    });
  } catch (e) {
    toast(w('couldNotLoad', { message: said(e) }));
  }
}

/** Each panel with its words; null where the two are of different dashboards, as in the moment of a change. */
function join(spec: DashboardSpec, rows: { height: string; items: Item[] }[]): EditRow[] | null {
  const words = new Map(spec.rows.flatMap((r) => r.items).map((i) => [String(i.name), i]));
  const out: EditRow[] = [];
  for (const row of rows) {
    const items: EditItem[] = [];
    for (const item of row.items) {
      const found = words.get(item.panel);
      if (!found) return null;
      items.push({ panel: item.panel, spec: found, item });
    }
    out.push({ height: row.height, items });
  }
  return out;
}

function show(rows: readonly EditRow[], frames: Record<string, Frame>): void {
  store.draft.value = {
    rows: rows.map((r) => ({ height: r.height, items: r.items.map((i) => i.item) })),
    frames: { ...store.draft.value?.frames, ...frames },
  };
}

/** Shows other rows; nothing is written yet. */
export function arrange(rows: readonly EditRow[]): void {
  const now = editing.value;
  if (!now || rows === now.rows) return;
  batch(() => {
    editing.value = { ...now, rows, changed: true, problem: '' };
    show(rows, {});
  });
}

export function rename(title: string): void {
  const now = editing.value;
  if (now) editing.value = { ...now, title, changed: true };
}

/** Asks what a panel would show. The newest question counts. */
let turn = 0;
export async function tryOut(panel: string, spec: SpecItem): Promise<void> {
  const now = editing.value;
  if (!now) return;
  const mine = ++turn;
  const q = writeSelection(store.chosen.value);
  try {
    const draft = await store.api.post<Draft>(path(now.slug, `/draft${q ? `?${q}` : ''}`), {
      item: { ...spec, name: panel },
    });
    const then = editing.value;
    if (!then || mine !== turn) return;
    // Why the chart was chosen is no longer why it is there.
    const item: Item = { ...draft.item, panel, why: '' };
    const rows = replace(then.rows, panel, { panel, spec: { ...spec, name: panel }, item });
    batch(() => {
      editing.value = { ...then, rows, changed: true, problem: '' };
      show(rows, { [panel]: draft.frame });
    });
  } catch (e) {
    if (mine === turn && editing.value) editing.value = { ...editing.value, problem: said(e) };
  }
}

/** At most so often the panels that are being tried are asked again while data keeps coming. */
const AGAIN_MS = 1000;
let last = '';
let again: ReturnType<typeof setTimeout> | null = null;

/**
 * Panels that ask what is written nowhere yet are in no stream: after every change of the data, and of what the viewer
 * has chosen, they are asked again. What one types meanwhile goes before it.
 */
async function refresh(): Promise<void> {
  const now = editing.peek();
  const tried = Object.keys(store.draft.peek()?.frames ?? {});
  if (!now || !tried.length) return;
  const q = writeSelection(store.chosen.peek());
  await Promise.all(
    tried.map(async (panel) => {
      const spec = find(now.rows, panel)?.spec;
      if (!spec) return;
      try {
        const draft = await store.api.post<Draft>(path(now.slug, `/draft${q ? `?${q}` : ''}`), {
          item: spec,
        });
        const then = editing.peek();
        if (then && find(then.rows, panel)?.spec === spec) show(then.rows, { [panel]: draft.frame });
      } catch {
        // The last picture stays; the next change asks anew.
      }
    }),
  );
}

effect(() => {
  if (!editing.value) return;
  const asked = `${store.live.value.revision} ${writeSelection(store.chosen.value)}`;
  if (asked === last) return;
  last = asked;
  if (again) return;
  again = setTimeout(() => {
    again = null;
    refresh();
  }, AGAIN_MS);
});

/** A new panel in a row of its own above the table, or at the end. */
export async function add(): Promise<void> {
  const now = editing.value;
  if (!now) return;
  const taken = new Set(now.rows.flatMap((r) => r.items.map((i) => i.panel)));
  let n = 1;
  while (taken.has(`panel-${n}`)) n++;
  const panel = `panel-${n}`;
  const spec: SpecItem = { mark: 'bar', x: 'count()', name: panel, width: 12 };
  const field = store.live.value.fields.find((f) => f.distinct > 1 && f.distinct <= 50 && f.role !== 'id');
  if (field) spec.y = field.name;
  else {
    spec.mark = 'kpi';
    spec.y = 'count()';
    delete spec.x;
  }
  try {
    const draft = await store.api.post<Draft>(path(now.slug, '/draft'), { item: spec });
    const then = editing.value;
    if (!then) return;
    const last = then.rows.at(-1);
    const row: EditRow = {
      height: spec.mark === 'kpi' ? 'small' : 'medium',
      items: [{ panel, spec, item: { ...draft.item, panel, width: 12, why: '' } }],
    };
    const table = last?.items.some((i) => i.item.mark === 'table');
    const rows = table && last ? [...then.rows.slice(0, -1), row, last] : [...then.rows, row];
    batch(() => {
      editing.value = { ...then, rows, changed: true, problem: '' };
      show(rows, { [panel]: draft.frame });
      opened.value = panel;
    });
  } catch (e) {
    toast(said(e));
  }
}

export function end(): void {
  batch(() => {
    editing.value = null;
    opened.value = null;
    drop.value = null;
    store.draft.value = null;
  });
}

/** Writes the dashboard down; it comes back over the stream, to everybody. */
export async function save(): Promise<void> {
  const now = editing.value;
  if (!now || now.saving) return;
  editing.value = { ...now, saving: true, problem: '' };
  try {
    await store.api.put(path(now.slug), {
      title: now.title,
      table: now.spec.table,
      rows: now.rows.map((r) => ({ height: r.height, items: r.items.map((i) => i.spec) })),
    });
    end();
    toast(w('editSaved'));
  } catch (e) {
    if (editing.value) editing.value = { ...editing.value, saving: false, problem: said(e) };
  }
}

/** Takes what was written away: the dashboard is the automatic one again. */
export async function automatic(): Promise<void> {
  const now = editing.value;
  if (!now || now.saving) return;
  try {
    await store.api.delete(path(now.slug));
    end();
    toast(w('editAutomatic'));
  } catch (e) {
    editing.value = { ...now, problem: said(e) };
  }
}

export const itemOf = (panel: string): EditItem | undefined =>
  editing.value ? find(editing.value.rows, panel) : undefined;
