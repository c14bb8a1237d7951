import { computed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { store } from '../state/page';
import { isFiltered, readTerm } from '../state/selection';
import type { Field } from '../wire';
import { grainWord } from './grainWords';
import { Matched } from './Header';
import { Calendar, Chevron, Close, Plus } from './icons';
import { later } from './later';
import { rangeText, unitValue } from './rangeWords';
import { rowsOf } from './sources';
import { w } from './words';

const TimePicker = later(() => import('./TimePicker').then((m) => m.TimePicker));
const GrainPicker = later(() => import('./GrainPicker').then((m) => m.GrainPicker));
const FilterPicker = later(() => import('./FilterPicker').then((m) => m.FilterPicker));

/** Rows under the selection: what the table scrolls through, else the least that any panel counts, since a list ignores its own filter. */
const matched = computed<number | null>(() => {
  const { rows, frames } = store.shown.value;
  let least: number | null = null;
  for (const row of rows)
    for (const item of row.items) {
      const facts = frames[item.panel]?.facts;
      if (!facts) continue;
      if (item.mark === 'table' && facts.total !== undefined) return facts.total;
      if (least === null || facts.rows < least) least = facts.rows;
    }
  return least;
});

/** The values of a filter as a chip says them. */
function chipText(field: Field | undefined, values: string[]): string {
  const said = values.map((text) => {
    const term = readTerm(text);
    const one = term.range
      ? unitValue(field, term.range)
      : term.value === ''
        ? w('emptyCell')
        : (term.value ?? text);
    return term.exclude ? w('notValue', { value: one }) : one;
  });
  return said.length > 2 ? w('valuesOfMany', { n: said.length }) : said.join(', ');
}

function Chip({ column, values }: { column: string; values: string[] }) {
  const field = store.told.fields.value.find((f) => f.name === column);
  const name = field?.label || column;
  const said = chipText(field, values);
  return (
    <span class="chip">
      <button
        type="button"
        class="chip-body"
        aria-label={w('editFilter', { name: `${name} ${said}` })}
        title={values.join(', ')}
        aria-haspopup="dialog"
        onClick={() => {
          store.picked.value = column;
          store.overlay.value = 'filter';
        }}
      >
        <span>{name}</span> <b>{said}</b>
      </button>
      <button
        type="button"
        class="chip-x"
        aria-label={w('removeFilter', { name })}
        onClick={() => store.clear(column)}
      >
        <Close />
      </button>
    </span>
  );
}

const shut = () => {
  store.overlay.value = null;
};

export function FilterBar() {
  const asked = store.selection.value;
  const time = store.told.time.value;
  const mayFilter = !store.boot.guest || store.can('filters');
  const timeButton = useRef<HTMLButtonElement>(null);
  const grainButton = useRef<HTMLButtonElement>(null);
  const filterButton = useRef<HTMLButtonElement>(null);
  const open = store.overlay.value;
  const toggle = (kind: 'time' | 'grain' | 'filter') => () => {
    if (kind === 'filter') store.picked.value = null;
    store.overlay.value = open === kind ? null : kind;
  };
  return (
    <search class="filters" aria-label={w('filters')}>
      {time && (
        <>
          <button
            type="button"
            class="button"
            ref={timeButton}
            data-on={asked.range !== ''}
            aria-haspopup="dialog"
            aria-expanded={open === 'time'}
            disabled={!mayFilter}
            onClick={toggle('time')}
          >
            <Calendar />
            <span class="num">{rangeText(store.chosen.value.range, time, store.pending.value)}</span>
            {mayFilter && <Chevron />}
          </button>
          <button
            type="button"
            class="button"
            ref={grainButton}
            data-on={asked.grain !== '' && asked.grain !== 'auto'}
            aria-haspopup="dialog"
            aria-expanded={open === 'grain'}
            disabled={!mayFilter}
            onClick={toggle('grain')}
          >
            <span class="quiet">{w('by')}</span>{' '}
            {grainWord(asked.grain && asked.grain !== 'auto' ? asked.grain : time.grain)}
            {mayFilter && <Chevron />}
          </button>
          <span class="divide" />
        </>
      )}
      {Object.entries(asked.filters).map(([column, values]) => (
        <Chip key={column} column={column} values={values} />
      ))}
      {mayFilter && store.told.fields.value.some((f) => !f.hidden) && (
        <button
          type="button"
          class="button button-ghost"
          ref={filterButton}
          aria-haspopup="dialog"
          aria-expanded={open === 'filter'}
          onClick={toggle('filter')}
        >
          <Plus />
          {w('filter')}
        </button>
      )}
      {isFiltered(asked) && (
        <Matched
          rows={matched.value}
          of={store.boot.guest ? null : rowsOf(store.told.sources.value, store.told.table.value)}
          onClear={() => store.clear()}
        />
      )}
      {open === 'time' && time && <TimePicker anchor={timeButton} axis={time} onClose={shut} />}
      {open === 'grain' && time && <GrainPicker anchor={grainButton} axis={time} onClose={shut} />}
      {open === 'filter' && mayFilter && <FilterPicker anchor={filterButton} onClose={shut} />}
    </search>
  );
}
