import { useMemo, useState } from 'preact/hooks';
import { shortText, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { t } from '../lib/words';
import { grid } from './grid';
import type { MarkProps } from './mark';
import { additive, chosen, col, labelOf, look, magnitude, spell } from './read';
import { modeOf } from './Stage';
import { summary } from './summary';
import '../styles/pivot.css';

/**
 * A measure for each pair of two columns, in numbers. Rows and columns end in their sums where the measure adds up; of
 * averages there is none, for a mean of means would be wrong. A click on a head or a cell filters.
 */
export function Pivot(props: MarkProps) {
  const { item, frame, selection, time, changes, onFilter } = props;
  const fresh = useChanges(changes);
  const [at, setAt] = useState<{ r: number; c: number }>({ r: 0, c: 0 });
  const model = useMemo(() => grid(frame, item, time), [frame, item, time]);
  const { x, y, values, rows } = model;
  const size = magnitude(frame, item);
  const how = { ...look(item, size.spec), format: item.format?.replace(/^decimal/, 'aligned') };
  const sums = additive(item);
  const across = values.map((line) => line.reduce<number>((s, v) => s + (v ?? 0), 0));
  const down = x.keys.map((_, c) => values.reduce((s, line) => s + (line[c] ?? 0), 0));
  const whole = across.reduce((s, v) => s + v, 0);
  const xName = col(frame, item.encoding.x, 0);
  const yName = col(frame, item.encoding.y, 1);
  const picked = chosen(selection, item.filter);
  const text = (v: number | null | undefined) => (v == null ? '' : shortText(v, how));
  const focus = { r: Math.min(at.r, y.keys.length - 1), c: Math.min(at.c, x.keys.length - 1) };
  const key = (e: KeyboardEvent) => {
    const move = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[e.key];
    if (!move) return;
    e.preventDefault();
    e.stopPropagation();
    const r = Math.max(0, Math.min(y.keys.length - 1, focus.r + (move[0] ?? 0)));
    const c = Math.max(0, Math.min(x.keys.length - 1, focus.c + (move[1] ?? 0)));
    setAt({ r, c });
    (e.currentTarget as HTMLElement).querySelector<HTMLElement>(`[data-cell="${r}.${c}"]`)?.focus();
  };
  return (
    <div class="pivot-scroll" onKeyDown={key}>
      <table class="pivot" aria-label={`${item.title}. ${summary(item, frame, time)}`}>
        <thead>
          <tr>
            <th scope="col">
              <span class="truncate">{labelOf(yName.spec)}</span>
            </th>
            {x.short.map((name, c) => {
              const on = picked.values.has(x.keys[c] ?? '');
              return (
                <th key={x.keys[c]} scope="col" class="num" data-dim={picked.any && !on}>
                  {item.filter ? (
                    <button
                      type="button"
                      class="truncate"
                      title={`${labelOf(xName.spec)}: ${x.long[c]}`}
                      aria-pressed={on}
                      onClick={(e) => onFilter(item.filter ?? '', spell(x.keys[c] ?? ''), modeOf(e))}
                    >
                      {name}
                    </button>
                  ) : (
                    <span class="truncate">{name}</span>
                  )}
                </th>
              );
            })}
            {sums && (
              <th scope="col" class="num pivot-sum">
                {t('total')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {y.short.map((name, r) => (
            <tr key={y.keys[r]}>
              <th scope="row">
                <span class="truncate" title={y.long[r]}>
                  {name}
                </span>
              </th>
              {x.keys.map((k, c) => {
                const v = values[r]?.[c];
                const row = rows[r]?.[c] ?? -1;
                const flash = row >= 0 && fresh.any(row);
                const old = flash ? fresh.before(size.name, row) : undefined;
                return (
                  <td
                    key={k}
                    class="num"
                    data-cell={`${r}.${c}`}
                    data-dim={picked.any && !picked.values.has(k)}
                    tabIndex={r === focus.r && c === focus.c ? 0 : -1}
                    onFocus={() => setAt({ r, c })}
                    title={
                      typeof old === 'number'
                        ? t('before', { value: valueText(old, how) })
                        : `${y.long[r]}, ${x.long[c]}: ${v == null ? '–' : valueText(v, how)}`
                    }
                  >
                    <span key={flash ? fresh.at : 0} data-fresh={flash}>
                      {text(v)}
                    </span>
                  </td>
                );
              })}
              {sums && <td class="num pivot-sum">{text(across[r])}</td>}
            </tr>
          ))}
        </tbody>
        {sums && (
          <tfoot>
            <tr>
              <th scope="row">{t('total')}</th>
              {down.map((v, c) => (
                <td key={x.keys[c]} class="num">
                  {text(v)}
                </td>
              ))}
              <td class="num pivot-sum">{text(whole)}</td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
