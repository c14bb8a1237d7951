import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { recall, remember } from '../lib/remember';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import type { Cell, ColumnProfile, Frame } from '../wire';
import type { MarkProps } from './mark';
import { col, factsOf, filterText, height, isNumeric, isTime, num } from './read';
import { nextOrder, readOrder, shiftOf, sortLocally, tsv, writeOrder } from './rows';
import { summary } from './summary';
import { barScale, TableHead } from './TableHead';
import { bareText, cellText, cellTitle, formatOf, kindOf, widthOf } from './tableCell';
import { clampWidth, moveColumn, shownColumns, writeColumns } from './tableColumns';
import { jump, moved, tall } from './tall';
import { useRows } from './useRows';
import '../styles/table.css';

const ROW = 32;
const HEAD = 36;
/** A head with the spread of its column under the name. */
const TALL_HEAD = 58;
/** The focused row where the focus is in the head. */
const HEADER = -1;
/** Rows drawn beyond each edge of the window, so that a quick flick meets rows and not paper. */
const SPARE = 6;
/** Milliseconds between two questions for the spread of the columns while data keeps coming. */
const SPREAD_EVERY = 5000;
const NO_VIEW: Readonly<Record<string, string>> = {};
const NO_ROWS: Cell[][] = [];

interface Area {
  row: number;
  column: number;
  /** The other corner, while Shift extends it. */
  row2: number;
  column2: number;
}

/** The spread of the columns: asked for when the selection or the data moves, and not more often than it can be read. */
function useProfiles(props: MarkProps, names: readonly string[]) {
  const { frame, fetchProfile } = props;
  const [got, setGot] = useState<{ rows: number; columns: ReadonlyMap<string, ColumnProfile> } | null>(null);
  const asked = useRef({ at: 0, key: '' });
  const key = names.join('\0');
  useEffect(() => {
    if (!fetchProfile || !names.length) return;
    const wait =
      asked.current.key === key ? Math.max(0, asked.current.at + SPREAD_EVERY - performance.now()) : 0;
    let current = true;
    const ask = () => {
      asked.current = { at: performance.now(), key };
      fetchProfile([...names])
        .then((p) => {
          if (current) setGot({ rows: p.rows, columns: new Map(p.columns.map((c) => [c.name, c])) });
        })
        .catch(() => {
          // The heads stay as they are; the next change asks again.
        });
    };
    const timer = wait ? setTimeout(ask, wait) : 0;
    if (!wait) ask();
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [fetchProfile, key, frame.revision]);
  return got;
}

/**
 * Rows as they are. Only the window is in the document; rows beyond the frame come through fetchRows. Scroll, order,
 * columns and the focused cell survive every update, and rows that come in above push nothing away.
 */
export function Table(props: MarkProps) {
  const { item, frame, time, changes, fetchRows } = props;
  const id = useId();
  const [scroller, size] = useSize<HTMLDivElement>();
  const [place, setPlace] = useState({ top: 0, offset: 0 });
  const [own, setOwn] = useState(NO_VIEW);
  const [area, setArea] = useState<Area | null>(null);
  const [notice, setNotice] = useState('');
  const fresh = useChanges(changes);
  const facts = factsOf(frame);

  const view = props.view ?? own;
  const setView = (key: string, value: string | null) => {
    if (props.onView) props.onView(key, value);
    else setOwn(({ [key]: _, ...rest }) => (value === null ? rest : { ...rest, [key]: value }));
  };
  const sort = view.sort ?? null;
  const search = (fetchRows && view.q) || '';

  const all = item.encoding.columns?.length ? item.encoding.columns : frame.columns.map((c) => c.name);
  const names = shownColumns(all, view.cols);
  // Widths belong to a set of columns: another table of the same name in another folder has its own.
  const storeKey = `widths.${all.join().slice(0, 200)}`;
  const [wider, setWider] = useState<Record<string, number>>(() => recall(storeKey, {}));
  const shown = useMemo(
    () => names.map((name) => col(frame, name)).filter((c) => c.at >= 0),
    [frame, names.join('\0')],
  );
  const inFrame = height(frame);
  const total = facts.total ?? inFrame;
  const whole = total <= inFrame;
  const order = sort ?? facts.sort ?? '';
  const orders = readOrder(order);
  const reordered = (sort !== null && sort !== (facts.sort ?? '')) || search !== '';
  // A table that was cut and cannot be asked for more cannot be put into another order honestly.
  const sortable = whole || fetchRows !== undefined;
  const profiles = useProfiles(props, names);
  const headHeight = props.fetchProfile ? TALL_HEAD : HEAD;

  const first = useMemo(
    () => (search !== '' ? null : !reordered ? frame.values : whole ? sortLocally(frame, order) : NO_ROWS),
    [frame, reordered, search, whole, order],
  );
  const room = Math.max(ROW, size.height - headHeight);
  const real = place.top + place.offset;
  const from = Math.max(0, Math.floor(real / ROW) - SPARE);
  const shift = (by: number) => {
    setArea((a) =>
      a && a.row !== HEADER && a.row2 !== HEADER ? { ...a, row: a.row + by, row2: a.row2 + by } : a,
    );
    const at = last.current + offsetNow.current + by * ROW;
    stand(jump(tall(Math.max(totalNow.current, 1) * ROW, offsetNow.current), Math.max(1, at), room));
  };
  const last = useRef(0);
  const offsetNow = useRef(0);
  const totalNow = useRef(0);
  const rows = useRows({
    frame,
    first,
    total: search === '' ? total : null,
    order,
    search,
    fetchRows,
    from,
    to: Math.ceil((real + room) / ROW) + SPARE,
    // At the top new rows are what one wants to see.
    anchor: real < 1 ? null : Math.floor(real / ROW),
    onShift: shift,
  });
  totalNow.current = rows.total;
  const to = Math.min(rows.total, Math.ceil((real + room) / ROW) + SPARE);
  const body = tall(rows.total * ROW, place.offset);

  /** Puts the rows where they shall be, whatever the scroll bar has to say for it. */
  const stand = (next: { top: number; offset: number }) => {
    last.current = next.top;
    offsetNow.current = next.offset;
    setPlace(next);
    const box = scroller.current;
    if (box && Math.abs(box.scrollTop - next.top) >= 1) box.scrollTop = next.top;
  };
  const before = useRef<Frame>(frame);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = frame;
    // Further down than the frame, the rows that are fetched anew tell how far they have moved.
    const top = Math.floor(real / ROW);
    if (old === frame || reordered || real < 1 || top >= inFrame) return;
    const by = shiftOf(old, frame, top);
    if (!by) return;
    rows.shift(by);
    shift(by);
  }, [frame]);

  const widths = useMemo(
    () => shown.map((c) => widthOf(c.spec, c.cells)),
    [shown.map((c) => c.name + c.spec.type).join('\0'), inFrame > 0],
  );
  const set = (k: number) => wider[shown[k]?.name ?? ''];
  const template = widths
    .map((w, k) => (set(k) ? `${set(k)}px` : `minmax(${w.min}px, ${w.grow}fr)`))
    .join(' ');
  const widthAt = (k: number) => set(k) ?? widths[k]?.min ?? 0;
  const wide = widths.reduce((s, _, k) => s + widthAt(k), 16);
  const formats = useMemo(() => shown.map(formatOf), [shown]);
  // Bars keep their scale while the data only grows a little.
  const scales = useRef(new Map<string, number>());
  for (const c of shown) {
    if (kindOf(c.spec) !== 'bar') continue;
    const seen = c.cells.reduce((most: number, cell) => Math.max(most, Math.abs(num(cell)) || 0), 0);
    const most = barScale(c, profiles?.columns.get(c.name), seen);
    const old = scales.current.get(c.name) ?? 0;
    scales.current.set(c.name, most > old || most < old * 0.6 ? most : old);
  }

  const toggle = (name: string, add: boolean) => {
    // Numbers and times begin with the largest, texts with A.
    const { type } = col(frame, name).spec;
    const next = nextOrder(orders, name, isNumeric(type) || isTime(type), add);
    setView('sort', next.length ? writeOrder(next) : null);
    stand({ top: 0, offset: 0 });
  };
  const widen = (name: string, width: number | null) =>
    setWider((now) => {
      const { [name]: _, ...rest } = now;
      const next = width === null ? rest : { ...rest, [name]: width };
      remember(storeKey, Object.keys(next).length ? next : null);
      return next;
    });
  const carry = (name: string, to: number) => setView('cols', writeColumns(all, moveColumn(names, name, to)));

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
    if (y < real) stand(jump(body, y, room));
    else if (y + ROW > real + room) stand(jump(body, y + ROW - room, room));
    const edge = widths.slice(0, c).reduce((s, _, k) => s + widthAt(k), 0);
    const right = edge + widthAt(c);
    if (edge < box.scrollLeft) box.scrollLeft = edge;
    else if (right > box.scrollLeft + box.clientWidth) box.scrollLeft = right - box.clientWidth;
  };
  /** Keys on a head: Alt with an arrow makes the column wider or narrower, with Shift as well it moves it. */
  const headKey = (e: KeyboardEvent, k: number): boolean => {
    const column = shown[k];
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
    if (!column || !e.altKey || !step) return false;
    if (e.shiftKey) {
      carry(column.name, k + step);
      setArea((a) => (a ? { ...a, column: k + step, column2: k + step } : a));
      setNotice(t('columnMoved', { column: column.spec.label || column.name, n: k + step + 1 }));
    } else widen(column.name, clampWidth(widthAt(k) + step * 16));
    return true;
  };
  const keyDown = (e: KeyboardEvent) => {
    if (e.target !== e.currentTarget && (e.key === 'Enter' || e.key === ' ')) return;
    const start = Math.floor(real / ROW);
    const at = area ?? { row: start, column: 0, row2: start, column2: 0 };
    const { row2: r, column2: c } = at;
    if (area && r === HEADER && headKey(e, c)) {
      e.preventDefault();
      e.stopPropagation();
      return;
    }
    const leap = Math.max(1, Math.floor(room / ROW) - 1);
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
      if (!area && !far) go(r, c, false);
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
    <div class="datatable">
      <div
        class="datatable-scroll"
        ref={scroller}
        role="grid"
        aria-label={`${item.title}. ${summary(item, frame, time)}`}
        aria-rowcount={rows.total + 1}
        aria-colcount={shown.length}
        aria-activedescendant={focus}
        aria-busy={rows.waiting}
        tabIndex={0}
        onScroll={(e) => {
          const { scrollTop } = e.currentTarget;
          if (scrollTop !== last.current) stand(moved(body, last.current, scrollTop, room));
        }}
        onKeyDown={keyDown}
        onCopy={copy}
      >
        <TableHead
          id={id}
          shown={shown}
          template={template}
          minWidth={wide}
          height={headHeight}
          orders={orders}
          sortable={sortable}
          focused={area?.row2 === HEADER ? area.column2 : null}
          profiles={profiles?.columns ?? new Map()}
          rows={profiles?.rows ?? 0}
          onSort={toggle}
          onWidth={widen}
          onMove={carry}
        />
        {search !== '' && !rows.waiting && rows.total === 0 && (
          <p class="dt-nothing">{t('nothingFound', { text: search })}</p>
        )}
        <div class="dt-body" role="presentation" style={{ height: `${body.laid}px`, minWidth: `${wide}px` }}>
          <div role="rowgroup" style={{ transform: `translateY(${from * ROW - place.offset}px)` }}>
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
                    const scale = kind === 'bar' && !empty ? scales.current.get(c.name) || 0 : 0;
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
                            class="dt-bar"
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
          {!reordered &&
            fresh.gone
              .filter((g) => g.at >= from && g.at < to + 1)
              .map((g) => (
                // Where it stood it fades, over the row that took its place: nothing moves for it.
                <div
                  key={`${fresh.at} ${g.at}`}
                  class="dt-row dt-gone"
                  aria-hidden="true"
                  style={{
                    gridTemplateColumns: template,
                    transform: `translateY(${g.at * ROW - place.offset}px)`,
                  }}
                >
                  {shown.map((c, k) => {
                    const kind = kindOf(c.spec);
                    return (
                      <div
                        key={c.name}
                        class={
                          kind === 'number' || kind === 'bar'
                            ? 'dt-td dt-num num'
                            : kind === 'text'
                              ? 'dt-td'
                              : 'dt-td num'
                        }
                      >
                        <span class="truncate">{bareText(g.values[c.at] ?? null, c.spec, formats[k])}</span>
                      </div>
                    );
                  })}
                </div>
              ))}
        </div>
      </div>
      <span class="sr" aria-live="polite">
        {notice}
      </span>
    </div>
  );
}
