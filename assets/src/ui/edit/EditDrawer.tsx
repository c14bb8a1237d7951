import { useRef, useState } from 'preact/hooks';
import { sayItem } from '../../lib/said';
import { store } from '../../state/page';
import { ALONG, call, groups, known, numbers, type Parts, partsOf, read, write } from '../../state/specParts';
import type { Field as Column } from '../../wire';
import { MARK_ICONS, Sparkles } from '../icons';
import { Field, Overlay, Segmented } from '../Overlay';
import { Picture } from '../Panel';
import { w } from '../words';
import { Drawing } from './Drawing';
import { editing, opened } from './mode';
import { type Option, Select } from './Select';
import { itemOf, tryOut } from './session';

/** The marks in the order in which one looks for them. */
const ORDER = [
  'line',
  'area',
  'column',
  'bar',
  'ranked',
  'kpi',
  'histogram',
  'box',
  'scatter',
  'heatmap',
  'calendar',
  'candlestick',
  'combo',
  'pivot',
  'donut',
  'table',
];

const MARK_WORDS = {
  line: 'markLine',
  area: 'markArea',
  column: 'markColumn',
  bar: 'markBar',
  ranked: 'markRanked',
  kpi: 'markKpi',
  histogram: 'markHistogram',
  box: 'markBox',
  scatter: 'markScatter',
  heatmap: 'markHeatmap',
  calendar: 'markCalendar',
  candlestick: 'markCandlestick',
  combo: 'markCombo',
  pivot: 'markPivot',
  donut: 'markDonut',
  table: 'markTable',
} as const;

const AGGREGATES = {
  sum: 'aggSum',
  avg: 'aggAvg',
  median: 'aggMedian',
  min: 'aggMin',
  max: 'aggMax',
} as const;

function measures(fields: readonly Column[], named: readonly string[]): { group: string; list: Option[] }[] {
  return [
    {
      group: '',
      list: [{ value: 'count()', text: w('countRows') }, ...named.map((n) => ({ value: n, text: n }))],
    },
    ...numbers(fields).map((f) => ({
      group: f.label || f.name,
      list: Object.entries(AGGREGATES).map(([agg, word]) => ({
        value: call(agg, f.name),
        text: w(word, { column: f.label || f.name }),
      })),
    })),
    {
      group: w('differentValues'),
      list: groups(fields).map((f) => ({
        value: call('distinct', f.name),
        text: w('aggDistinct', { column: f.label || f.name }),
      })),
    },
  ].filter((g) => g.list.length);
}

const ALONG_WORDS = {
  'running(%)': 'alongRunning',
  'moving(%, 7)': 'alongMoving',
  'difference(%, 1)': 'alongDifference',
  'difference(%, year)': 'alongDifferenceYear',
  'change(%, 1)': 'alongChange',
  'change(%, year)': 'alongChangeYear',
} as const;

const CYCLES = { month_of_year: 'cycleMonth', day_of_week: 'cycleDay', hour_of_day: 'cycleHour' } as const;

function columns(
  fields: readonly Column[],
  time: string,
  cycles: boolean,
): { group: string; list: Option[] }[] {
  const option = (f: Column) => ({ value: f.name, text: f.label || f.name });
  const date = fields.find((f) => f.name === time);
  return [
    {
      group: w('time'),
      list: date
        ? [
            option(date),
            ...(cycles
              ? Object.entries(CYCLES).map(([part, word]) => ({ value: call(part, time), text: w(word) }))
              : []),
          ]
        : [],
    },
    { group: w('columns'), list: groups(fields).map(option) },
  ].filter((g) => g.list.length);
}

/** What a panel asks, with what it shows; every choice is tried out at once. */
export function EditDrawer({ panel }: { panel: string }) {
  const now = editing.value;
  const edited = itemOf(panel);
  const [title, setTitle] = useState(String(edited?.spec.title ?? ''));
  const titled = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (!now || !edited) return null;
  const { spec } = edited;
  const item = sayItem(edited.item);
  const fields = store.told.fields.value;
  const time = store.told.time.value?.column ?? '';
  const parts = read(spec);
  const marks = ORDER.filter((m) => known(m) && m in now.spec.marks);
  const asks = partsOf(parts.mark);
  const change = (next: Partial<Parts>) => {
    const all = { ...parts, ...next };
    const written = write(spec, all, now.spec.marks[all.mark] ?? [], fields, time);
    // A title that told the old question would lie about the new one; a typed one is the owner's word.
    if (!titled.current) delete written.title;
    tryOut(panel, written);
  };
  const close = () => {
    opened.value = null;
  };
  const label: Partial<Record<keyof Parts, string>> = {
    measure: w('measure'),
    across: w('across'),
    second: w('secondAcross'),
    number: w('number'),
    number2: w('secondNumber'),
    color: w('splitBy'),
    facet: w('smallBy'),
    along: w('along'),
  };
  return (
    <Overlay
      kind="drawer"
      title={w('editPanelTitle')}
      onClose={close}
      foot={
        <>
          <span class="grow" />
          <button type="button" class="button button-primary" onClick={close}>
            {w('done')}
          </button>
        </>
      }
    >
      {item.why && (
        <p class="why">
          <Sparkles />
          <span>
            <b>{w('whyThis')}.</b> {item.why}
          </span>
        </p>
      )}
      <div class="edit-preview panel" data-mark={item.mark}>
        <div class="panel-body">
          <Picture item={item} strip={false} />
        </div>
      </div>
      {now.problem && (
        <p class="wrong" role="alert">
          {now.problem}
        </p>
      )}
      <Field label={w('title')}>
        <input
          class="input"
          aria-label={w('title')}
          value={titled.current ? title : ((spec.title as string | undefined) ?? '')}
          placeholder={item.title}
          onInput={(e) => {
            const text = e.currentTarget.value;
            titled.current = true;
            setTitle(text);
            clearTimeout(timer.current);
            timer.current = setTimeout(() => {
              const { title: _, ...rest } = itemOf(panel)?.spec ?? spec;
              tryOut(panel, text.trim() ? { ...rest, title: text.trim() } : rest);
            }, 300);
          }}
        />
      </Field>
      <Field label={w('chart')}>
        <div class="marks" role="radiogroup" aria-label={w('chart')}>
          {marks.map((mark) => {
            const Icon = MARK_ICONS[mark];
            return (
              <button
                key={mark}
                type="button"
                role="radio"
                aria-checked={mark === parts.mark}
                onClick={() => change({ mark })}
              >
                {Icon && <Icon />}
                {w(MARK_WORDS[mark as keyof typeof MARK_WORDS])}
              </button>
            );
          })}
        </div>
      </Field>
      {asks.map((part) => {
        if (part === 'stack') {
          if (!parts.color) return null;
          return (
            <Field key={part} label={w('stacking')}>
              <Segmented
                label={w('stacking')}
                value={parts.stack}
                options={[
                  { value: '', text: w('stackNone') },
                  { value: 'zero', text: w('stackZero') },
                  { value: 'normalize', text: w('stackShare') },
                ]}
                onChange={(stack) => change({ stack })}
              />
            </Field>
          );
        }
        if (part === 'better')
          return (
            <Field key={part} label={w('better')}>
              <Segmented
                label={w('better')}
                value={parts.better || item.better || 'neither'}
                options={[
                  { value: 'more', text: w('betterMore') },
                  { value: 'less', text: w('betterLess') },
                  { value: 'neither', text: w('betterNeither') },
                ]}
                onChange={(better) => change({ better })}
              />
            </Field>
          );
        if (part === 'target') {
          if (parts.color) return null;
          return (
            <Field key={part} label={w('theTarget')}>
              <input
                class="input"
                aria-label={w('theTarget')}
                list="targets"
                placeholder={w('targetHint')}
                // What was tried out last is the word; while one types, the field keeps what is in it.
                defaultValue={parts.target}
                onChange={(e) => change({ target: e.currentTarget.value.trim() })}
              />
              <datalist id="targets">
                {measures(fields, now.spec.measures)
                  .flatMap((g) => g.list)
                  .filter((o) => o.value !== parts.measure)
                  .map((o) => (
                    <option key={o.value} value={o.value}>
                      {o.text}
                    </option>
                  ))}
              </datalist>
            </Field>
          );
        }
        const overTime = parts.mark === 'line' || parts.mark === 'area' || parts.mark === 'combo';
        const options =
          part === 'measure'
            ? measures(fields, now.spec.measures)
            : part === 'number' || part === 'number2'
              ? [
                  {
                    group: '',
                    list: numbers(fields).map((f) => ({ value: f.name, text: f.label || f.name })),
                  },
                ]
              : part === 'along'
                ? [{ group: '', list: ALONG.map((value) => ({ value, text: w(ALONG_WORDS[value]) })) }]
                : part === 'color' || part === 'facet'
                  ? [
                      {
                        group: '',
                        list: groups(fields).map((f) => ({ value: f.name, text: f.label || f.name })),
                      },
                    ]
                  : columns(
                      fields,
                      overTime ||
                        parts.mark === 'column' ||
                        parts.mark === 'heatmap' ||
                        parts.mark === 'pivot'
                        ? time
                        : '',
                      !overTime,
                    );
        return (
          <Field key={part} label={label[part] ?? ''}>
            <Select
              label={label[part] ?? ''}
              value={parts[part]}
              options={options}
              {...(part === 'color' || part === 'facet' ? { none: w('noSplit') } : {})}
              {...(part === 'along' ? { none: w('alongNone') } : {})}
              onChange={(value) => change({ [part]: value })}
            />
          </Field>
        );
      })}
      <details class="edit-words">
        <summary>{w('howDrawn')}</summary>
        <Drawing
          key={parts.mark}
          spec={spec}
          keys={now.spec.marks[parts.mark] ?? []}
          onChange={(written) => tryOut(panel, written)}
        />
      </details>
      <details class="edit-words">
        <summary>{w('asWritten')}</summary>
        <pre class="mono">
          {Object.entries(spec)
            .map(([k, v]) => `${k}: ${typeof v === 'string' ? v : JSON.stringify(v)}`)
            .join('\n')}
        </pre>
      </details>
    </Overlay>
  );
}
