import { bytes, exact } from '../lib/format';
import { store } from '../state/page';
import { editing } from './edit/mode';
import { Edit, Logo, Menu, Search, Share } from './icons';
import { LivePill } from './LivePill';
import { follow } from './navigate';
import { fileName, rowsOf, sourceOf } from './sources';
import { w } from './words';

function Facts() {
  const table = store.told.table.value;
  const sources = store.told.sources.value;
  const viewers = store.told.viewers.value;
  const source = sourceOf(sources, table);
  if (!source) return null;
  const sheet =
    (source.tables?.length ?? 0) > 1 ? source.tables?.find((t) => t.name === table)?.label : undefined;
  return (
    <p class="meta num">
      <span class="mono">
        {fileName(source)}
        {sheet && ` / ${sheet}`}
      </span>
      {!store.boot.guest && <span>{w('rowsCount', { n: rowsOf(sources, table) })}</span>}
      {!store.boot.guest && source.bytes > 0 && <span>{bytes(source.bytes)}</span>}
      {viewers > 1 && <span>{w('viewers', { n: viewers })}</span>}
    </p>
  );
}

/** A guest's link may show several dashboards; without a sidebar they stand above the title. */
function GuestTabs() {
  const list = store.dashboards.value;
  if (!store.boot.guest || list.length < 2) return null;
  return (
    <nav class="guest-tabs" aria-label={w('sharedWith')}>
      {list.map((d) => (
        <a
          key={d.slug}
          href={store.href(d.slug)}
          aria-current={d.slug === store.slug.value ? 'page' : undefined}
          onClick={(e) => follow(e, d.slug)}
        >
          {d.title}
        </a>
      ))}
    </nav>
  );
}

/** Editing is code that few visits need: it is fetched when it begins. */
export const startEditing = () => {
  import('./edit/session').then((m) => m.begin());
};

export function Header() {
  const guest = store.boot.guest;
  const there = store.told.dashboard.value !== '' && !store.ended.value;
  return (
    <>
      <GuestTabs />
      <header class="header">
        {guest ? (
          <Logo />
        ) : (
          <button
            type="button"
            class="tool menu"
            aria-label={w('sources')}
            aria-expanded={store.sidebarOpen.value}
            onClick={() => {
              store.sidebarOpen.value = !store.sidebarOpen.value;
            }}
          >
            <Menu />
          </button>
        )}
        <div class="title">
          <div class="title-row">
            <h1 class="truncate">{store.title.value}</h1>
            <LivePill />
          </div>
          {there && <Facts />}
        </div>
        <div class="actions">
          <button
            type="button"
            class="button only-narrow"
            aria-label={w('search')}
            onClick={() => {
              store.overlay.value = 'palette';
            }}
          >
            <Search />
          </button>
          {!guest && there && !editing.value && (
            <button type="button" class="button" onClick={startEditing}>
              <Edit />
              <span>{w('edit')}</span>
            </button>
          )}
          {!guest && there && (
            <button
              type="button"
              class="button button-primary"
              aria-label={w('share')}
              onClick={() => {
                store.overlay.value = 'share';
              }}
            >
              <Share />
              <span>{w('share')}</span>
            </button>
          )}
        </div>
      </header>
    </>
  );
}

/** How many rows the filters leave, where anything is filtered. A guest is not told how many there are without them. */
export function Matched({
  rows,
  of,
  onClear,
}: {
  rows: number | null;
  of: number | null;
  onClear: () => void;
}) {
  return (
    <p class="matched num">
      {rows !== null && (
        <span>
          {of === null ? w('rowsCount', { n: rows }) : <b>{exact(rows)}</b>}{' '}
          {of !== null && w('ofRows', { n: of })}
        </span>
      )}
      <button type="button" class="link" onClick={onClear}>
        {w('clear')}
      </button>
    </p>
  );
}
