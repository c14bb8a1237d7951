import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { query } from '../lib/api';
import { exact, tidy } from '../lib/format';
import { printPage } from '../lib/printing';
import { setTheme, theme } from '../lib/theme';
import { language } from '../lib/words';
import { store } from '../state/page';
import { isFiltered, readTerm, writeSelection } from '../state/selection';
import type { Overlay as What } from '../state/store';
import type { Values } from '../wire';
import {
  Calendar,
  Close,
  Copy,
  FileText,
  Filter,
  Globe,
  Keyboard,
  Moon,
  Play,
  Pulse,
  Search,
  Share,
} from './icons';
import { togglePause } from './keys';
import { Overlay } from './Overlay';
import { choose, w } from './words';

interface Command {
  group: string;
  name: string;
  detail?: string;
  keys?: string;
  Icon: () => JSX.Element;
  run: () => void;
}

const open = (what: What) => () => {
  store.overlay.value = what;
};

function actions(): Command[] {
  const owner = !store.boot.guest;
  const there = store.told.dashboard.value !== '' && !store.ended.value;
  const mayFilter = there && (owner || store.can('filters'));
  const time = mayFilter && store.told.time.value !== null;
  const group = w('doGroup');
  return [
    ...(time ? [{ group, name: w('setTime'), keys: 'T', Icon: Calendar, run: open('time') }] : []),
    ...(time ? [{ group, name: w('setGrain'), keys: 'G', Icon: Calendar, run: open('grain') }] : []),
    ...(mayFilter ? [{ group, name: w('addFilter'), keys: 'F', Icon: Filter, run: open('filter') }] : []),
    ...(mayFilter && isFiltered(store.selection.value)
      ? [{ group, name: w('clearAll'), Icon: Close, run: () => store.clear() }]
      : []),
    ...(there && owner ? [{ group, name: w('shareThis'), keys: 'S', Icon: Share, run: open('share') }] : []),
    ...(there
      ? [
          {
            group,
            name: store.frozen.value ? w('resumeUpdates') : w('pauseUpdates'),
            keys: 'P',
            Icon: Play,
            run: togglePause,
          },
          { group, name: w('printPage'), Icon: Copy, run: printPage },
        ]
      : []),
    ...(owner
      ? [{ group, name: w('openDiagnostics'), keys: 'I', Icon: Pulse, run: open('diagnostics') }]
      : []),
    {
      group,
      name: w('switchTheme'),
      keys: 'D',
      Icon: Moon,
      run: () => setTheme(theme.value === 'dark' ? 'light' : 'dark'),
    },
    {
      group,
      name: w('language'),
      Icon: Globe,
      run: () => {
        choose(language.value === 'de' ? 'en' : 'de');
      },
    },
    { group, name: w('shortcuts'), keys: '?', Icon: Keyboard, run: open('keys') },
  ];
}

function places(): Command[] {
  return store.dashboards.value.map((d) => ({
    group: w('goTo'),
    name: d.title,
    detail: d.slug === d.title ? '' : d.table,
    Icon: FileText,
    run: () => store.go(d.slug),
  }));
}

const TYPING_MS = 120;
/** Columns that are searched for a value at once, those of few values first: they are what people filter by. */
const COLUMNS = 6;

/** Values of the dashboard's text columns that contain what was typed, as filters. */
function useValues(q: string): Command[] {
  const [found, setFound] = useState<Command[]>([]);
  useEffect(() => {
    setFound([]);
    const mayFilter = !store.boot.guest || store.can('filters');
    if (q.length < 2 || !mayFilter || !store.live.peek().dashboard) return;
    const abort = new AbortController();
    const fields = store.live
      .peek()
      .fields.filter((f) => f.type === 'string' && !f.hidden)
      .sort((a, b) => a.distinct - b.distinct)
      .slice(0, COLUMNS);
    const ask = async () => {
      const slug = encodeURIComponent(store.slug.peek());
      const rest = writeSelection(store.selection.peek());
      const answers = await Promise.allSettled(
        fields.map((f) =>
          store.api.get<Values>(
            `dashboards/${slug}/values?${query({ column: f.name, q }, rest)}`,
            abort.signal,
          ),
        ),
      );
      if (abort.signal.aborted) return;
      setFound(
        answers.flatMap((a, i) => {
          const field = fields[i];
          if (a.status !== 'fulfilled' || !field) return [];
          return a.value.values.slice(0, 3).map((v) => {
            const value = readTerm(v.value).value ?? v.value;
            return {
              group: w('filterGroup'),
              name: tidy(value),
              detail: `${field.label || field.name} · ${exact(v.rows)}`,
              Icon: Filter,
              run: () => store.filter(field.name, value, 'toggle'),
            };
          });
        }),
      );
    };
    const timer = setTimeout(ask, TYPING_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [q]);
  return found.slice(0, 6);
}

/** Every word that was typed has to be somewhere in the name. */
function matches(c: Command, q: string): boolean {
  const text = `${c.name} ${c.detail ?? ''}`.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Dashboards, actions and values of every column in one list: typing "canada" offers the filter. */
export function CommandPalette() {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const box = useRef<HTMLUListElement>(null);
  const q = text.trim();
  const values = useValues(q);
  const list = [...values, ...[...places(), ...actions()].filter((c) => !q || matches(c, q))];
  const at = Math.min(active, list.length - 1);
  const run = (c: Command | undefined) => {
    store.overlay.value = null;
    c?.run();
  };
  useEffect(() => {
    box.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  return (
    <Overlay kind="palette" title={w('searchOrJump')}>
      <div class="palette-input">
        <Search />
        <input
          ref={(node) => {
            if (node && document.activeElement?.classList.contains('overlay-box')) node.focus();
          }}
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={list.length ? `command-${at}` : undefined}
          aria-label={w('paletteHint')}
          placeholder={w('paletteHint')}
          value={text}
          onInput={(e) => {
            setText(e.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={(e) => {
            const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
            if (move && list.length) {
              e.preventDefault();
              setActive((at + move + list.length) % list.length);
            } else if (e.key === 'Enter') {
              e.preventDefault();
              run(list[at]);
            }
          }}
        />
        <kbd>esc</kbd>
      </div>
      <ul ref={box} id="palette-list" class="palette-list" role="listbox" aria-label={w('results')}>
        {list.map((c, i) => (
          <li key={`${c.group}.${c.name}.${c.detail ?? ''}`} role="presentation">
            {c.group !== list[i - 1]?.group && <p class="palette-group">{c.group}</p>}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the input */}
            <div
              id={`command-${i}`}
              role="option"
              class="command"
              aria-selected={i === at}
              onPointerMove={() => setActive(i)}
              onClick={() => run(c)}
            >
              <c.Icon />
              <span class="truncate">{c.name}</span>
              {c.detail && <small class="num">{c.detail}</small>}
              {c.keys && <kbd>{c.keys}</kbd>}
            </div>
          </li>
        ))}
      </ul>
      {list.length === 0 && (
        <p class="palette-none" role="status">
          {w('nothingMatches', { query: q })}
        </p>
      )}
    </Overlay>
  );
}
