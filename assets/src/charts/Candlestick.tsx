import { change, valueText } from '../lib/format';
import { bucketLabel, type Grain, inferGrain, isGrain, nextBucket, parseTime, wireTime } from '../lib/time';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import { apart, niceDomain, timeTicks, useSteady, valueTicks } from './axis';
import { Crossline } from './Crossline';
import { GridLabels, Gridlines } from './Gridlines';
import { tickTexts } from './labels';
import type { MarkProps } from './mark';
import { widest } from './measure';
import { col, look, num, zoneOf } from './read';
import { type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip, tip } from './tip';
import { useRoving } from './useRoving';

const PAD = { top: 16, bottom: 22 };

/**
 * Open, high, low and close per bucket. Rising bodies are hollow and falling ones filled, so that the direction does not
 * rest on a colour.
 */
export function Candlestick(props: MarkProps) {
  const { item, frame, selection, time, changes, onZoom } = props;
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const fresh = useChanges(changes);
  const xs = col(frame, item.encoding.x, 0);
  const zone = zoneOf(xs.spec, item, time);
  const open = col(frame, 'open', 1);
  const high = col(frame, 'high', 2);
  const low = col(frame, 'low', 3);
  const close = col(frame, 'close', 4);
  const how = look(item, close.spec);
  const ms = xs.cells.map(parseTime);
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(ms);
  const rows = xs.cells.map((_, i) => ({
    open: num(open.cells[i]),
    high: num(high.cells[i]),
    low: num(low.cells[i]),
    close: num(close.cells[i]),
  }));
  const n = rows.length;
  const h = Math.max(1, height - PAD.top - PAD.bottom);
  const finite = rows.flatMap((r) => [r.low, r.high]).filter(Number.isFinite);
  const domain = useSteady(
    niceDomain(Math.min(...finite), Math.max(...finite), h, false),
    `${height} ${item.panel} ${JSON.stringify(selection)}`,
  );
  const ticks = valueTicks(domain[0], domain[1], h, how);
  const gutter = Math.ceil(widest(tickTexts(ticks, how)) + 10);
  const band = Math.max(0, width - gutter) / Math.max(1, n);
  const body = Math.max(1, Math.min(14, band * 0.62));
  const x = (i: number) => gutter + (i + 0.5) * band;
  const y = (v: number) => PAD.top + h - ((v - domain[0]) / (domain[1] - domain[0])) * h;

  const show = (i: number, box: DOMRect, touch: boolean) => {
    const r = rows[i];
    if (!r) return;
    const before = rows[i - 1]?.close;
    tip.value = {
      x: box.left + x(i) + band / 2,
      y: box.top + y((r.open + r.close) / 2),
      title: bucketLabel(ms[i] ?? 0, grain, zone),
      rows: [
        { label: t('open'), value: valueText(r.open, how) },
        { label: t('highName'), value: valueText(r.high, how) },
        { label: t('lowName'), value: valueText(r.low, how) },
        { label: t('close'), value: valueText(r.close, how), strong: true },
      ],
      ...(before ? { note: change((r.close - before) / Math.abs(before)) } : {}),
      moment: { at: ms[i] ?? 0, panel: item.panel },
      touch,
    };
  };
  const keys = useRoving({
    count: n,
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
  const pick = (i: number) => {
    const from = ms[i];
    if (item.time && time && from !== undefined)
      onZoom({ from: wireTime(from, time), to: wireTime(ms[i + 1] ?? nextBucket(from, grain, zone), time) });
  };
  const a = keys.active;
  const on = a === null ? undefined : rows[a];

  return (
    <Stage
      label={`${t('candlestick')}. ${item.title}. ${summary(item, frame, time)}. ${t('walk')}.`}
      version={frame}
      inner={ref}
      onSpot={spot}
      onPick={pick}
      onKeyDown={keys.keyDown}
      onBlur={keys.blur}
      onReset={item.time ? () => onZoom(null) : undefined}
      said={
        on && a !== null
          ? `${bucketLabel(ms[a] ?? 0, grain, zone)}: ${t('close')} ${valueText(on.close, how)}`
          : null
      }
    >
      <svg width={width} height={height} aria-hidden="true">
        <Gridlines ticks={ticks} y={y} left={0} right={width} />
        {width > 0 &&
          rows.map((r, i) => {
            const up = r.close >= r.open;
            return (
              <g key={String(xs.cells[i])} class={up ? 'candle candle-up' : 'candle'}>
                <line x1={x(i)} x2={x(i)} y1={y(r.high)} y2={y(r.low)} />
                <rect
                  data-flash={fresh.any(i)}
                  x={x(i) - body / 2}
                  width={body}
                  y={y(Math.max(r.open, r.close))}
                  height={Math.max(1, Math.abs(y(r.open) - y(r.close)))}
                  rx={body > 6 ? 1 : 0}
                />
              </g>
            );
          })}
        <Crossline at={ms} panel={item.panel} x={x} top={PAD.top} height={h} />
        {a !== null && (
          <rect class="ring" x={x(a) - band / 2} width={band} y={PAD.top - 2} height={h + 3} rx={3} />
        )}
        <GridLabels ticks={ticks} y={y} left={0} look={how} />
        {apart(
          timeTicks(ms[0] ?? 0, ms.at(-1) ?? 0, width - gutter, zone).map(({ at, label }) => {
            const i = ms.findIndex((v) => v >= at);
            return { x: x(i < 0 ? n - 1 : i) - band / 2, label };
          }),
          width,
        ).map((tick) => (
          <text key={tick.x} class="tick" x={tick.x} y={height - 6}>
            {tick.label}
          </text>
        ))}
      </svg>
    </Stage>
  );
}
