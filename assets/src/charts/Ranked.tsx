import { useRef, useState } from 'preact/hooks';
import { alignedFormat, kindOf, percent, shortText, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { t } from '../lib/words';
import type { MarkProps } from './mark';
import { widest } from './measure';
import { chosen, col, factsOf, filterText, look, nameOf, num, spell } from './read';
import { modeOf } from './Stage';
import { summary } from './summary';
import { useWhole } from './useWhole';

/**
 * A ranked list with the bar behind the text: a long name needs no axis. A click filters; Alt excludes, Ctrl keeps only
 * this. The list does not filter itself, so the rows that were not chosen stay, dimmed.
 */
export function Ranked(props: MarkProps) {
  const { item, selection, onFilter, onView } = props;
  const open = props.view?.more === 'all' && props.fetchWhole !== undefined;
  const whole = useWhole(props, open);
  const frame = whole?.frame ?? props.frame;
  const changes = whole ? whole.changes : props.changes;
  const list = useRef<HTMLUListElement>(null);
  const [focus, setFocus] = useState(0);
  const fresh = useChanges(changes);
  const names = col(frame, item.encoding.y, 0);
  const values = col(frame, item.encoding.x, 1);
  const facts = factsOf(frame);
  const numbers = names.cells.map((_, i) => num(values.cells[i]));
  const finite = numbers.filter(Number.isFinite);
  const high = Math.max(0, ...finite);
  const low = Math.min(0, ...finite);
  const plain = look(item, values.spec);
  // Small amounts of money have both of their decimals or none of them has; large ones are rounded.
  const cents =
    kindOf(plain) === 'money' && high < 1000 && low > -1000 && /^(currency)?$/.test(item.format ?? '');
  const format = cents ? alignedFormat(finite, true) : item.format?.replace(/^decimal/, 'aligned');
  const how = { ...plain, format: format ?? item.format };
  const span = high - low || 1;
  const zero = -low / span;
  const sum = facts.sum ?? 0;
  // The server names a sum exactly where the values add up to one.
  const shares = sum > 0 && low === 0;
  const texts = numbers.map((v) => (Number.isFinite(v) ? shortText(v, how) : '–'));
  const other = facts.other_count ? facts.other_value : undefined;
  const room = Math.ceil(widest([...texts, other === undefined ? '' : shortText(other, how)], 12, 500)) + 8;
  const columns = `minmax(0, 1fr)${shares ? ' 50px' : ''} ${Math.max(44, room)}px`;
  const picked = chosen(selection, item.filter);
  const n = names.cells.length;
  const at = Math.min(focus, Math.max(0, n - 1));

  const keyDown = (e: KeyboardEvent) => {
    const move = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: n - 1 }[e.key];
    if (move === undefined) return;
    e.preventDefault();
    e.stopPropagation();
    const next = Math.min(n - 1, Math.max(0, move));
    setFocus(next);
    list.current?.querySelectorAll<HTMLButtonElement>('button.bar')[next]?.focus();
  };

  const more = (
    <>
      <span class="bar-name">{facts.other_count ? t('more', { n: facts.other_count }) : t('fewer')}</span>
      {shares && <span class="bar-share num">{other === undefined ? '' : percent(other / sum)}</span>}
      <span class="bar-value num">{other === undefined ? '' : shortText(other, how)}</span>
    </>
  );
  const canOpen = onView !== undefined && props.fetchWhole !== undefined && (whole || facts.other_count);

  return (
    <div class="ranked" data-whole={whole !== null}>
      <ul
        class="board"
        ref={list}
        aria-label={`${item.title}. ${summary(item, frame, props.time)}`}
        onKeyDown={keyDown}
      >
        {names.cells.map((cell, i) => {
          const text = filterText(cell);
          const on = picked.values.has(text);
          const off = picked.excluded.has(text);
          const v = numbers[i] ?? 0;
          const flash = fresh.cell(values.name, i) || (fresh.row(i) && !fresh.many);
          const old = fresh.before(values.name, i);
          const was =
            flash && typeof old === 'number' ? ` (${t('before', { value: valueText(old, how) })})` : '';
          const length = Number.isFinite(v) ? Math.abs(v) / span : 0;
          const left = v < 0 ? zero - length : zero;
          return (
            <li key={text}>
              <button
                type="button"
                class="bar"
                style={{ gridTemplateColumns: columns }}
                aria-pressed={on}
                data-dim={(picked.any && !on) || off}
                data-off={off}
                data-empty={text === ''}
                disabled={!item.filter}
                tabIndex={i === at ? 0 : -1}
                title={`${text === '' ? nameOf(cell, names.spec) : text}: ${Number.isFinite(v) ? valueText(v, how) : '–'}${was}`}
                onFocus={() => setFocus(i)}
                onClick={(e) => item.filter && onFilter(item.filter, spell(text), modeOf(e))}
              >
                <span class="bar-track">
                  <span
                    class="bar-fill"
                    style={{ transform: `translateX(${left * 100}%) scaleX(${Math.max(0.002, length)})` }}
                  />
                </span>
                <span class="bar-name truncate">
                  {nameOf(cell, names.spec)}
                  {off && <span class="sr">, {t('excluded')}</span>}
                </span>
                {shares && <span class="bar-share num">{percent(v / sum)}</span>}
                <span class="bar-value num">
                  <span key={flash ? fresh.at : 0} data-fresh={flash}>
                    {texts[i]}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
      {canOpen ? (
        <button
          type="button"
          class="bar bar-other"
          style={{ gridTemplateColumns: columns }}
          aria-expanded={open}
          onClick={() => onView('more', open ? null : 'all')}
        >
          {more}
        </button>
      ) : facts.other_count ? (
        <div class="bar bar-other" style={{ gridTemplateColumns: columns }}>
          {more}
        </div>
      ) : null}
    </div>
  );
}
