import { useMemo } from 'preact/hooks';
import { valueText } from '../lib/format';
import { bucketLabel, DAY, monthName, parseTime, weekdayName, wireTime, zoneOffset } from '../lib/time';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import { useSteady } from './axis';
import { rampDomain, rampStep } from './grid';
import type { MarkProps } from './mark';
import { widest } from './measure';
import { capital, col, look, nounOf, num, zoneOf } from './read';
import { type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip, tip } from './tip';
import { useRoving } from './useRoving';
import { type Day, weeks } from './weeks';

const TOP = 18;

/** One square per day, weeks from left to right: rhythm of the week and holes in the data show at a glance. */
export function Calendar(props: MarkProps) {
  const { item, frame, selection, time, changes, onZoom } = props;
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const fresh = useChanges(changes);
  const xs = col(frame, item.encoding.x, 0);
  const ys = col(frame, item.encoding.y ?? item.encoding.color, 1);
  const zone = zoneOf(xs.spec, item, time);
  const how = look(item, ys.spec);
  const noun = nounOf(item, ys.spec);
  const start = time?.week ?? 1;
  /** The name of a row of the calendar. */
  const dayName = (row: number) => weekdayName((row + start + 6) % 7);
  const days = useMemo(() => {
    const list = xs.cells.flatMap((cell, row) => {
      const ms = parseTime(cell);
      const value = num(ys.cells[row]);
      const civil = ms + zoneOffset(ms, zone);
      return Number.isFinite(ms) && Number.isFinite(value)
        ? [{ at: Math.floor(civil / DAY) * DAY, value, row }]
        : [];
    });
    return weeks(list, start).sort((a, b) => a.at - b.at);
  }, [frame, zone, start]);
  const count = (days.at(-1)?.week ?? 0) + 1;
  const left = Math.ceil(widest([dayName(0), dayName(2), dayName(4)]) + 8);
  const cell = Math.max(2, Math.min((height - TOP) / 7, 22));
  // Where the weeks do not fit, the newest stay.
  const fits = Math.max(1, Math.floor((width - left) / Math.max(cell * 0.62, 9)));
  const skip = Math.max(0, count - fits);
  const wide = Math.min(cell * 1.6, (width - left) / Math.max(1, count - skip));
  const shown = days.filter((d) => d.week >= skip);
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const d of shown) {
    min = Math.min(min, d.value);
    max = Math.max(max, d.value);
  }
  const domain = useSteady(rampDomain(min, max, item.zero), `${item.panel} ${JSON.stringify(selection)}`);
  const x = (d: Day) => left + (d.week - skip) * wide;
  const y = (d: Day) => TOP + d.weekday * cell;
  const at = useMemo(() => new Map(shown.map((d, i) => [d.week * 7 + d.weekday, i])), [shown]);

  const name = (d: Day) => bucketLabel(d.at, 'day', 'UTC');
  const show = (i: number, box: DOMRect, touch: boolean) => {
    const d = shown[i];
    if (!d) return;
    tip.value = {
      x: box.left + x(d) + wide,
      y: box.top + y(d) + cell / 2,
      title: name(d),
      rows: [{ label: capital(noun), value: valueText(d.value, how) }],
      moment: { at: d.at, panel: item.panel },
      touch,
    };
  };
  const pick = (i: number) => {
    const d = shown[i];
    if (!d || !item.time || !time) return;
    onZoom({ from: wireTime(d.at, { type: 'date' }), to: wireTime(d.at + DAY, { type: 'date' }) });
  };
  const keys = useRoving({
    count: shown.length,
    onEnter: pick,
    onMove: (i) => {
      const box = ref.current?.getBoundingClientRect();
      if (i === null || !box) hideTip();
      else show(i, box, false);
    },
  });
  const spot = ({ x: px, y: py, box, touch }: Spot) => {
    const week = Math.floor((px - left) / wide) + skip;
    const weekday = Math.floor((py - TOP) / cell);
    const i = weekday < 0 || weekday > 6 ? undefined : at.get(week * 7 + weekday);
    if (i === undefined) return null;
    show(i, box, touch);
    return i;
  };
  const a = keys.active;
  const on = a === null ? undefined : shown[a];
  // A month is named over the first week that begins in it, if the name before it has ended.
  const months: { week: number; text: string }[] = [];
  for (let week = skip; week < count; week++) {
    const monday = (days[0]?.at ?? 0) - (days[0]?.weekday ?? 0) * DAY + week * 7 * DAY;
    const d = new Date(monday);
    if (d.getUTCDate() > 7 && week > skip) continue;
    const text = d.getUTCMonth() === 0 ? String(d.getUTCFullYear()) : monthName(d.getUTCMonth());
    const before = months.at(-1);
    if (!before || (week - before.week) * wide > widest([before.text]) + 6) months.push({ week, text });
  }

  return (
    <Stage
      label={`${t('calendar')}. ${item.title}. ${summary(item, frame, time)}. ${t('walk')}.`}
      class={item.time ? 'pickable' : ''}
      version={frame}
      inner={ref}
      onSpot={spot}
      onPick={pick}
      onKeyDown={keys.keyDown}
      onBlur={keys.blur}
      onReset={item.time ? () => onZoom(null) : undefined}
      said={on ? `${name(on)}: ${valueText(on.value, how)}` : null}
    >
      <svg width={width} height={height} aria-hidden="true">
        {[0, 2, 4].map((day) => (
          <text key={day} class="tick" x={0} y={TOP + (day + 0.5) * cell + 4}>
            {dayName(day)}
          </text>
        ))}
        {months.map(({ week, text }) => (
          <text key={week} class="tick" x={left + (week - skip) * wide} y={11}>
            {text}
          </text>
        ))}
        {width > 0 &&
          shown.map((d, i) => (
            <g key={d.at}>
              <rect
                class={`heat seq-${rampStep(d.value, domain)}`}
                data-flash={fresh.any(d.row)}
                x={x(d) + 0.75}
                y={y(d) + 0.75}
                width={Math.max(1, wide - 1.5)}
                height={Math.max(1, cell - 1.5)}
                rx={Math.min(3, cell / 5)}
              />
              {a === i && (
                <rect class="ring" x={x(d) - 0.5} y={y(d) - 0.5} width={wide + 1} height={cell + 1} rx={3} />
              )}
            </g>
          ))}
      </svg>
    </Stage>
  );
}
