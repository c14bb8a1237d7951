import { useRef, useState } from 'preact/hooks';
import { percent } from '../lib/format';
import { t } from '../lib/words';
import type { ColumnProfile } from '../wire';
import { SortDown, SortUp } from './icons';
import { type Col, labelOf } from './read';
import { cellText, headUnit, ICONS, kindOf } from './tableCell';
import { clampWidth } from './tableColumns';

const WIDTH = 48;
const HEIGHT = 14;

/** A few values need no more room than a few bars. */
const stepOf = (counts: readonly number[], width: number) => Math.min(6, width / Math.max(1, counts.length));

/** Bars of a column's spread as one path, so that forty heads stay light. */
export function bars(counts: readonly number[], width = WIDTH, height = HEIGHT): string {
  const most = Math.max(...counts, 1);
  const step = stepOf(counts, width);
  const gap = step > 3 ? 1 : 0;
  return counts
    .map((n, i) => {
      // What is there is seen, however little it is beside the rest.
      const h = n > 0 ? Math.max(1, (n / most) * height) : 0;
      return h
        ? `M${(i * step).toFixed(1)} ${height}v${(-h).toFixed(1)}h${(step - gap).toFixed(1)}V${height}z`
        : '';
    })
    .join('');
}

function Spread({ profile, rows, c }: { profile: ColumnProfile; rows: number; c: Col }) {
  const share = rows > 0 ? profile.empty / rows : 0;
  const kind = kindOf(c.spec);
  const named = kind === 'text' || kind === 'id' || kind === 'nested' || kind === 'bool';
  const count = t('values', { n: profile.distinct });
  const said =
    share >= 0.005
      ? t('emptyShare', { share: percent(share, 0) })
      : named || profile.counts.length === 0 || profile.distinct === rows
        ? `${profile.approx ? '~' : ''}${count}`
        : '';
  const reach =
    profile.min !== undefined && profile.min !== null
      ? t('rangeTo', {
          from: cellText(profile.min, c.spec),
          to: cellText(profile.max ?? null, c.spec),
        })
      : (profile.top ?? '');
  const title = [
    reach,
    `${profile.approx ? '~' : ''}${count}`,
    ...(profile.empty ? [t('emptyCells', { n: profile.empty })] : []),
  ]
    .filter(Boolean)
    .join(' · ');
  return (
    <span class="dt-spread" title={title}>
      {profile.counts.length > 1 && profile.distinct < rows && (
        <svg
          width={Math.ceil(stepOf(profile.counts, WIDTH) * profile.counts.length)}
          height={HEIGHT}
          aria-hidden="true"
        >
          <path d={bars(profile.counts)} />
        </svg>
      )}
      <small class="truncate num">{said}</small>
      <span class="sr">{title}</span>
    </span>
  );
}

interface Props {
  id: string;
  shown: readonly Col[];
  template: string;
  minWidth: number;
  /** Height in px: with profiles it has a second line. */
  height: number;
  orders: readonly { column: string; down: boolean }[];
  sortable: boolean;
  focused: number | null;
  profiles: ReadonlyMap<string, ColumnProfile>;
  rows: number;
  onSort: (name: string, add: boolean) => void;
  /** A width in px, or null for the column's own. */
  onWidth: (name: string, width: number | null) => void;
  onMove: (name: string, to: number) => void;
}

/** The head of a table: sorts by click, moves by drag, and each column's edge makes it wider. */
export function TableHead(props: Props) {
  const { id, shown, orders, sortable, profiles, onWidth, onMove } = props;
  const row = useRef<HTMLDivElement>(null);
  /** The column under the pointer's hand, and before which column it would be put. */
  const [drag, setDrag] = useState<{ name: string; to: number } | null>(null);
  const dragged = useRef(false);

  const heads = () => [...(row.current?.querySelectorAll<HTMLElement>('.dt-th') ?? [])];
  const grip = (name: string, k: number) => (e: PointerEvent) => {
    const head = heads()[k];
    if (!head || e.button !== 0) return;
    e.preventDefault();
    e.stopPropagation();
    const start = head.offsetWidth;
    const x = e.clientX;
    const node = e.currentTarget as HTMLElement;
    node.setPointerCapture(e.pointerId);
    const move = (m: PointerEvent) => onWidth(name, clampWidth(start + m.clientX - x));
    const up = () => {
      node.removeEventListener('pointermove', move);
      node.removeEventListener('pointerup', up);
      node.removeEventListener('pointercancel', up);
    };
    node.addEventListener('pointermove', move);
    node.addEventListener('pointerup', up);
    node.addEventListener('pointercancel', up);
  };
  // A finger scrolls; it moves columns from the list of columns.
  const carry = (name: string) => (e: PointerEvent) => {
    if (e.button !== 0 || e.pointerType === 'touch') return;
    dragged.current = false;
    const x = e.clientX;
    let to: number | null = null;
    const move = (m: PointerEvent) => {
      if (to === null && Math.abs(m.clientX - x) < 8) return;
      dragged.current = true;
      const centres = heads().map((h) => {
        const box = h.getBoundingClientRect();
        return box.left + box.width / 2;
      });
      to = centres.filter((c) => c < m.clientX).length;
      setDrag({ name, to });
    };
    const up = (m: PointerEvent) => {
      document.removeEventListener('pointermove', move);
      document.removeEventListener('pointerup', up);
      document.removeEventListener('pointercancel', up);
      setDrag(null);
      if (to === null || m.type === 'pointercancel') return;
      const from = shown.findIndex((c) => c.name === name);
      onMove(name, to > from ? to - 1 : to);
    };
    document.addEventListener('pointermove', move);
    document.addEventListener('pointerup', up);
    document.addEventListener('pointercancel', up);
  };

  return (
    <div
      class="dt-row dt-head"
      role="row"
      ref={row}
      aria-rowindex={1}
      data-dragging={drag !== null}
      style={{
        gridTemplateColumns: props.template,
        minWidth: `${props.minWidth}px`,
        height: `${props.height}px`,
      }}
    >
      {shown.map((c, k) => {
        const kind = kindOf(c.spec);
        const Icon = ICONS[kind];
        const place = orders.findIndex((o) => o.column === c.name);
        const on = place < 0 ? 'none' : orders[place]?.down ? 'descending' : 'ascending';
        const right = kind === 'number' || kind === 'bar';
        const profile = profiles.get(c.name);
        return (
          <div
            key={c.name}
            id={`${id}--1-${k}`}
            role="columnheader"
            data-focus={props.focused === k}
            data-drop={
              drag ? (drag.to === k ? 'before' : drag.to === k + 1 ? 'after' : undefined) : undefined
            }
            data-carried={drag?.name === c.name}
            class={right ? 'dt-th dt-num' : 'dt-th'}
            aria-sort={on}
          >
            <button
              type="button"
              tabIndex={-1}
              aria-disabled={!sortable}
              title={sortable ? t('sortBy', { column: labelOf(c.spec) }) : labelOf(c.spec)}
              onPointerDown={carry(c.name)}
              onClick={(e) => {
                if (!dragged.current && sortable) props.onSort(c.name, e.shiftKey);
                dragged.current = false;
              }}
            >
              <Icon />
              <span class="truncate">{labelOf(c.spec)}</span>
              {headUnit(c.spec) && <small>{headUnit(c.spec)}</small>}
              {on === 'ascending' && <SortUp />}
              {on === 'descending' && <SortDown />}
              {place >= 0 && orders.length > 1 && <sup class="num">{place + 1}</sup>}
            </button>
            {profile && <Spread profile={profile} rows={props.rows} c={c} />}
            <span class="dt-grip" onPointerDown={grip(c.name, k)} onDblClick={() => onWidth(c.name, null)} />
          </div>
        );
      })}
    </div>
  );
}

/** The greatest length that a bar of the column stands for; 0 where lengths would mislead, as with negative values. */
export function barScale(c: Col, profile: ColumnProfile | undefined, seen: number): number {
  if (kindOf(c.spec) !== 'bar') return 0;
  const low = typeof profile?.min === 'number' ? profile.min : 0;
  const high = typeof profile?.max === 'number' ? profile.max : seen;
  return low < 0 ? 0 : high;
}
