import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useCallback, useErrorBoundary, useRef, useState } from 'preact/hooks';
import { Aside, Mark, RangeStrip, summary, TableTwin } from '../charts';
import type { MarkProps } from '../charts/mark';
import { clock } from '../lib/format';
import { changeCount, MANY, useFresh } from '../lib/useFresh';
import { useVisible } from '../lib/useVisible';
import { store } from '../state/page';
import { selectionKey } from '../state/reduce';
import { isFiltered } from '../state/selection';
import type { Frame, Item, Selection } from '../wire';
import { drop, editing } from './edit/mode';
import { Freeing } from './Freeing';
import { Expand, More, TableIcon } from './icons';
import { later } from './later';
import { full, isTable, toggleTable } from './panelViews';
import { sourceOf } from './sources';
import { w } from './words';

const TableTools = later(() => import('./TableTools').then((m) => m.TableTools));
const EditHandle = later(() => import('./edit/EditHandle').then((m) => m.EditHandle));
const PanelMenu = later(() => import('./PanelMenu').then((m) => m.PanelMenu));

/**
 * An item as the chosen one of its tabs. A tab shares the mark and the measure, and its frame has the same columns in
 * the same places under the names of its own dimension.
 */
export function asTab(item: Item, panel: string, frame: Frame | undefined): Item {
  const tab = item.tabs?.find((t) => t.panel === panel);
  if (!tab || panel === item.panel) return item;
  const { tabs: _, filter: __, ...rest } = item;
  const names = frame?.columns.map((c) => c.name);
  const encoding = { ...item.encoding };
  if (names) {
    const channels = Object.keys(encoding).filter((k) => k !== 'columns') as ('x' | 'y' | 'color')[];
    const free = names.filter((n) => !channels.some((k) => encoding[k] === n));
    for (const k of channels) {
      const name = encoding[k];
      if (name && !names.includes(name))
        encoding[k] = (tab.filter && free.includes(tab.filter) ? tab.filter : free[0]) ?? name;
    }
  }
  return {
    ...rest,
    panel,
    title: `${headOf(item)} ${tab.title}`,
    encoding,
    ...(tab.filter ? { filter: tab.filter } : {}),
  };
}

/** What has just changed in a panel; of one that somebody wants quiet only what differs between two moments. */
function changesOf(item: Item, panel: string) {
  const changes = store.changes(panel).value ?? null;
  return item.highlight === 'none' && !changes?.held ? null : changes;
}

/** The columns whose chosen values a mark shows as chosen. */
const markedBy = (item: Item): string[] =>
  [item.filter, item.encoding.facet, item.mark === 'histogram' ? item.encoding.x : undefined].filter(
    (c) => c !== undefined,
  );

/**
 * The selection that a mark draws: the one that its frame answers, so that nothing is drawn twice for one choice; and of
 * what the mark itself shows as chosen, the one that is on its way, so that a click is seen at once.
 */
const drawnSelection = (item: Item): Selection => {
  const asked = store.chosen.value;
  const answered = store.seen.selection.value;
  const moved = markedBy(item).some((c) => asked.filters[c]?.join('\0') !== answered.filters[c]?.join('\0'));
  return moved ? asked : answered;
};

const mayRows = () => !store.boot.guest || store.can('rows');

/** What every mark is given, beside its item and its frame. */
function useMark(item: Item, frame: Frame | undefined) {
  const columns = frame?.columns.map((c) => c.name).join('\0') ?? '';
  const rows = item.mark === 'table' && columns !== '' && mayRows();
  const table = store.seen.table.value;
  const whole = item.mark === 'ranked' || item.mark === 'bar' || item.encoding.facet !== undefined;
  // Whoever asks for more than its frame has asks anew for every selection; the others wait for theirs to be answered.
  const asked = rows || whole ? store.selection.value : null;
  const selection = useComputed(() => drawnSelection(item));
  // The same function as long as it would fetch the same rows: a mark may take a new one for a reason to ask again.
  const fetchRows = useCallback(
    (offset: number, limit: number, sort: string, search: string) =>
      store.rows(columns.split('\0'), offset, limit, sort, search),
    [columns, table, asked, store.past.value, store.frozen.value],
  );
  // How columns are spread is asked of the selection that has been answered, and not of one that is on its way.
  const answered = item.mark === 'table' ? selectionKey(store.seen.selection.value) : '';
  const fetchProfile = useCallback(
    (names: string[]) => store.profile(names),
    [table, answered, store.past.value, store.frozen.value],
  );
  const fetchWhole = useCallback(
    (limit: number) => store.whole(item.panel, limit),
    [item.panel, asked, store.past.value, store.frozen.value],
  );
  const onView = useCallback(
    (key: string, value: string | null) => store.setView(item.panel, key, value),
    [item.panel],
  );
  return {
    item,
    frame,
    selection: selection.value,
    time: store.seen.time.value,
    changes: changesOf(item, item.panel),
    onFilter: store.filter,
    onRange: store.range,
    onZoom: store.zoom,
    view: store.view(item.panel).value,
    onView,
    ...(whole ? { fetchWhole } : {}),
    ...(rows ? { fetchRows, fetchProfile } : {}),
  };
}

/** One chart that fails must not take the page with it; the next answer tries again. */
function Guard({ on, children }: { on: unknown; children: ComponentChildren }) {
  const [error, reset] = useErrorBoundary((e) => console.error(e));
  const at = useRef(on);
  if (error && at.current !== on) {
    at.current = on;
    reset();
  }
  if (!error) at.current = on;
  return error ? (
    <div class="state state-bad" role="alert">
      <b>{w('chartFailed')}</b>
      <p>{String((error as Error).message ?? error)}</p>
    </div>
  ) : (
    children
  );
}

/** A panel's picture: the mark in its state, or its numbers as a table. */
export function Picture({ item, strip }: { item: Item; strip: boolean }) {
  const frame = store.frame(item.panel).value;
  const props = useMark(item, frame);
  const source = sourceOf(store.seen.sources.value, store.seen.table.value);
  const gone = source?.state === 'missing';
  const filtered = useComputed(() => isFiltered(store.selection.value));
  if (frame && isTable(item.panel) && item.mark !== 'table') return <TableTwin {...(props as MarkProps)} />;
  return (
    <Guard on={frame}>
      <Mark
        {...props}
        stale={gone ? { at: clock(Date.parse(source.updated)), why: w('stateMissing') } : null}
        actions={filtered.value ? <Freeing /> : undefined}
      />
      {strip && frame && props.time && (
        <RangeStrip
          item={item}
          frame={frame}
          time={props.time}
          selection={store.chosen.value}
          onZoom={store.zoom}
        />
      )}
    </Guard>
  );
}

function Note({ item, frame }: { item: Item; frame: Frame | undefined }) {
  if (!frame?.values[0]?.length) return null;
  const said = summary(item, frame, store.seen.time.value);
  return said ? (
    <p class="panel-note truncate" title={said}>
      {said}
    </p>
  ) : null;
}

/** The title of an item with tabs leaves out what the tabs say: "Revenue by region" over Region, Product is "Revenue by". */
function headOf(item: Item): string {
  const first = item.tabs?.[0]?.title.toLowerCase();
  const title = item.title.toLowerCase();
  if (!first || (item.tabs?.length ?? 0) < 2 || !title.endsWith(` ${first}`)) return item.title;
  return item.title.slice(0, item.title.length - first.length - 1);
}

/** More changes than the eye can follow: the title is marked instead of the values. */
function Title({ item, panel }: { item: Item; panel: string }) {
  const changes = changesOf(item, panel);
  const n = changeCount(changes);
  const many = n > MANY && !changes?.held;
  const fresh = useFresh(many ? changes?.at : undefined) && many;
  return (
    <h2 id={`${item.panel}-title`} class="truncate" title={item.title}>
      <span data-fresh={fresh}>{headOf(item)}</span>
      {fresh && <span class="sr">{w('many', { n })}</span>}
    </h2>
  );
}

function Tabs({ item, current }: { item: Item; current: string }) {
  const list = item.tabs ?? [];
  const at = Math.max(
    0,
    list.findIndex((t) => t.panel === current),
  );
  const choose = (panel: string) => {
    store.setView(item.panel, 'tab', panel === item.panel ? null : panel);
  };
  return (
    <div
      class="tabs"
      role="tablist"
      aria-label={w('dimension')}
      onKeyDown={(e) => {
        const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: list.length - 1 }[e.key];
        const tab = next === undefined ? undefined : list[(next + list.length) % list.length];
        if (!tab) return;
        e.preventDefault();
        choose(tab.panel);
        e.currentTarget.querySelectorAll('button')[list.indexOf(tab)]?.focus();
      }}
    >
      {list.map((t) => (
        <button
          key={t.panel}
          type="button"
          role="tab"
          id={`${t.panel}-tab`}
          aria-controls={`${item.panel}-body`}
          aria-selected={t.panel === current}
          tabIndex={t.panel === current ? 0 : -1}
          onClick={() => choose(t.panel)}
        >
          {t.title}
        </button>
      ))}
    </div>
  );
}

function Tools({ item, open, onMenu }: { item: Item; open: boolean; onMenu: () => void }) {
  const say = (tool: string) => w('panelTools', { title: item.title, tool });
  const table = isTable(item.panel);
  return (
    <>
      {item.mark !== 'table' && (
        <button
          type="button"
          class="tool tool-wide"
          aria-label={say(table ? w('showChart') : w('showTable'))}
          aria-pressed={table}
          onClick={() => toggleTable(item.panel)}
        >
          <TableIcon />
        </button>
      )}
      <button
        type="button"
        class="tool tool-wide"
        aria-label={say(w('fullScreen'))}
        onClick={() => {
          full.value = item;
        }}
      >
        <Expand />
      </button>
      <button
        type="button"
        class="tool"
        aria-label={say(w('more'))}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={onMenu}
      >
        <More />
      </button>
    </>
  );
}

/**
 * One panel. Its parts read their signals only while it is near the screen, and reading subscribes: a panel that is far
 * away costs nothing per event, keeps its last picture, and catches up when it comes back.
 */
export function Panel({ item, strip, last }: { item: Item; strip: boolean; last?: boolean }) {
  const edited = editing.value !== null;
  const [ref, on] = useVisible<HTMLElement>();
  const [menu, setMenu] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const drawn = useRef<ComponentChildren>(null);
  const chosen = store.view(item.panel).value.tab;
  const panel = item.tabs?.some((t) => t.panel === chosen) && chosen ? chosen : item.panel;
  const frame = store.frame(panel).value;
  const shown = asTab(item, panel, frame);
  const tabbed = (item.tabs?.length ?? 0) > 1;
  // Rows that a table has fetched belong to one selection: another one begins at its top.
  const rows = item.mark === 'table' ? selectionKey(store.seen.selection.value) : '';
  if (on) drawn.current = <Picture key={panel + rows} item={shown} strip={strip} />;
  return (
    <section
      ref={ref}
      class="panel"
      data-panel={item.panel}
      data-mark={item.mark}
      data-width={item.width}
      data-rev={frame?.revision}
      tabIndex={-1}
      aria-labelledby={`${item.panel}-title`}
      onKeyDown={(e) => {
        if (e.target !== e.currentTarget || e.metaKey || e.ctrlKey || e.altKey) return;
        if (e.key === 'Enter') full.value = shown;
        else if (e.key === 'v' && item.mark !== 'table') toggleTable(shown.panel);
        else return;
        e.preventDefault();
        e.stopPropagation();
      }}
    >
      <header class="panel-head">
        <div class="panel-text">
          <Title item={item} panel={panel} />
          {on && !tabbed && <Note item={shown} frame={frame} />}
        </div>
        <div class="panel-aside">
          {tabbed ? (
            <Tabs item={item} current={panel} />
          ) : (
            on &&
            frame &&
            (item.mark === 'table' ? (
              <TableTools item={shown} frame={frame} search={mayRows()} />
            ) : (
              <Aside item={shown} frame={frame} />
            ))
          )}
        </div>
        {edited ? (
          <EditHandle panel={item.panel} title={item.title} last={last === true} />
        ) : (
          <div class="panel-tools" ref={tools} data-open={menu}>
            <Tools item={shown} open={menu} onMenu={() => setMenu(!menu)} />
          </div>
        )}
      </header>
      <div
        class="panel-body"
        ref={body}
        id={`${item.panel}-body`}
        {...(tabbed ? { role: 'tabpanel', 'aria-labelledby': `${panel}-tab` } : {})}
      >
        {drawn.current}
      </div>
      {menu && <PanelMenu anchor={tools} item={shown} body={body} onClose={() => setMenu(false)} />}
    </section>
  );
}

/** One cell of the strip of key figures. */
export function KeyFigure({ item }: { item: Item }) {
  const edited = editing.value !== null;
  const frame = store.frame(item.panel).value;
  const props = useMark(item, frame);
  return (
    <div
      class="kpi"
      data-panel={item.panel}
      data-rev={frame?.revision}
      data-edit={edited ? item.panel : undefined}
      data-drop={edited && drop.value?.beside === item.panel ? drop.value.side : undefined}
      title={item.why}
    >
      {edited && <EditHandle panel={item.panel} title={item.title} last />}
      <Guard on={frame}>
        <Mark {...props} />
      </Guard>
    </div>
  );
}
