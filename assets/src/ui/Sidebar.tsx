import { useEffect, useRef } from 'preact/hooks';
import { exact, percent } from '../lib/format';
import { setTheme, theme } from '../lib/theme';
import { store } from '../state/page';
import type { DashboardEntry, Source } from '../wire';
import { Keyboard, Logo, Moon, Pulse, Search, Sun } from './icons';
import { follow } from './navigate';
import { SavedViews } from './SavedViews';
import { kindOf, share, stem } from './sources';
import { w } from './words';

/** A dot beside a name, with its meaning in words for whoever cannot see it. */
export function StateDot({ source }: { source: Source }) {
  const { state, diagnostics } = source;
  const warnings = diagnostics.warning + diagnostics.error;
  const said =
    state === 'error'
      ? w('stateError')
      : state === 'missing'
        ? w('stateMissing')
        : state === 'stale'
          ? w('stateStale')
          : state === 'reading'
            ? w('stateReading')
            : source.partial
              ? w('statePartial')
              : warnings
                ? w('rowsUnread', { n: warnings })
                : '';
  if (!said) return null;
  const kind = state === 'error' || state === 'missing' ? 'bad' : state === 'reading' ? 'busy' : 'warn';
  return (
    <span class={`dot dot-${kind}`} title={said} role="img" aria-label={said}>
      {' '}
    </span>
  );
}

function Entry({ source }: { source: Source }) {
  const tables = source.tables ?? [];
  const only = tables.length === 1 ? tables[0] : undefined;
  const kind = kindOf(source);
  const head = (
    <>
      <span class="kind">{kind}</span>
      <span class="truncate">{stem(source)}</span>
      <StateDot source={source} />
      {tables.length < 2 && source.format !== 'dashira' && (
        <span class="source-rows num">
          {source.progress ? percent(share(source.progress), 0) : exact(only?.rows ?? source.rows)}
        </span>
      )}
    </>
  );
  const slug = only?.dashboard;
  return (
    <li data-gone={source.state === 'missing'}>
      {slug ? (
        <a
          class="source"
          href={store.href(slug)}
          aria-current={slug === store.slug.value ? 'page' : undefined}
          onClick={(e) => follow(e, slug)}
        >
          {head}
        </a>
      ) : (
        <span class="source source-plain">{head}</span>
      )}
      {tables.length > 1 && (
        <ul class="sheets">
          {tables.map((t) => (
            <li key={t.name}>
              {t.dashboard ? (
                <a
                  class="source"
                  href={store.href(t.dashboard)}
                  aria-current={t.dashboard === store.slug.value ? 'page' : undefined}
                  onClick={(e) => follow(e, t.dashboard ?? '')}
                >
                  <span class="truncate">{t.label}</span>
                  <span class="source-rows num">{exact(t.rows)}</span>
                </a>
              ) : (
                <span class="source source-plain">
                  <span class="truncate">{t.label}</span>
                  <span class="source-rows num">{exact(t.rows)}</span>
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

/** Dashboards that somebody has written, which belong to no single table's place in the list. */
function Written({ list }: { list: DashboardEntry[] }) {
  return (
    <ul>
      {list.map((d) => (
        <li key={d.slug}>
          <a
            class="source"
            href={store.href(d.slug)}
            aria-current={d.slug === store.slug.value ? 'page' : undefined}
            onClick={(e) => follow(e, d.slug)}
          >
            <span class="truncate">{d.title}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

export function Sidebar() {
  const dark = theme.value === 'dark';
  const sources = store.sources.value;
  const written = store.dashboards.value.filter((d) => d.written);
  const look = sources.filter(
    (s) => s.state === 'error' || s.state === 'missing' || s.diagnostics.warning + s.diagnostics.error > 0,
  );
  const bad = look.some((s) => s.state === 'error');
  const open = store.sidebarOpen.value;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!open) return;
    nav.current?.querySelector<HTMLElement>('a, button')?.focus();
    const leave = (e: KeyboardEvent) => {
      if (e.key === 'Escape') store.sidebarOpen.value = false;
    };
    addEventListener('keydown', leave);
    return () => removeEventListener('keydown', leave);
  }, [open]);
  return (
    <>
      {open && (
        <button
          type="button"
          class="scrim"
          aria-label={w('close')}
          onClick={() => {
            store.sidebarOpen.value = false;
          }}
        />
      )}
      <nav ref={nav} class="sidebar" data-open={open} aria-label={w('sources')}>
        <a
          class="brand"
          href={store.boot.base}
          onClick={(e) => follow(e, store.dashboards.value[0]?.slug ?? '')}
        >
          <Logo />
          dashira
        </a>
        <button
          type="button"
          class="jump"
          onClick={() => {
            store.overlay.value = 'palette';
          }}
        >
          <Search />
          {w('searchOrJump')}
          <kbd>⌘K</kbd>
        </button>
        {/* Scrolls on its own, so it has to be reachable with the keyboard even when every entry is plain. */}
        <div class="side-scroll" tabIndex={sources.length ? undefined : 0}>
          {written.length > 0 && <Written list={written} />}
          <h2 class="side-title">
            <span class="mono truncate" title={store.boot.root}>
              {store.boot.root || w('folder')}
            </span>
            <span class="num">{sources.length}</span>
          </h2>
          <ul>
            {sources.map((s) => (
              <Entry key={s.name} source={s} />
            ))}
          </ul>
          <SavedViews />
        </div>
        <div class="side-foot">
          <button
            type="button"
            class="source"
            onClick={() => {
              store.overlay.value = 'diagnostics';
            }}
          >
            <Pulse />
            <span class="truncate">{w('diagnostics')}</span>
            {look.length > 0 && (
              <>
                <span class={`dot dot-${bad ? 'bad' : 'warn'}`} />
                <span class="source-rows">{w('filesToLook', { n: look.length })}</span>
              </>
            )}
          </button>
          <div class="side-tools">
            <button
              type="button"
              class="tool"
              aria-label={w('shortcuts')}
              onClick={() => {
                store.overlay.value = 'keys';
              }}
            >
              <Keyboard />
            </button>
            <button
              type="button"
              class="tool"
              aria-label={dark ? w('lightTheme') : w('darkTheme')}
              onClick={() => setTheme(dark ? 'light' : 'dark')}
            >
              {dark ? <Sun /> : <Moon />}
            </button>
            <span class="version num">{store.told.version.value || store.boot.version}</span>
          </div>
        </div>
      </nav>
    </>
  );
}
