import { type Look, shortText, valueText } from '../lib/format';
import {
  bucketLabel,
  type Grain,
  inferGrain,
  isGrain,
  nextBucket,
  parseTime,
  partialNote,
  wireTime,
} from '../lib/time';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import type { Frame, Item } from '../wire';
import { apart, niceDomain, thin, timeTicks, useSteady, valueTicks } from './axis';
import { Crossline } from './Crossline';
import { GridLabels, Gridlines } from './Gridlines';
import { tickTexts } from './labels';
import type { MarkProps } from './mark';
import { clip, widest } from './measure';
import { linePath } from './path';
import { chosen, col, factsOf, filterText, isTime, labelOf, look, nameOf, num, spell, zoneOf } from './read';
import { modeOf, type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip, tip } from './tip';
import { useRoving } from './useRoving';

const PAD = { top: 16, bottom: 22 };

/** The two measures of a combo and how they read. They share an axis exactly where they are of one unit and format. */
export function sides(frame: Frame, item: Item) {
  const bars = col(frame, item.encoding.y, 1);
  const line = col(frame, item.encoding.line, 2);
  const lineLook: Look = look({ ...item, format: item.line_format ?? '' }, line.spec);
  const barsLook = look(item, bars.spec);
  const shared =
    (bars.spec.unit ?? '') === (line.spec.unit ?? '') && (item.format ?? '') === (item.line_format ?? '');
  return { bars, line, barsLook, lineLook, shared };
}

const finite = (cells: readonly unknown[]) =>
  cells.map((c) => num(c as never)).filter((v) => Number.isFinite(v));

/** Columns with a line over them, each with its own scale where they measure different things. */
export function Combo(props: MarkProps) {
  const { item, frame, selection, time, changes, onFilter, onZoom } = props;
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const fresh = useChanges(changes);
  const xs = col(frame, item.encoding.x, 0);
  const { bars, line, barsLook, lineLook, shared } = sides(frame, item);
  const temporal = isTime(xs.spec.type);
  const zone = zoneOf(xs.spec, item, time);
  const instants = temporal ? xs.cells.map(parseTime) : [];
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(instants);
  const long = (i: number) =>
    temporal ? bucketLabel(instants[i] ?? 0, grain, zone) : nameOf(xs.cells[i], xs.spec);
  const n = xs.cells.length;
  const h = Math.max(1, height - PAD.top - PAD.bottom);
  const key = `${height} ${item.panel} ${JSON.stringify(selection)}`;
  const barValues = finite(bars.cells);
  const lineValues = finite(line.cells);
  const low = Math.min(0, ...barValues, ...(shared ? lineValues : []));
  const high = Math.max(0, ...barValues, ...(shared ? lineValues : []));
  const domain = useSteady(niceDomain(low, high, h, true), key);
  const own = useSteady(niceDomain(Math.min(...lineValues), Math.max(...lineValues), h, false), key);
  const lineDomain = shared ? domain : own;
  const ticks = valueTicks(domain[0], domain[1], h, barsLook);
  const lineTicks = shared ? [] : valueTicks(lineDomain[0], lineDomain[1], h, lineLook);
  const y = (v: number) => PAD.top + h - ((v - domain[0]) / (domain[1] - domain[0])) * h;
  const yLine = (v: number) => PAD.top + h - ((v - lineDomain[0]) / (lineDomain[1] - lineDomain[0] || 1)) * h;
  const gutter = Math.ceil(Math.min(64, widest(tickTexts(ticks, barsLook)) + 10));
  const lineTexts = tickTexts(lineTicks, lineLook);
  const right = shared ? 0 : Math.ceil(Math.min(64, widest(lineTexts) + 10));
  const inner = Math.max(0, width - gutter - right);
  const band = inner / Math.max(1, n);
  const gap = band > 8 ? Math.max(2, Math.min(band * 0.28, 24)) : band > 3 ? 1 : 0;
  const thick = Math.min(72, Math.max(1, band - gap));
  const mid = (i: number) => gutter + (i + 0.5) * band;
  const partial = factsOf(frame).partial_from;
  const open = partial ? instants.findIndex((ms) => ms >= parseTime(partial)) : -1;
  const picked = chosen(selection, item.filter);

  const show = (i: number, box: DOMRect, touch: boolean) => {
    const v = num(bars.cells[i]);
    const l = num(line.cells[i]);
    tip.value = {
      x: box.left + mid(i) + thick / 2,
      y: box.top + Math.min(Number.isFinite(v) ? y(v) : h, Number.isFinite(l) ? yLine(l) : h),
      title: long(i),
      rows: [
        { label: labelOf(bars.spec), value: Number.isFinite(v) ? valueText(v, barsLook) : '–', slot: 1 },
        { label: labelOf(line.spec), value: Number.isFinite(l) ? valueText(l, lineLook) : '–', slot: 2 },
      ],
      ...(open >= 0 && i >= open ? { note: partialNote(grain) } : {}),
      ...(temporal ? { moment: { at: instants[i] ?? 0, panel: item.panel } } : {}),
      touch,
    };
  };
  const pick = (i: number, e: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
    const from = instants[i];
    if (item.time && time && from !== undefined)
      onZoom({
        from: wireTime(from, time),
        to: wireTime(instants[i + 1] ?? nextBucket(from, grain, zone), time),
      });
    else if (item.filter) onFilter(item.filter, spell(filterText(xs.cells[i])), modeOf(e));
  };
  const keys = useRoving({
    count: n,
    onEnter: pick,
    onMove: (i) => {
      const box = ref.current?.getBoundingClientRect();
      if (i === null || !box) hideTip();
      else show(i, box, false);
    },
  });
  const spot = ({ x: px, box, touch }: Spot) => {
    const i = Math.floor((px - gutter) / band);
    if (i < 0 || i >= n) return null;
    show(i, box, touch);
    return i;
  };
  const a = keys.active;
  const lineAt = (i: number) => yLine(num(line.cells[i]));
  const labels = temporal
    ? apart(
        timeTicks(instants[0] ?? 0, instants.at(-1) ?? 0, inner, zone).map(({ at, label }) => {
          const i = instants.findIndex((ms) => ms >= at);
          return { x: mid(i < 0 ? n - 1 : i) - thick / 2, label };
        }),
        width,
      )
    : [];
  const every = thin(n, inner, Math.min(96, widest(xs.cells.map((c) => nameOf(c, xs.spec))) + 10));

  return (
    <>
      <ul class="legend legend-body">
        <li>
          <i class="key key-round key-1" />
          {labelOf(bars.spec)}
        </li>
        <li>
          <i class="key key-2" />
          {labelOf(line.spec)}
        </li>
      </ul>
      <Stage
        label={`${t('comboChart')}. ${item.title}. ${summary(item, frame, time)}. ${t(item.filter ? 'walkEnter' : 'walk')}.`}
        version={frame}
        inner={ref}
        onSpot={spot}
        onPick={pick}
        onKeyDown={keys.keyDown}
        onBlur={keys.blur}
        onReset={item.time && temporal ? () => onZoom(null) : undefined}
        said={
          a !== null && a < n
            ? `${long(a)}: ${labelOf(bars.spec)} ${shortText(num(bars.cells[a]), barsLook)}, ${labelOf(line.spec)} ${shortText(num(line.cells[a]), lineLook)}`
            : null
        }
      >
        <svg width={width} height={height} aria-hidden="true">
          <Gridlines ticks={ticks} y={y} left={0} right={width} />
          <g class="slot-1">
            {width > 0 &&
              bars.cells.map((c, i) => {
                const v = num(c);
                if (!Number.isFinite(v)) return null;
                const off = picked.any && !picked.values.has(filterText(xs.cells[i]));
                return (
                  <rect
                    key={filterText(xs.cells[i])}
                    class={
                      off ? 'mark mark-off' : open >= 0 && i >= open ? 'mark mark-partial' : 'mark mark-back'
                    }
                    data-flash={fresh.cell(bars.name, i) || fresh.row(i)}
                    x={mid(i) - thick / 2}
                    width={thick}
                    y={Math.min(y(v), y(0))}
                    height={Math.max(v === 0 ? 0 : 1, Math.abs(y(v) - y(0)))}
                    rx={thick > 6 ? 2 : 0}
                  />
                );
              })}
          </g>
          <g class="slot-2">
            <path class="combo-line" d={linePath(n, mid, lineAt)} />
            {line.cells.map((_, i) =>
              Number.isFinite(lineAt(i)) && (n <= 24 || i === a) ? (
                <circle
                  key={filterText(xs.cells[i])}
                  class="combo-dot"
                  data-flash={fresh.cell(line.name, i)}
                  cx={mid(i)}
                  cy={lineAt(i)}
                  r={i === a ? 4 : 2.5}
                />
              ) : null,
            )}
          </g>
          <Crossline at={instants} panel={item.panel} x={mid} top={PAD.top} height={h} />
          {a !== null && a < n && (
            <rect
              class="ring"
              x={mid(a) - thick / 2 - 2}
              width={thick + 4}
              y={PAD.top - 2}
              height={h + 3}
              rx={3}
            />
          )}
          <GridLabels ticks={ticks} y={y} left={0} look={barsLook} />
          {lineTicks.map((v, i) => (
            <text key={v} class="tick halo slot-2 combo-tick" x={width} y={yLine(v) - 3} text-anchor="end">
              {lineTexts[i]}
            </text>
          ))}
          {temporal
            ? labels.map((tick) => (
                <text key={tick.x} class="tick" x={tick.x} y={height - 6}>
                  {tick.label}
                </text>
              ))
            : xs.cells.map((c, i) =>
                i % every ? null : (
                  <text key={filterText(c)} class="tick" x={mid(i)} y={height - 6} text-anchor="middle">
                    {clip(nameOf(c, xs.spec), band * every - 6)}
                  </text>
                ),
              )}
        </svg>
      </Stage>
    </>
  );
}
