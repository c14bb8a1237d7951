import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { query } from '../lib/api';
import { exact, tidy } from '../lib/format';
import { store } from '../state/page';
import { readTerm, spell, writeSelection } from '../state/selection';
import type { Field, Values } from '../wire';
import { Calendar, Check, ChevronRight, Search, TypeNumber, TypeText } from './icons';
import { Popover } from './Popover';
import { w } from './words';

const isNumber = (f: Field) => f.type === 'int' || f.type === 'float' || f.type === 'duration';
const isTime = (f: Field) => f.type === 'date' || f.type === 'timestamp';

/** A pause after a key, so that a word asks once and not once a letter. */
const TYPING_MS = 150;

/** What a column can be filtered to, asked again whenever its data or the other filters move. */
function useValues(column: string, q: string) {
  const [got, setGot] = useState<{ of: string; values: Values } | null>(null);
  const [failed, setFailed] = useState('');
  const selection = writeSelection(store.selection.value);
  const revision = store.told.revision.value;
  const slug = store.slug.value;
  useEffect(() => {
    const abort = new AbortController();
    const ask = () =>
      store.api
        .get<Values>(
          `dashboards/${encodeURIComponent(slug)}/values?${query({ column, q }, selection)}`,
          abort.signal,
        )
        .then(
          (values) => {
            setGot({ of: column, values });
            setFailed('');
          },
          (e: Error) => {
            if (!abort.signal.aborted) setFailed(e.message);
          },
        );
    const timer = setTimeout(ask, q ? TYPING_MS : 0);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [slug, column, q, selection, revision]);
  return { values: got?.of === column ? got.values : null, failed };
}

function Value({ field, value, rows, max }: { field: Field; value: string; rows: number; max: number }) {
  const chosen = store.selection.value.filters[field.name] ?? [];
  const term = readTerm(value).value ?? value;
  const on = chosen.includes(value) || chosen.includes(spell(term));
  const off = chosen.includes(`!${value}`) || chosen.includes(spell(term, true));
  const name = term === '' ? w('emptyCell') : field.type === 'string' ? tidy(term) : term;
  return (
    <li>
      <button
        type="button"
        class="value"
        role="checkbox"
        aria-checked={off ? 'mixed' : on}
        data-off={off}
        title={term}
        onClick={(e) =>
          store.filter(field.name, term, e.altKey ? 'exclude' : e.metaKey || e.ctrlKey ? 'only' : 'toggle')
        }
      >
        <span class="bar-track">
          <span class="bar-fill" style={{ transform: `scaleX(${rows / max})` }} />
        </span>
        <i class="box-check">{on && <Check />}</i>
        <span class="truncate">{off ? w('notValue', { value: name }) : name}</span>
        <span class="num quiet">{exact(rows)}</span>
      </button>
    </li>
  );
}

/** Numbers and times are mostly filtered by a range; both ends may stay open. */
function Range({ field }: { field: Field }) {
  const now = (store.selection.value.filters[field.name] ?? []).map(readTerm).find((t) => t.range)?.range;
  const [from, setFrom] = useState(now?.from ?? '');
  const [to, setTo] = useState(now?.to ?? '');
  const number = isNumber(field);
  const apply = () => {
    const a = from.trim().replace(',', number ? '.' : ',');
    const b = to.trim().replace(',', number ? '.' : ',');
    if (number && [a, b].some((v) => v !== '' && Number.isNaN(Number(v)))) return;
    store.range(field.name, a || b ? { from: a, to: b } : null);
  };
  return (
    <form
      class="picker-range"
      onSubmit={(e) => {
        e.preventDefault();
        apply();
      }}
    >
      <label class="picker-field">
        <span>{number ? w('atLeast') : w('from')}</span>
        <input
          class="input num"
          inputMode={number ? 'decimal' : 'text'}
          placeholder={number ? '' : w('datePattern')}
          value={from}
          onInput={(e) => setFrom(e.currentTarget.value)}
        />
      </label>
      <label class="picker-field">
        <span>{w('below')}</span>
        <input
          class="input num"
          inputMode={number ? 'decimal' : 'text'}
          placeholder={number ? '' : w('datePattern')}
          value={to}
          onInput={(e) => setTo(e.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button">
        {w('apply')}
      </button>
    </form>
  );
}

function ValueList({ field, q }: { field: Field; q: string }) {
  const { values, failed } = useValues(field.name, q);
  if (failed) return <p class="picker-said">{w('couldNotLoad', { message: failed })}</p>;
  if (!values) return <p class="picker-said">{w('loading')}</p>;
  const list = values.values;
  const max = Math.max(1, ...list.map((v) => v.rows));
  const left = values.distinct - list.length;
  if (list.length === 0) return <p class="picker-said">{w('noValues')}</p>;
  return (
    <>
      <ul>
        {list.map((v) => (
          <Value key={v.value} field={field} value={v.value} rows={v.rows} max={max} />
        ))}
      </ul>
      {left > 0 && <p class="picker-said">{w('moreValues', { n: left })}</p>}
    </>
  );
}

/** Column on the left, its values with counts on the right: one step, no query language needed. */
export function FilterPicker({
  anchor,
  onClose,
}: {
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}) {
  // Those that are offered, and the one whose chip was clicked.
  const picked = store.picked.peek();
  const fields = store.told.fields.value.filter((f) => !f.hidden || f.name === picked);
  const [column, setColumn] = useState(
    () =>
      picked ??
      fields.find((f) => f.type === 'string' && f.role !== 'id' && f.distinct > 1)?.name ??
      fields[0]?.name ??
      '',
  );
  const [q, setQ] = useState('');
  const text = q.trim().toLowerCase();
  const hits = fields.filter(
    (f) => f.label.toLowerCase().includes(text) || f.name.toLowerCase().includes(text),
  );
  // A word that is part of a column's name looks for the column, any other for a value of the chosen one.
  const byColumn = text !== '' && hits.length > 0;
  const shown = byColumn ? hits : fields;
  const current = (byColumn && !hits.some((f) => f.name === column) ? hits[0]?.name : column) ?? column;
  const field = fields.find((f) => f.name === current);
  return (
    <Popover anchor={anchor} label={w('addFilter')} onClose={onClose}>
      <div class="palette-input picker-search">
        <Search />
        <input
          placeholder={w('columnOrValue')}
          aria-label={w('columnOrValue')}
          value={q}
          onInput={(e) => setQ(e.currentTarget.value)}
        />
      </div>
      <div class="picker picker-filter">
        <ul class="menu-list" aria-label={w('columns')}>
          {shown.map((f) => (
            <li key={f.name}>
              <button
                type="button"
                class="menu-item"
                aria-pressed={f.name === current}
                onClick={() => {
                  setColumn(f.name);
                  setQ('');
                }}
              >
                {isTime(f) ? <Calendar /> : isNumber(f) ? <TypeNumber /> : <TypeText />}
                <span class="truncate">{f.label || f.name}</span>
                <ChevronRight />
              </button>
            </li>
          ))}
        </ul>
        {field && (
          <div
            class="picker-values"
            role="group"
            aria-label={w('valuesOf', { name: field.label || field.name })}
          >
            {(isNumber(field) || isTime(field)) && field.control !== 'multiselect' && (
              <Range key={field.name} field={field} />
            )}
            {(field.control ? field.control !== 'range' : !isTime(field)) && (
              <ValueList field={field} q={byColumn ? '' : q.trim()} />
            )}
          </div>
        )}
      </div>
    </Popover>
  );
}
