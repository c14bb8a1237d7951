import type { RefObject } from 'preact';
import { useState } from 'preact/hooks';
import { lastDay, parseRange, period } from '../lib/rangeText';
import { store } from '../state/page';
import type { TimeAxis } from '../wire';
import { Check } from './icons';
import { Segmented } from './Overlay';
import { Popover } from './Popover';
import { ms, rangeText } from './rangeWords';
import { w } from './words';

interface Preset {
  range: string;
  text: string;
  key?: string;
}

/** What makes sense for the extent of this table. Relative ranges end at the newest row: files are often old. */
function presets(axis: TimeAxis): Preset[] {
  const min = ms(axis.min);
  const max = ms(axis.max);
  const days = (max - min) / 86_400_000;
  const list: Preset[] = [{ range: 'all', text: w('allTime'), key: 'A' }];
  const add = (range: string, length: number, key?: string) => {
    if (length < days) list.push({ range, text: rangeText(range, axis, false), ...(key ? { key } : {}) });
  };
  if (axis.type === 'timestamp' && days < 60) {
    add('1h', 1 / 24);
    add('24h', 1, '1');
  }
  add('7d', 7, 'W');
  add('30d', 30, 'M');
  add('90d', 90, '3');
  add('12mo', 365, 'Y');
  add('60mo', 1826, '5');
  const year = new Date(max).getUTCFullYear();
  const first = new Date(min).getUTCFullYear();
  if (year > first) {
    list.push({ range: `${year}-01-01..${year + 1}-01-01`, text: w('yearSoFar', { year: String(year) }) });
    list.push({ range: `${year - 1}-01-01..${year}-01-01`, text: String(year - 1) });
  }
  return list;
}

const COMPARE = [
  { value: 'previous period', word: 'periodBefore' },
  { value: 'previous year', word: 'yearBefore' },
  { value: 'target', word: 'theTarget' },
  { value: 'none', word: 'nothing' },
] as const;

export function TimePicker({
  anchor,
  axis,
  onClose,
}: {
  anchor: RefObject<HTMLElement | null>;
  axis: TimeAxis;
  onClose: () => void;
}) {
  const chosen = store.chosen.value;
  const [from, setFrom] = useState((axis.from || axis.min).slice(0, 10));
  const [to, setTo] = useState(lastDay(axis.to || axis.max));
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const list = presets(axis);
  const aimed = store.seen.rows.value.some((r) => r.items.some((i) => i.mark === 'kpi' && i.target));
  const year = new Date(ms(axis.max)).getUTCFullYear();
  const choose = (range: string) => {
    onClose();
    store.select({ ...store.selection.value, range });
  };
  const applyDays = () => {
    const a = period(from);
    const b = period(to);
    if (a && b && a[0] < b[1]) choose(`${a[0]}..${b[1]}`);
    else setWrong(true);
  };
  const applyTyped = () => {
    const range = parseRange(typed);
    if (range) choose(range);
    else setWrong(true);
  };
  return (
    <Popover anchor={anchor} label={w('timeRange')} onClose={onClose}>
      <div
        class="picker"
        onKeyDown={(e) => {
          if (e.target instanceof HTMLInputElement || e.metaKey || e.ctrlKey || e.altKey) return;
          const preset = list.find((p) => p.key?.toLowerCase() === e.key.toLowerCase());
          if (!preset) return;
          e.preventDefault();
          e.stopPropagation();
          choose(preset.range);
        }}
      >
        <ul class="menu-list">
          {list.map((p) => {
            const on = p.range === chosen.range;
            return (
              <li key={p.range}>
                <button type="button" class="menu-item" aria-pressed={on} onClick={() => choose(p.range)}>
                  <span>{p.text}</span>
                  {on ? <Check /> : p.key && <kbd>{p.key}</kbd>}
                </button>
              </li>
            );
          })}
        </ul>
        <div class="picker-side">
          <form
            class="picker-days"
            onSubmit={(e) => {
              e.preventDefault();
              applyDays();
            }}
          >
            <label class="picker-field">
              <span>{w('from')}</span>
              <input
                class="input num"
                value={from}
                onInput={(e) => {
                  setFrom(e.currentTarget.value);
                  setWrong(false);
                }}
              />
            </label>
            <label class="picker-field">
              <span>{w('to')}</span>
              <input
                class="input num"
                value={to}
                onInput={(e) => {
                  setTo(e.currentTarget.value);
                  setWrong(false);
                }}
              />
            </label>
            <button type="submit" class="button">
              {w('apply')}
            </button>
          </form>
          <form
            onSubmit={(e) => {
              e.preventDefault();
              applyTyped();
            }}
          >
            <label class="picker-field">
              <span>{w('typed')}</span>
              <input
                class="input num"
                value={typed}
                placeholder="90d"
                aria-describedby="range-help"
                aria-invalid={wrong}
                onInput={(e) => {
                  setTyped(e.currentTarget.value);
                  setWrong(false);
                }}
              />
            </label>
          </form>
          <p class={wrong ? 'wrong' : 'quiet'} id="range-help" role={wrong ? 'alert' : undefined}>
            {wrong
              ? w('notUnderstood')
              : w('alsoUnderstands', { a: String(year - 1), b: '90d', c: `Q3 ${year - 1}` })}
          </p>
          <div class="picker-field">
            <span>{w('compareWith')}</span>
            <Segmented
              label={w('compareWith')}
              options={COMPARE.filter(
                (c) => c.value !== 'target' || aimed || chosen.compare === 'target',
              ).map((c) => ({ value: c.value as string, text: w(c.word) }))}
              value={chosen.compare}
              onChange={(compare) => store.select({ ...store.selection.value, compare })}
            />
          </div>
        </div>
      </div>
    </Popover>
  );
}
