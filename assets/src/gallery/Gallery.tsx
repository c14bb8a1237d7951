import { useState } from 'preact/hooks';
import {
  Aside,
  type Changes,
  Mark,
  type MarkProps,
  RangeStrip,
  summary,
  TableTwin,
  TipLayer,
} from '../charts';
import { setTheme, theme } from '../lib/theme';
import { language } from '../lib/words';
import type { Frame, Selection } from '../wire';
import { selection as everything, type Specimen, tablePage, tableProfile, time } from './frames';
import { bump } from './patch';
import { specimens } from './specimens';

type State = 'normal' | 'loading' | 'empty' | 'nomatch' | 'error' | 'stale' | 'table';
const STATES: State[] = ['normal', 'loading', 'empty', 'nomatch', 'error', 'stale', 'table'];

const emptied = (frame: Frame): Frame => ({ ...frame, values: frame.values.map(() => []) });

/** One mark in a panel as the page would frame it, with the viewer's filters kept for itself. */
function Panel({ specimen, state, width }: { specimen: Specimen; state: State; width: number | null }) {
  const { item, height } = specimen;
  const [frame, setFrame] = useState(specimen.frame);
  const [changes, setChanges] = useState<Changes | null>(null);
  const [count, setCount] = useState(0);
  const [selection, setSelection] = useState<Selection>(everything);
  const [said, setSaid] = useState('');
  const [view, setView] = useState<Readonly<Record<string, string>>>({});

  const toggle: MarkProps['onFilter'] = (column, value, mode) => {
    setSelection((s) => {
      const now = s.filters[column] ?? [];
      const text = mode === 'exclude' ? `!${value}` : value;
      const next =
        mode === 'only' ? [text] : now.includes(text) ? now.filter((v) => v !== text) : [...now, text];
      return { ...s, filters: { ...s.filters, [column]: next } };
    });
    setSaid(`${mode} ${column} “${value}”`);
  };
  const range: MarkProps['onRange'] = (column, r) => {
    setSelection((s) => ({ ...s, filters: { ...s.filters, [column]: r ? [`${r.from}..${r.to}`] : [] } }));
    setSaid(r ? `${column} ${r.from} .. ${r.to}` : `${column} all`);
  };
  const axis = item.time || item.mark === 'kpi' ? time : null;
  const props: MarkProps = {
    item,
    frame,
    selection: state === 'nomatch' ? { ...selection, filters: { operator: ['nobody'] } } : selection,
    time: axis,
    changes,
    onFilter: toggle,
    onRange: range,
    onZoom: (r) => setSaid(r ? `zoom ${r.from} .. ${r.to}` : 'zoom all'),
    view,
    onView: (key, value) =>
      setView(({ [key]: _, ...rest }) => (value === null ? rest : { ...rest, [key]: value })),
    ...(item.mark === 'table' ? { fetchRows: tablePage, fetchProfile: tableProfile } : {}),
  };
  const shown =
    state === 'loading'
      ? undefined
      : state === 'empty' || state === 'nomatch'
        ? emptied(frame)
        : state === 'error'
          ? { ...emptied(frame), error: '“Cost Total” is text since row 8,114; the sum needs numbers.' }
          : frame;
  const change = () => {
    const next = bump(specimen, frame, count);
    setFrame(next.frame);
    setChanges(next.changes);
    setCount(count + 1);
  };
  const kpi = item.mark === 'kpi';
  return (
    <section
      class="panel gallery-panel"
      data-mark={item.mark}
      data-panel={item.panel}
      style={{ height: `${kpi ? 106 : height}px`, ...(width ? { width: `${width}px` } : {}) }}
      aria-label={item.title}
    >
      {!kpi && (
        <header class="panel-head">
          <div class="panel-text">
            <h2 class="truncate">{item.title}</h2>
            <p class="panel-note truncate">
              {said || (shown && state === 'normal' ? summary(item, frame, axis) : ' ')}
            </p>
          </div>
          {state === 'normal' && (
            <div class="panel-aside">
              <Aside item={item} frame={frame} />
            </div>
          )}
        </header>
      )}
      <div class="panel-body">
        {state === 'table' ? (
          <TableTwin {...props} />
        ) : (
          <Mark
            {...props}
            frame={shown}
            stale={state === 'stale' ? { at: '09:12:40', why: 'File is being rewritten.' } : null}
            progress="Reading 2.1 GB, 64%"
          />
        )}
        {item.panel === 'trend' && state === 'normal' && (
          <RangeStrip item={item} frame={frame} time={time} selection={selection} onZoom={props.onZoom} />
        )}
      </div>
      <button type="button" class="gallery-change" onClick={change} aria-label={`Change ${item.title}`}>
        change
      </button>
    </section>
  );
}

/** Every mark in every state, from canned frames. */
export function Gallery() {
  const query = new URLSearchParams(location.search);
  const [state, setState] = useState<State>((query.get('state') as State | null) ?? 'normal');
  const [width, setWidth] = useState<number | null>(query.has('narrow') ? 300 : null);
  return (
    <main class="gallery">
      <header class="gallery-head">
        <h1>Marks</h1>
        <div class="gallery-tools">
          {STATES.map((s) => (
            <button key={s} type="button" aria-pressed={s === state} onClick={() => setState(s)}>
              {s}
            </button>
          ))}
          <button type="button" aria-pressed={width !== null} onClick={() => setWidth(width ? null : 300)}>
            300 px
          </button>
          <button type="button" onClick={() => setTheme(theme.value === 'dark' ? 'light' : 'dark')}>
            {theme.value}
          </button>
          <button
            type="button"
            onClick={() => {
              language.value = language.value === 'de' ? 'en' : 'de';
            }}
          >
            {language.value}
          </button>
          <button
            type="button"
            id="change-all"
            onClick={() => {
              for (const b of document.querySelectorAll<HTMLButtonElement>('.gallery-change')) b.click();
            }}
          >
            change all
          </button>
        </div>
      </header>
      {specimens.map(({ name, list }) => (
        <section key={name} aria-label={name}>
          <h2 class="gallery-title">{name}</h2>
          <div class="gallery-grid">
            {list.map((s) => (
              <Panel key={`${s.item.panel} ${state}`} specimen={s} state={state} width={width} />
            ))}
          </div>
        </section>
      ))}
      <TipLayer />
    </main>
  );
}
