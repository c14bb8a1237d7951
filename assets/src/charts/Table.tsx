import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { alignedFormat, type Look, kindOf as readingOf, tidy, valueText } from '../lib/format';
import { cellTime, HERE, parseTime, zoneName } from '../lib/time';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import type { Cell, Column } from '../wire';
import {
  SortDown,
  SortUp,
  TypeBool,
  TypeDate,
  TypeId,
  TypeNested,
  TypeNumber,
  TypeText,
  TypeTime,
} from './icons';
import type { MarkProps } from './mark';
import { textWidth } from './measure';
import { col, factsOf, filterText, isNumeric, isTime, labelOf, num } from './read';
import {
  assemble,
  missing,
  nextOrder,
  PAGE,
  type Rows,
  readOrder,
  scaleOf,
  sortLocally,
  tsv,
  writeOrder,
} from './rows';
import { summary } from './summary';

const ROW = 32;
const HEAD = 36;
/** The focused row where the focus is in the head. */
const HEADER = -1;
/** Rows drawn beyond each edge of the window, so that a quick flick meets rows and not paper. */
const SPARE = 6;

type Kind = 'text' | 'number' | 'bar' | 'date' | 'time' | 'bool' | 'nested' | 'id';

function kindOf(column: Column): Kind {
  if (column.role === 'id') return 'id';
  if (column.type === 'nested') return 'nested';
  if (column.type === 'bool') return 'bool';
  if (isTime(column.type)) return 'date';
  if (column.type === 'time') return 'time';
  if (!isNumeric(column.type)) return 'text';
  // A number that names something (a year, a rank) has no length.
  return column.role === 'ordinal' || column.role === 'temporal' ? 'number' : 'bar';
}

const ICONS = {
  text: TypeText,
  number: TypeNumber,
  bar: TypeNumber,
  date: TypeDate,
  time: TypeTime,
  bool: TypeBool,
  nested: TypeNested,
  id: TypeId,
};

const lookOf = (column: Column, format?: string): Look => ({
  type: column.type,
  unit: column.unit,
  role: column.role,
  format,
});

/** A cell as it is drawn. */
export function cellText(cell: Cell | undefined, column: Column, format?: string): string {
  if (cell === null || cell === undefined || cell === '') return '–';
  if (typeof cell === 'string' && isTime(column.type)) return cellTime(cell, column);
  if (typeof cell === 'number' || (typeof cell === 'string' && column.exact)) {
    if (column.exact && typeof cell === 'string') return cell;
    const year = column.role === 'temporal' || column.role === 'ordinal';
    return year ? String(cell) : valueText(num(cell), lookOf(column, format));
  }
  return typeof cell === 'string' && column.role !== 'id' ? tidy(cell) : filterText(cell);
}

/** What the pointer is told beyond the text: the zone of an instant, the whole of a long text. */
function cellTitle(cell: Cell | undefined, column: Column): string {
  const text = filterText(cell);
  if (isTime(column.type) && column.instant && text)
    return `${text} (${HERE}, ${zoneName(parseTime(text), HERE)})`;
  return text;
}

/** Width that a column wants, from its name and its first rows, within reason. */
function widthOf(column: Column, cells: readonly Cell[]): { min: number; grow: number } {
  const unit = headUnit(column);
  let most = textWidth(labelOf(column), 12, 500) + 54 + (unit ? textWidth(unit) + 6 : 0);
  for (let i = 0; i < Math.min(50, cells.length); i++)
    most = Math.max(most, textWidth(cellText(cells[i], column), 12) + 24);
  const kind = kindOf(column);
  const limit = kind === 'text' || kind === 'nested' ? 220 : 180;
  return { min: Math.ceil(Math.min(most, limit)), grow: kind === 'text' ? Math.min(3, most / 110) : 0.6 };
}

interface Area {
  row: number;
  column: number;
  /** The other corner, while Shift extends it. */
  row2: number;
  column2: number;
}

/**
 * Rows as they are. Only the window is in the document; rows beyond the frame come through fetchRows. Scroll, order and
 * the focused cell survive every update.
 */
export function Table(props: MarkProps) {
  const { item, frame, time, changes, fetchRows } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [ref, size] = useSize<HTMLDivElement>();
  const [top, setTop] = useState(0);
  const [sort, setSort] = useState<string | null>(null);
  const [area, setArea] = useState<Area | null>(null);
  const [notice, setNotice] = useState('');
  const pages = useRef({
    key: '',
    revision: -1,
    map: new Map<number, Cell[][]>(),
    waiting: new Set<number>(),
  });
  const [, redraw] = useState(0);
  const fresh = useChanges(changes);
  const facts = factsOf(frame);

  const wanted = item.encoding.columns?.length ? item.encoding.columns : frame.columns.map((c) => c.name);
  const shown = useMemo(
    () => wanted.map((name) => col(frame, name)).filter((c) => c.at >= 0),
    [frame, wanted.join('\0')],
  );
  const inFrame = frame.values[0]?.length ?? 0;
  const total = facts.total ?? inFrame;
  const whole = total <= inFrame;
  const order = sort ?? facts.sort ?? '';
  const orders = readOrder(order);
  const reordered = sort !== null && sort !== (facts.sort ?? '');
  // A table that was cut and cannot be asked for more cannot be put into another order honestly.
  const sortable = whole || fetchRows !== undefined;

  const first = useMemo(
    () => (!reordered ? frame.values : whole ? sortLocally(frame, order) : []),
    [frame, reordered, whole, order],
  );
  const store = pages.current;
  if (store.key !== order) {
    store.key = order;
    store.map = new Map();
    store.waiting = new Set();
  }
  const rows: Rows = assemble(first, store.map, total);
  const view = Math.max(ROW, size.height - HEAD);
  const from = Math.max(0, Math.floor(top / ROW) - SPARE);
  const to = Math.min(rows.total, Math.ceil((top + view) / ROW) + SPARE);

  useEffect(() => {
    if (!fetchRows || whole) return;
    // New data: pages in view are asked for again and stay as they were until the answer comes.
    const stale = store.revision !== frame.revision;
    store.revision = frame.revision;
    if (stale) {
      for (const page of [...store.map.keys()])
        if ((page + 1) * PAGE < from || page * PAGE > to) store.map.delete(page);
      store.waiting.clear();
    }
    const again = stale ? [...store.map.keys()] : [];
    const wanted = new Set([...missing(rows, from, to), ...again].filter((p) => !store.waiting.has(p)));
    for (const page of wanted) {
      const { key } = store;
      store.waiting.add(page);
      fetchRows(page * PAGE, PAGE, order)
        .then((values) => {
          if (store.key !== key) return;
          store.map.set(page, values);
          redraw((n) => n + 1);
        })
        .catch(() => {
          // The rows stay blank; scrolling there again, or the next update, asks anew.
        })
        .finally(() => store.waiting.delete(page));
    }
  }, [frame, from, to, order, fetchRows, whole]);

  const widths = useMemo(
    () => shown.map((c) => widthOf(c.spec, c.cells)),
    [shown.map((c) => c.name + c.spec.type).join('\0'), inFrame > 0],
  );
  const template = widths.map((w) => `minmax(${w.min}px, ${w.grow}fr)`).join(' ');
  const wide = widths.reduce((s, w) => s + w.min, 16);
  // Numbers of a column have the same decimals, so that they can be compared by their length.
  const formats = useMemo(
    () =>
      shown.map((c) => {
        const reading = readingOf(lookOf(c.spec));
        const plain = reading === 'number' || reading === 'money';
        return plain && kindOf(c.spec) === 'bar' && !c.spec.exact
          ? alignedFormat(c.cells.map(num), reading === 'money')
          : undefined;
      }),
    [shown],
  );
  // Bars keep their scale while the data only grows a little.
  const scales = useRef(new Map<string, number>());
  for (const c of shown) {
    if (kindOf(c.spec) !== 'bar') continue;
    const most = scaleOf(frame, c.at);
    const old = scales.current.get(c.name) ?? 0;
    scales.current.set(c.name, most > old || most < old * 0.6 ? most : old);
  }

  const toggle = (name: string, add: boolean) => {
    // Numbers and times begin with the largest, texts with A.
    const { type } = col(frame, name).spec;
    setSort((now) => {
      const next = nextOrder(readOrder(now ?? facts.sort ?? ''), name, isNumeric(type) || isTime(type), add);
      return next.length ? writeOrder(next) : null;
    });
    scroller.current?.scrollTo({ top: 0 });
    setTop(0);
  };

  const go = (row: number, column: number, extend: boolean) => {
    // The head is the row above the first: Enter there sorts.
    const r = Math.max(extend ? 0 : HEADER, Math.min(rows.total - 1, row));
    const c = Math.max(0, Math.min(shown.length - 1, column));
    setArea((old) =>
      extend && old ? { ...old, row2: r, column2: c } : { row: r, column: c, row2: r, column2: c },
    );
    const box = scroller.current;
    if (!box) return;
    const y = Math.max(0, r) * ROW;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + ROW > box.scrollTop + view) box.scrollTop = y + ROW - view;
    const edge = widths.slice(0, c).reduce((s, w) => s + w.min, 0);
    const right = edge + (widths[c]?.min ?? 0);
    if (edge < box.scrollLeft) box.scrollLeft = edge;
    else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
  };
  const keyDown = (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget && (e.key === 'Enter' || e.key === ' ')) return;
    const at = area ?? { row: Math.floor(top / ROW), column: 0, row2: Math.floor(top / ROW), column2: 0 };
    const { row2: r, column2: c } = at;
    const leap = Math.max(1, Math.floor(view / ROW) - 1);
    const far = e.ctrlKey || e.metaKey;
    const target: Record<string, [number, number]> = {
      ArrowDown: [far ? rows.total - 1 : r + 1, c],
      ArrowUp: [far ? 0 : r - 1, c],
      ArrowRight: [r, far ? shown.length - 1 : c + 1],
      ArrowLeft: [r, far ? 0 : c - 1],
      PageDown: [r + leap, c],
      PageUp: [r - leap, c],
      Home: [far ? 0 : r, 0],
      End: [far ? rows.total - 1 : r, shown.length - 1],
    };
    const move = target[e.key];
    if (move) {
      e.preventDefault();
      e.stopPropagation();
      if (!area) go(r, c, false);
      else go(move[0], move[1], e.shiftKey);
    } else if ((e.key === 'Enter' || e.key === ' ') && area?.row2 === HEADER && sortable) {
      const column = shown[area.column2];
      e.preventDefault();
      if (column) toggle(column.name, e.shiftKey);
    } else if (e.key === 'Escape' && area) {
      e.stopPropagation();
      setArea(null);
    }
  };
  const inside = (row: number, column: number) =>
    area !== null &&
    row >= Math.min(area.row, area.row2) &&
    row <= Math.max(area.row, area.row2) &&
    column >= Math.min(area.column, area.column2) &&
    column <= Math.max(area.column, area.column2);
  const copy = (e: ClipboardEvent) => {
    if (!area || document.getSelection()?.type === 'Range') return;
    const lines: string[][] = [];
    for (let r = Math.min(area.row, area.row2); r <= Math.max(area.row, area.row2); r++) {
      if (!rows.has(r)) continue;
      const line: string[] = [];
      for (let c = Math.min(area.column, area.column2); c <= Math.max(area.column, area.column2); c++)
        line.push(filterText(rows.cell(r, shown[c]?.at ?? -1)));
      lines.push(line);
    }
    e.clipboardData?.setData('text/plain', tsv(lines));
    e.preventDefault();
    setNotice(t('copied', { n: lines.length * (lines[0]?.length ?? 0) }));
  };

  const focus = area ? `${id}-${area.row2}-${area.column2}` : undefined;
  const window: number[] = [];
  for (let r = from; r < to; r++) window.push(r);

  return (
    <div class="datatable" ref={ref}>
      <div
        class="datatable-scroll"
        ref={scroller}
        role="grid"
        aria-label={`${item.title}. ${summary(item, frame, time)}`}
        aria-rowcount={rows.total + 1}
        aria-colcount={shown.length}
        aria-activedescendant={focus}
        tabIndex={0}
        onScroll={(e) => setTop(e.currentTarget.scrollTop)}
        onKeyDown={keyDown}
        onCopy={copy}
      >
        <div
          class="dt-row dt-head"
          role="row"
          aria-rowindex={1}
          style={{ gridTemplateColumns: template, minWidth: `${wide}px` }}
        >
          {shown.map((c, k) => {
            const kind = kindOf(c.spec);
            const Icon = ICONS[kind];
            const place = orders.findIndex((o) => o.column === c.name);
            const on = place < 0 ? 'none' : orders[place]?.down ? 'descending' : 'ascending';
            const right = kind === 'number' || kind === 'bar';
            return (
              <div
                key={c.name}
                id={`${id}-${HEADER}-${k}`}
                role="columnheader"
                data-focus={area?.row2 === HEADER && area.column2 === k}
                class={right ? 'dt-th dt-num' : 'dt-th'}
                aria-sort={on}
              >
                <button
                  type="button"
                  disabled={!sortable}
                  tabIndex={-1}
                  title={sortable ? t('sortBy', { column: labelOf(c.spec) }) : labelOf(c.spec)}
                  onClick={(e) => toggle(c.name, e.shiftKey)}
                >
                  <Icon />
                  <span class="truncate">{labelOf(c.spec)}</span>
                  {headUnit(c.spec) && <small>{headUnit(c.spec)}</small>}

                  {on === 'ascending' && <SortUp />}
                  {on === 'descending' && <SortDown />}
                  {place >= 0 && orders.length > 1 && <sup class="num">{place + 1}</sup>}
                </button>
              </div>
            );
          })}
        </div>
        <div
          class="dt-body"
          role="presentation"
          style={{ height: `${rows.total * ROW}px`, minWidth: `${wide}px` }}
        >
          <div role="rowgroup" style={{ transform: `translateY(${from * ROW}px)` }}>
            {window.map((r) => {
              // Positions of a patch are those of the frame; another order has none.
              const known = !reordered && r < inFrame;
              return (
                <div
                  key={r}
                  class="dt-row"
                  role="row"
                  aria-rowindex={r + 2}
                  data-new={known && fresh.row(r)}
                  style={{ gridTemplateColumns: template }}
                >
                  {shown.map((c, k) => {
                    const cell = rows.cell(r, c.at);
                    const kind = kindOf(c.spec);
                    const flash = known && fresh.cell(c.name, r);
                    const empty = cell === null || cell === '' || cell === undefined;
                    const numeric = kind === 'number' || kind === 'bar';
                    const scale = kind === 'bar' && !empty ? scales.current.get(c.name) || 1 : 0;
                    const old = flash ? fresh.before(c.name, r) : undefined;
                    return (
                      // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys.
                      <div
                        key={c.name}
                        id={`${id}-${r}-${k}`}
                        role="gridcell"
                        class={numeric ? 'dt-td dt-num num' : kind === 'text' ? 'dt-td' : 'dt-td num'}
                        aria-selected={inside(r, k)}
                        data-focus={area !== null && area.row2 === r && area.column2 === k}
                        title={
                          old === undefined
                            ? cellTitle(cell, c.spec)
                            : t('before', { value: cellText(old as Cell, c.spec) })
                        }
                        onClick={(e) => go(r, k, e.shiftKey)}
                      >
                        {scale > 0 && (
                          <i
                            class={num(cell) < 0 ? 'dt-bar dt-bar-low' : 'dt-bar'}
                            style={{ transform: `scaleX(${Math.min(1, Math.abs(num(cell)) / scale)})` }}
                          />
                        )}
                        <span
                          key={flash ? fresh.at : 0}
                          class={empty ? 'dt-none' : 'truncate'}
                          data-fresh={flash}
                        >
                          {cell === undefined && !rows.has(r) ? '…' : bareText(cell, c.spec, formats[k])}
                        </span>
                      </div>
                    );
                  })}
                </div>
              );
            })}
          </div>
        </div>
      </div>
      <span class="sr" aria-live="polite">
        {notice}
      </span>
    </div>
  );
}

/** A unit that stands after the number moves into the head; money and percent keep their sign in every cell. */
function headUnit(column: Column): string {
  const { unit } = column;
  if (!unit || kindOf(column) !== 'bar' || valueText(1, lookOf(column)) !== `1\u2009${unit}`) return '';
  return unit;
}

function bareText(cell: Cell | undefined, column: Column, format: string | undefined): string {
  return cellText(cell, headUnit(column) ? { ...column, unit: '' } : column, format);
}
