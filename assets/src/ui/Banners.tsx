import { signal } from '@preact/signals';
import { ago, clock } from '../lib/format';
import { remark } from '../lib/said';
import { store } from '../state/page';
import type { Source } from '../wire';
import { second } from './clockTick';
import { Close, Warning } from './icons';
import { fileName, sourceOf } from './sources';
import { w } from './words';

const at = (s: Source) => clock(Date.parse(s.updated));

/** A file's trouble in one sentence, and what is still to be seen of it. Null where all is well. */
export function troubleOf(s: Source): string | null {
  const file = fileName(s);
  const kept = s.rows > 0 ? ` ${w('showingOf', { time: at(s) })}` : '';
  if (s.state === 'error') {
    // The place is said once, whether the message begins with it or not.
    const own = remark(s.error?.code);
    const english = (s.error?.message ?? '').replace(/^line \d+(, column \d+)?: /, '');
    const bare = (text: string) => text.replace(/\.$/, '');
    const message = own?.more ? `${bare(own.text)} (${bare(english)})` : (own?.text ?? english);
    const said = s.error?.line
      ? w('brokeAt', { file, line: s.error.line, message })
      : w('broke', { file, message: message || w('stateError') });
    const next = own ? own.hint : s.error?.hint;
    const hint = next ? ` ${sentence(next)}` : '';
    return `${stop(said)}${kept}${hint}`;
  }
  if (s.state === 'missing') return `${w('missingFile', { file })}${kept}`;
  if (s.state === 'stale' && s.unchanged)
    return w('agedFile', { file, time: ago(Math.max(0, second.value - Date.parse(s.unchanged))) });
  if (s.state === 'stale') return w('staleFile', { file, time: at(s) });
  return null;
}

/** A file's name keeps its first letter. */
const stop = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** A remark of the server as a sentence: from a capital to a full stop. */
export function sentence(text: string): string {
  const t = text.trim();
  const whole = t.charAt(0).toLocaleUpperCase() + t.slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/** The source behind the dashboard, and for a guest every source that the link shows. */
function concerned(): Source[] {
  const main = sourceOf(store.told.sources.value, store.told.table.value);
  return main ? [main] : [];
}

export function SourceBanner() {
  const list = concerned().flatMap((s) => {
    const text = troubleOf(s);
    return text ? [{ s, text }] : [];
  });
  return (
    <div role="status">
      {list.map(({ s, text }) => (
        <p key={s.name} class={`banner ${s.state === 'stale' ? 'banner-warn' : 'banner-bad'}`}>
          <Warning />
          <span>{text}</span>
          {!store.boot.guest && (
            <button
              type="button"
              class="link"
              onClick={() => {
                store.overlay.value = 'diagnostics';
              }}
            >
              {w('showDetails')}
            </button>
          )}
        </p>
      ))}
    </div>
  );
}

export function Outdated() {
  if (!store.outdated.value) return null;
  return (
    <p class="banner banner-warn" role="status">
      <Warning />
      <span>{w('outdated')}</span>
      <button type="button" class="link" onClick={() => location.reload()}>
        {w('reload')}
      </button>
    </p>
  );
}

const KEY = 'dashira.inferred';
const closed = signal<ReadonlySet<string>>(read());

function read(): ReadonlySet<string> {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? '[]') as string[]);
  } catch {
    return new Set();
  }
}

function dismiss(key: string): void {
  const next = new Set(closed.value).add(key);
  closed.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify([...next].slice(-50)));
  } catch {
    // Private mode: it comes back with the next visit.
  }
}

const SHOWN = 3;

/** How the columns were understood, until the viewer has seen it. Another schema says it again. */
export function Inferred() {
  const { told } = store;
  const dashboard = told.dashboard.value;
  const fields = told.fields.value;
  const rows = told.rows.value;
  const time = told.time.value;
  if (!dashboard || store.boot.guest || store.past.value) return null;
  const key = `${dashboard} ${fields.map((f) => `${f.name}:${f.role}`).join()}`;
  if (closed.value.has(key)) return null;
  const figures = rows.flatMap((r) => r.items.filter((i) => i.mark === 'kpi').map((i) => i.title));
  const groups = fields
    .filter((f) => f.type === 'string' && f.role !== 'id' && f.distinct > 1)
    .map((f) => f.label || f.name);
  const warnings = sourceOf(told.sources.value, told.table.value)?.diagnostics.warning ?? 0;
  const list = (names: string[]) => names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? '…' : '');
  const said = [
    ...(time ? [w('inferredTime', { names: time.label || time.column })] : []),
    ...(figures.length ? [w('inferredFigures', { names: list(figures) })] : []),
    ...(groups.length ? [w('inferredGroups', { names: list(groups) })] : []),
  ];
  if (said.length === 0) return null;
  return (
    <aside class="inferred" aria-label={w('inferred')}>
      <span class="truncate">
        <b>{w('inferred')}</b> {said.join('; ')}
      </span>
      <button
        type="button"
        class="link"
        onClick={() => {
          store.overlay.value = 'diagnostics';
        }}
      >
        {warnings > 0 ? w('warningsFound', { n: warnings }) : w('showDetails')}
      </button>
      <button type="button" class="tool" aria-label={w('dismiss')} onClick={() => dismiss(key)}>
        <Close />
      </button>
    </aside>
  );
}
