import { useEffect, useState } from 'preact/hooks';
import { ago, exact, percent } from '../lib/format';
import { because, remark } from '../lib/said';
import { clock } from '../lib/time';
import { store } from '../state/page';
import type { Diagnostic, Diagnostics as Found, Source, Sources, Table, Tables } from '../wire';
import { sentence, troubleOf } from './Banners';
import { second } from './clockTick';
import { Warning } from './icons';
import { Overlay } from './Overlay';
import { fileName, sourceOf } from './sources';
import { known, w } from './words';

/** Reads a document of the API when the drawer opens, and again when a source has moved on. */
function useDocument<T>(path: string | null, again: unknown): { got: T | null; error: string } {
  const [state, setState] = useState<{ got: T | null; error: string }>({ got: null, error: '' });
  useEffect(() => {
    if (path === null) return;
    const abort = new AbortController();
    store.api.get<T>(path, abort.signal).then(
      (got) => setState({ got, error: '' }),
      (e: Error) => {
        if (!abort.signal.aborted) setState((s) => ({ ...s, error: e.message }));
      },
    );
    return () => abort.abort();
  }, [path, again]);
  return state;
}

function placeOf(d: Diagnostic): string {
  return [
    ...(d.sheet ? [w('inSheet', { sheet: d.sheet })] : []),
    ...(d.line ? [w('atLine', { line: d.line })] : []),
    ...(d.column ? [w('atColumn', { column: d.column })] : []),
    ...(d.count > 1 ? [w('times', { n: d.count })] : []),
  ].join(', ');
}

function Remark({ d }: { d: Diagnostic }) {
  const own = remark(d.code);
  return (
    <li class={`remark remark-${d.severity}`} title={own ? d.message : undefined}>
      <p>
        {own?.text ?? sentence(d.message)} {d.value !== undefined && d.value !== '' && <code>{d.value}</code>}
      </p>
      <small>
        {[placeOf(d), own ? own.hint : d.hint].flatMap((t) => (t ? sentence(t) : [])).join(' ')}
        {own?.more && <span lang="en"> {sentence(d.message)}</span>}
      </small>
    </li>
  );
}

/** What was noticed in one file, the worst first. */
function Issue({ source }: { source: Source }) {
  const { got, error } = useDocument<Found>(
    `sources/${encodeURIComponent(source.name)}/diagnostics`,
    `${source.revision} ${source.state} ${source.updated}`,
  );
  const trouble = troubleOf(source);
  const rank: Record<string, number> = { error: 0, warning: 1, info: 2 };
  const list = [...(got?.diagnostics ?? [])].sort(
    (a, b) => (rank[a.severity] ?? 3) - (rank[b.severity] ?? 3),
  );
  const counted = got ? got.counted.info + got.counted.warning + got.counted.error : 0;
  const left = counted - list.reduce((n, d) => n + Math.max(1, d.count), 0);
  return (
    <div class={source.state === 'error' || source.diagnostics.error ? 'issue issue-bad' : 'issue'}>
      <Warning />
      <div>
        <b class="mono">{fileName(source)}</b>
        {trouble && <p>{trouble}</p>}
        {error && <p>{w('couldNotLoad', { message: error })}</p>}
        <ul>
          {list.map((d, i) => (
            <Remark key={`${d.code} ${d.line} ${d.column} ${i}`} d={d} />
          ))}
        </ul>
        {left > 0 && <small>{w('moreRemarks', { n: left })}</small>}
      </div>
    </div>
  );
}

function Columns({ table }: { table: Table }) {
  return (
    <>
      <h3 class="section">{w('columnsTitle', { name: table.label || table.name })}</h3>
      <ul class="columns">
        {table.columns.map((c) => (
          <li key={c.name}>
            <span class="truncate">
              <b>{c.label || c.name}</b>
            </span>
            <small class="num">
              {[known(`type_${c.type}`, c.type), known(`role_${c.role}`, c.role), c.unit]
                .filter(Boolean)
                .join(' · ')}
              {c.nulls > 0 &&
                table.rows > 0 &&
                ` · ${percent(c.nulls / table.rows, 0)} ${w('columnEmpty').toLowerCase()}`}
            </small>
            {c.reason && <p title={c.reason}>{sentence(because([c.because], c.reason))}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

function Files({ sources }: { sources: Source[] }) {
  const list = [...sources].sort((a, b) => b.updated.localeCompare(a.updated));
  return (
    <ul class="files">
      {list.map((s) => {
        const moved = s.added || s.changed || s.removed;
        const kind =
          s.state === 'error' || s.state === 'missing'
            ? 'bad'
            : s.diagnostics.warning + s.diagnostics.error > 0 || s.state === 'stale'
              ? 'warn'
              : 'good';
        return (
          <li key={s.name}>
            <i class={`dot dot-${kind}`} />
            <span class="mono truncate" title={s.renamed_from && w('renamedFrom', { name: s.renamed_from })}>
              {fileName(s)}
              {s.renamed_from && <span class="quiet"> ← {s.renamed_from}</span>}
            </span>
            <span class="quiet truncate num">
              {moved
                ? w('changeCounts', { added: s.added, changed: s.changed, removed: s.removed })
                : w('rowsCount', { n: s.rows })}
            </span>
            <span class="num quiet">{ago(Math.max(0, second.value - Date.parse(s.updated)))}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** How old what each panel shows is, the youngest first: which of them move, and which stand still. */
function Panels() {
  const { frames } = store.shown.value;
  const list = store.seen.rows.value
    .flatMap((r) => r.items)
    .filter((i) => i.mark !== 'text')
    .map((i) => ({ item: i, at: store.movedAt(i.panel), error: frames[i.panel]?.error }))
    .sort((a, b) => b.at - a.at);
  return (
    <ul class="files">
      {list.map(({ item, at, error }) => (
        <li key={item.panel}>
          <i class={`dot dot-${error ? 'bad' : 'good'}`} />
          <span class="truncate" title={error || item.title}>
            {item.title}
          </span>
          <span class="quiet truncate num">{clock(at)}</span>
          <span class="num quiet">{ago(Math.max(0, second.value - at))}</span>
        </li>
      ))}
    </ul>
  );
}

const MODES = { events: 'watchEvents', polling: 'watchPolling', mixed: 'watchMixed' } as const;

export function Diagnostics() {
  const sources = store.sources.value;
  const state = store.live.value;
  const main = sourceOf(sources, state.table);
  const moved = sources.map((s) => `${s.name} ${s.state} ${s.revision}`).join();
  const tables = useDocument<Tables>('tables', moved);
  const watching = useDocument<Sources>('sources', moved).got?.watching;
  const look = sources.filter(
    (s) => s.state === 'error' || s.state === 'missing' || s.diagnostics.warning + s.diagnostics.error > 0,
  );
  const table = tables.got?.tables.find((t) => t.name === state.table);
  const status = store.status.value;
  const stats: [string, string][] = [
    [w('statStream'), status.state === 'live' ? w('live') : w('reconnecting')],
    [w('statReconnects'), exact(status.reconnects)],
    [w('statEvents'), exact(store.arrived.value)],
    [w('statRead'), main ? `${exact(Math.round(main.ms * 10) / 10)} ms` : '–'],
    [w('statViewers'), exact(state.viewers)],
    [w('statVersion'), state.version || store.boot.version || '–'],
  ];
  return (
    <Overlay kind="drawer" title={w('diagnostics')}>
      <dl class="stats">
        {stats.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="num">{value}</dd>
          </div>
        ))}
      </dl>
      <h3 class="section">{w('needsLook')}</h3>
      {look.length === 0 && <p class="quiet">{w('nothingWrong')}</p>}
      <div class="issues">
        {look.map((s) => (
          <Issue key={s.name} source={s} />
        ))}
      </div>
      <h3 class="section">{w('filesTitle')}</h3>
      <Files sources={sources} />
      {state.rows.length > 0 && (
        <>
          <h3 class="section">{w('panelsTitle')}</h3>
          <Panels />
        </>
      )}
      {watching && (
        <>
          <h3 class="section">{w('watchingHow')}</h3>
          <p class="quiet">
            {watching.mode in MODES && w(MODES[watching.mode as keyof typeof MODES])}{' '}
            {w('watchFiles', { n: watching.files })} {w('watchFolders', { n: watching.folders })}.
          </p>
          {[
            ...watching.notes,
            ...watching.writing.map((f) =>
              w('writingSince', { file: f.path, time: clock(Date.parse(f.since)) }),
            ),
            ...watching.skipped.map((s) => `${w('skippedFiles')}: ${s}`),
          ].map((note) => (
            <p key={note} class="quiet">
              {note}
            </p>
          ))}
        </>
      )}
      {tables.error && <p class="wrong">{w('couldNotLoad', { message: tables.error })}</p>}
      {table && <Columns table={table} />}
    </Overlay>
  );
}
