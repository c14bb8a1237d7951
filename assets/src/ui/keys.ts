import { signal } from '@preact/signals';
import { setTheme, theme } from '../lib/theme';
import { store } from '../state/page';
import type { Overlay } from '../state/store';
import { editing } from './edit/mode';
import { startEditing } from './Header';
import { full } from './panelViews';

const STORED = 'dashira.keys';

/** Do single keys act? A screen reader's own keys may need them. */
export const singleKeys = signal(stored());

function stored(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

export function setSingleKeys(on: boolean): void {
  singleKeys.value = on;
  try {
    localStorage.setItem(STORED, on ? 'on' : 'off');
  } catch {
    // Private mode: for this page only.
  }
}

const open = (what: Overlay) => () => {
  store.overlay.value = what;
};

export function togglePause(): void {
  if (store.past.value) store.past.value = null;
  else if (store.frozen.value) store.resume();
  else store.pause();
}

const typing = (t: EventTarget | null) =>
  t instanceof HTMLInputElement ||
  t instanceof HTMLTextAreaElement ||
  t instanceof HTMLSelectElement ||
  (t instanceof HTMLElement && t.isContentEditable);

/** Single keys act; ⌘ or Ctrl with K works everywhere, also while typing. */
export function onKey(e: KeyboardEvent): void {
  if (e.key.toLowerCase() === 'k' && (e.metaKey || e.ctrlKey) && !e.shiftKey && !e.altKey) {
    e.preventDefault();
    full.value = null;
    store.overlay.value = store.overlay.value === 'palette' ? null : 'palette';
    return;
  }
  if (e.defaultPrevented || typing(e.target) || e.metaKey || e.ctrlKey || e.altKey) return;
  if (!singleKeys.value || store.overlay.value || full.value) return;
  const owner = !store.boot.guest;
  const there = store.live.value.dashboard !== '';
  const mayFilter = there && (owner || store.can('filters'));
  const keys: Partial<Record<string, (() => void) | false>> = {
    '/': open('palette'),
    '?': open('keys'),
    t: mayFilter && store.live.value.time !== null && open('time'),
    g: mayFilter && store.live.value.time !== null && open('grain'),
    f: mayFilter && store.live.value.fields.some((f) => !f.hidden) && open('filter'),
    e: owner && there && !editing.value && startEditing,
    s: owner && there && open('share'),
    i: owner && open('diagnostics'),
    p: there && togglePause,
    d: () => setTheme(theme.value === 'dark' ? 'light' : 'dark'),
  };
  const panel = /^[1-9]$/.test(e.key)
    ? document.querySelectorAll<HTMLElement>('section.panel[data-panel]')[Number(e.key) - 1]
    : null;
  const act = panel ? () => focusPanel(panel) : keys[e.key.toLowerCase()];
  if (!act) return;
  e.preventDefault();
  act();
}

function focusPanel(node: HTMLElement): void {
  node.focus({ preventScroll: true });
  node.scrollIntoView({ block: 'nearest' });
}
