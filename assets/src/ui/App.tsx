import { useEffect, useLayoutEffect } from 'preact/hooks';
import { TipLayer } from '../charts/tip';
import { clock } from '../lib/format';
import { wear } from '../lib/theme';
import { language } from '../lib/words';
import { differs } from '../state/difference';
import { store } from '../state/page';
import { Announcer } from './Announcer';
import { Inferred, Outdated, SourceBanner } from './Banners';
import { Dashboard, Waiting } from './Dashboard';
import { editing } from './edit/mode';
import { FilterBar } from './FilterBar';
import { Header } from './Header';
import { onKey } from './keys';
import { later } from './later';
import { Notices } from './Notices';
import { Overlay } from './Overlay';
import { EmptyFolder, Ended, Message, NoDashboard } from './Pages';
import { Picture } from './Panel';
import { full } from './panelViews';
import { Sidebar } from './Sidebar';
import { Toasts } from './toasts';
import { w, writtenLocale } from './words';

const ShareDialog = later(() => import('./ShareDialog').then((m) => m.ShareDialog));
const Diagnostics = later(() => import('./Diagnostics').then((m) => m.Diagnostics));
const CommandPalette = later(() => import('./CommandPalette').then((m) => m.CommandPalette));
const Shortcuts = later(() => import('./Shortcuts').then((m) => m.Shortcuts));
const EditBar = later(() => import('./edit/EditBar').then((m) => m.EditBar));
const HistoryDock = later(() => import('./HistoryDock').then((m) => m.HistoryDock));

/** Two moments beside one another: what differs between what is shown and the other one stays marked. */
function CompareBar() {
  const against = store.against.value;
  const found = store.differences.value;
  useEffect(() => {
    if (against) document.documentElement.dataset.hold = '';
    return () => {
      delete document.documentElement.dataset.hold;
    };
  }, [against !== null]);
  if (!against || !found) return null;
  const n = [...found.values()].filter(differs).length;
  return (
    <p class="pastbar comparebar" role="status">
      <span>{w('comparedWith', { time: clock(against.at), n, of: found.size })}</span>
      <button
        type="button"
        class="link"
        onClick={() => {
          store.against.value = null;
        }}
      >
        {w('endComparison')}
      </button>
    </p>
  );
}

function PastBar() {
  const past = store.past.value;
  if (!past) return null;
  return (
    <p class="pastbar" role="status">
      <span>{w('pastBar', { time: clock(past.at) })}</span>
      <button
        type="button"
        class="link"
        onClick={() => {
          store.past.value = null;
        }}
      >
        {w('backToLive')}
      </button>
      {store.against.value?.revision !== past.revision && (
        <button
          type="button"
          class="link"
          onClick={() => {
            store.against.value = past;
            store.past.value = null;
          }}
        >
          {w('compareNow')}
        </button>
      )}
    </p>
  );
}

/** Drawers and dialogs; the pickers hang on their buttons in the filter bar. */
function OverlayLayer() {
  switch (store.overlay.value) {
    case 'share':
      return <ShareDialog />;
    case 'diagnostics':
      return <Diagnostics />;
    case 'palette':
      return <CommandPalette />;
    case 'keys':
      return <Shortcuts />;
    default:
      return null;
  }
}

function FullPanel() {
  const item = full.value;
  if (!item) return null;
  return (
    <Overlay kind="full" title={item.title} onClose={() => (full.value = null)}>
      <div class="panel-body" data-panel={item.panel}>
        <Picture item={item} strip={false} />
      </div>
    </Overlay>
  );
}

function Body() {
  const ended = store.ended.value;
  if (ended) return <Ended reason={ended} />;
  if (store.missing.value) {
    if (store.boot.guest && store.boot.base === '/')
      return <Message title={w('stranger')} text={w('strangerText')} />;
    if (store.boot.guest) return <Message title={w('nothingShared')} />;
    return store.slug.value ? <NoDashboard /> : <EmptyFolder />;
  }
  if (store.seen.dashboard.value) return <Dashboard />;
  return store.status.value.refused === 409 ? (
    <Message title={w('cannotShow')} text={w('cannotShowText')} />
  ) : (
    <Waiting />
  );
}

export function App() {
  useLayoutEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  const title = store.title.value;
  useEffect(() => {
    document.title = `${title} · dashira`;
  }, [title]);
  const speaks = language.value;
  useEffect(() => {
    document.documentElement.lang = speaks;
  }, [speaks]);
  const look = store.seen.look.value;
  useLayoutEffect(() => {
    const { accent, palette, positive, negative, mode, locale } = look ?? {};
    wear({ accent, palette, positive, negative }, mode);
    writtenLocale(locale ?? '');
  }, [JSON.stringify(look)]);
  const there = store.told.dashboard.value !== '' && !store.ended.value;
  const history = there && (!store.boot.guest || store.can('history'));
  return (
    <div class="app" data-guest={store.boot.guest} data-conn={store.status.value.state}>
      {/* biome-ignore lint/a11y/useValidAnchor: it goes to a place in the page, and takes the focus there */}
      <a
        class="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        {w('skip')}
      </a>
      {!store.boot.guest && <Sidebar />}
      <div class="page">
        <div class="top">
          <Header />
          {there && <FilterBar />}
          <PastBar />
          <CompareBar />
          {editing.value && <EditBar />}
        </div>
        <Outdated />
        {there && <SourceBanner />}
        {there && <Inferred />}
        <Body />
        {history && <HistoryDock />}
        <p class="print-foot">{`${location.href} · ${w('printedAt', { time: new Date().toLocaleString(speaks) })}`}</p>
      </div>
      <TipLayer />
      <Toasts />
      <Announcer />
      {!store.boot.guest && <Notices />}
      <OverlayLayer />
      <FullPanel />
    </div>
  );
}
