/** Small charts of how numbers are spread: histograms, boxes and clouds of one scale. */
import { useMemo } from 'preact/hooks';
import { exact, percent, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import type { Frame } from '../wire';
import { apart, niceDomain, sideTicks, useSteady, valueTicks } from './axis';
import { bounds } from './bounds';
import { gridOf, parted } from './facets';
import { Gridlines } from './Gridlines';
import { rampStep } from './grid';
import { tickTexts } from './labels';
import type { MarkProps } from './mark';
import { clip, widest } from './measure';
import { cloud } from './points';
import { col, filterText, look, nameOf, num } from './read';
import { FOOT, HEAD, innerOf, type Small, SmallCharts } from './SmallCharts';
import { linear, log, powers } from './scale';
import { hideTip, tip } from './tip';
import { useWhole } from './useWhole';

/** A pointer this near to a dot means the dot. */
const REACH = 12;

/** What the three have in common: the charts, those that are not shown yet, and what has changed. */
function useSmall(props: MarkProps) {
  const open = props.view?.more === 'all' && props.fetchWhole !== undefined;
  const got = useWhole(props, open);
  const frame: Frame = got?.frame ?? props.frame;
  const fresh = useChanges(got ? null : props.changes);
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const { item } = props;
  const minis = useMemo(() => parted(frame, item), [frame, item]);
  return { open, whole: got !== null, frame, fresh, ref, width, height, minis };
}

/** The labels of a number along the foot of the lowest charts. */
function Foot({
  ticks,
  texts,
  x,
  width,
  y,
}: {
  ticks: number[];
  texts: string[];
  x: (v: number) => number;
  width: number;
  y: number;
}) {
  return (
    <>
      {apart(
        ticks.map((v, i) => ({ x: x(v), label: texts[i] ?? '' })),
        width,
      ).map((l) => (
        <text key={l.x} class="tick" x={l.x} y={y}>
          {l.label}
        </text>
      ))}
    </>
  );
}

/** The labels of a number beside the first chart of a row. */
function Side({ ticks, texts, y }: { ticks: number[]; texts: string[]; y: (v: number) => number }) {
  return (
    <>
      {ticks.map((v, i) =>
        // The lowest needs no label where it is zero, and one under the chart's name could not be read.
        (v === 0 && i === 0) || y(v) - 3 < HEAD + 7 ? null : (
          <text key={v} class="tick halo" x={0} y={y(v) - 3}>
            {texts[i]}
          </text>
        ),
      )}
    </>
  );
}

function Histograms(props: MarkProps) {
  const { item, selection } = props;
  const { minis, frame, ref, width, height, ...rest } = useSmall(props);
  const starts = col(frame, 'start', 0);
  const ends = col(frame, 'end', 1);
  const counts = col(frame, 'count', 3);
  const first = Math.min(...starts.cells.map(num));
  const last = Math.max(...ends.cells.map(num));
  const plan = gridOf(minis.length, width, height);
  const inner = innerOf(plan);
  const [low, high] = useSteady(
    niceDomain(0, Math.max(1, ...counts.cells.map((c) => num(c) || 0)), Math.min(inner, 90), true),
    `${height} ${item.panel} ${JSON.stringify(selection)}`,
  );
  const x = linear([first, last], [0, plan.width]);
  const y = linear([low, high], [HEAD + inner, HEAD]);
  const ticks = valueTicks(low, high, Math.min(inner, 80), { type: 'int' }).filter(
    (_, i, all) => all.length < 4 || i % 2 === 0,
  );
  const how = { type: starts.spec.type, unit: starts.spec.unit, role: starts.spec.role };
  const along = sideTicks(first, last, plan.width, 48);
  const texts = tickTexts(ticks, { type: 'int' });
  const feet = tickTexts(along, how);
  const sum = (mini: Small) => mini.rows.reduce((s, r) => s + (num(counts.cells[r]) || 0), 0);
  return (
    <SmallCharts
      {...rest}
      props={props}
      frame={frame}
      minis={minis}
      grid={{ ref, width, height, plan, gutter: 0 }}
      figure={(mini) => exact(sum(mini))}
      onPoint={(mini, at, corner, touch) => {
        const row = mini.rows.find((r) => at.x < x(num(ends.cells[r]))) ?? mini.rows.at(-1);
        if (row === undefined) return;
        const n = num(counts.cells[row]) || 0;
        tip.value = {
          x: corner.x + x(num(ends.cells[row])),
          y: corner.y + y(n),
          title: `${mini.name}, ${valueText(num(starts.cells[row]), { ...how, unit: undefined })} – ${valueText(num(ends.cells[row]), how)}`,
          rows: [
            { label: t('value'), value: exact(n), slot: 1 },
            { label: t('share'), value: percent(n / (sum(mini) || 1)) },
          ],
          touch,
        };
      }}
      draw={(mini, place) => (
        <g class="slot-1">
          <Gridlines ticks={ticks} y={y} left={0} right={plan.width} />
          {mini.rows.map((r) => {
            const n = num(counts.cells[r]) || 0;
            const from = x(num(starts.cells[r]));
            return n === 0 ? null : (
              <rect
                key={from}
                class="mark"
                x={from + 0.5}
                width={Math.max(1, x(num(ends.cells[r])) - from - 1)}
                y={y(n)}
                height={Math.max(1, y(0) - y(n))}
              />
            );
          })}
          {place.first && <Side ticks={ticks} texts={texts} y={y} />}
          {place.lowest && <Foot ticks={along} texts={feet} x={x} width={plan.width} y={HEAD + inner + 13} />}
        </g>
      )}
    />
  );
}

function Boxes(props: MarkProps) {
  const { item, selection } = props;
  const { minis, frame, ref, width, height, ...rest } = useSmall(props);
  const names = col(frame, item.encoding.y, 0);
  const at = (name: string) => col(frame, name).cells.map(num);
  const [n, low, q1, median, q3, high] = [at('n'), at('low'), at('q1'), at('median'), at('q3'), at('high')];
  const how = look(item, col(frame, 'median').spec);
  // In every chart the same categories in the same order, so that a box is found at one height.
  const categories = [...new Map(names.cells.map((c) => [filterText(c), nameOf(c, names.spec)]))];
  const gutter = Math.min(
    Math.ceil(widest(categories.map(([, name]) => name)) + 10),
    Math.round(width * 0.34),
  );
  const plan = gridOf(minis.length, width - gutter, height, 96, HEAD + FOOT + 11 * categories.length);
  const inner = innerOf(plan);
  const ends = [...low, ...high].filter(Number.isFinite);
  const domain = useSteady(
    niceDomain(Math.min(...ends), Math.max(...ends), (plan.width / 60) * 40, item.zero),
    `${width} ${item.panel} ${JSON.stringify(selection)}`,
  );
  const x = linear(domain, [0, plan.width - 2]);
  const band = inner / Math.max(1, categories.length);
  const thick = Math.min(12, band * 0.6);
  const ticks = sideTicks(domain[0], domain[1], plan.width, 48);
  const feet = tickTexts(ticks, how, true);
  const rowOf = (mini: Small, key: string | undefined) =>
    mini.rows.find((r) => filterText(names.cells[r]) === key);
  return (
    <SmallCharts
      {...rest}
      props={props}
      frame={frame}
      minis={minis}
      grid={{ ref, width, height, plan, gutter }}
      onPoint={(mini, point, corner, touch) => {
        const [key, name] = categories[Math.floor(point.y / band)] ?? [];
        const r = rowOf(mini, key);
        if (r === undefined) return hideTip();
        const figure = (of: number[]) => valueText(of[r] ?? 0, how);
        tip.value = {
          x: corner.x + x(q3[r] ?? 0),
          y: corner.y + HEAD + (Math.floor(point.y / band) + 0.5) * band,
          title: `${mini.name}, ${name}`,
          rows: [
            { label: t('high'), value: figure(high) },
            { label: t('q3'), value: figure(q3) },
            { label: t('medianName'), value: figure(median), strong: true },
            { label: t('q1'), value: figure(q1) },
            { label: t('low'), value: figure(low) },
          ],
          note: t('withValue', { n: n[r] ?? 0 }),
          touch,
        };
      }}
      draw={(mini, place) => (
        <>
          {ticks.map((v) => (
            <line
              key={v}
              class={v === 0 ? 'axis' : 'gridline'}
              x1={x(v)}
              x2={x(v)}
              y1={HEAD}
              y2={HEAD + inner}
            />
          ))}
          {categories.map(([key, name], i) => {
            const r = rowOf(mini, key);
            const cy = HEAD + (i + 0.5) * band;
            return (
              <g key={key} class="box">
                {place.first && (
                  <text class="tick tick-ink" x={-gutter} y={cy + 4}>
                    {clip(name, gutter - 8)}
                  </text>
                )}
                {r !== undefined && (
                  <>
                    <line class="whisker" x1={x(low[r] ?? 0)} x2={x(high[r] ?? 0)} y1={cy} y2={cy} />
                    <rect
                      x={x(q1[r] ?? 0)}
                      width={Math.max(2, x(q3[r] ?? 0) - x(q1[r] ?? 0))}
                      y={cy - thick / 2}
                      height={thick}
                      rx={2}
                    />
                    <line
                      class="median"
                      x1={x(median[r] ?? 0)}
                      x2={x(median[r] ?? 0)}
                      y1={cy - thick / 2}
                      y2={cy + thick / 2}
                    />
                  </>
                )}
              </g>
            );
          })}
          {place.lowest && <Foot ticks={ticks} texts={feet} x={x} width={plan.width} y={HEAD + inner + 13} />}
        </>
      )}
    />
  );
}

function Clouds(props: MarkProps) {
  const { item, selection } = props;
  const { minis, frame, ref, width, height, ...rest } = useSmall(props);
  const c = useMemo(() => cloud(frame, item), [frame, item]);
  const plan = gridOf(minis.length, width, height, 120, 96);
  const inner = innerOf(plan);
  const key = `${width} ${height} ${item.panel} ${JSON.stringify(selection)}`;
  const yDomain = useSteady(bounds(c.y, c.logY, Math.min(inner, 90), c.stepY), `${key} ${c.logY}`);
  const xDomain = useSteady(bounds(c.x, c.logX, (plan.width / 60) * 40, c.stepX), `${key} ${c.logX}`);
  const y = (c.logY ? log : linear)(yDomain, [HEAD + inner, HEAD]);
  const x = (c.logX ? log : linear)(xDomain, [0, plan.width]);
  const ticks = c.logY
    ? powers(yDomain)
    : valueTicks(yDomain[0], yDomain[1], Math.min(inner, 80)).filter(
        (_, i, all) => all.length < 4 || i % 2 === 0,
      );
  const along = c.logX ? powers(xDomain) : sideTicks(xDomain[0], xDomain[1], plan.width, 48);
  const texts = tickTexts(ticks, c.lookY);
  const feet = tickTexts(along, c.lookX);
  const most = Math.log1p(Math.max(1, ...(c.counts ?? [])));
  /** The points of each chart, by their place in the cloud. */
  const points = useMemo(() => {
    const of = new Map(minis.flatMap((m) => m.rows.map((r) => [r, m.value] as const)));
    const found = new Map<string, number[]>(minis.map((m) => [m.value, []]));
    for (const [i, r] of c.rows.entries()) found.get(of.get(r) ?? '')?.push(i);
    return found;
  }, [c, minis]);
  const slots = useMemo(() => {
    const all = new Array<number>(c.x.length).fill(1);
    for (const g of c.order) for (const i of g.points) all[i] = g.slot;
    return all;
  }, [c]);
  const dot = c.x.length > 600 ? 1.6 : 2.4;
  const group = (i: number) => c.order.find((g) => g.set.has(i));
  const span = (v: number, step: number, how: typeof c.lookX) =>
    step ? `${valueText(v, { ...how, unit: undefined })} – ${valueText(v + step, how)}` : valueText(v, how);
  return (
    <SmallCharts
      {...rest}
      props={props}
      frame={frame}
      minis={minis}
      grid={{ ref, width, height, plan, gutter: 0 }}
      figure={(mini) =>
        exact((points.get(mini.value) ?? []).reduce((s, i) => s + (c.counts ? (c.counts[i] ?? 0) : 1), 0))
      }
      onPoint={(mini, at, corner, touch) => {
        let best = -1;
        let least = REACH ** 2;
        for (const i of points.get(mini.value) ?? []) {
          const dx = x((c.x[i] ?? 0) + c.stepX / 2) - at.x;
          const dy = y((c.y[i] ?? 0) + c.stepY / 2) - HEAD - at.y;
          if (dx * dx + dy * dy < least) {
            least = dx * dx + dy * dy;
            best = i;
          }
        }
        if (best < 0) return hideTip();
        const name = group(best)?.name;
        tip.value = {
          x: corner.x + x(c.x[best] ?? 0) + 4,
          y: corner.y + y(c.y[best] ?? 0),
          title: name ? `${mini.name}, ${name}` : mini.name,
          rows: [
            { label: c.specY.label || c.specY.name, value: span(c.y[best] ?? 0, c.stepY, c.lookY) },
            { label: c.specX.label || c.specX.name, value: span(c.x[best] ?? 0, c.stepX, c.lookX) },
            ...(c.counts ? [{ label: t('value'), value: exact(c.counts[best] ?? 0), strong: true }] : []),
          ],
          touch,
        };
      }}
      draw={(mini, place) => (
        <>
          <Gridlines ticks={ticks} y={y} left={0} right={plan.width} />
          {(points.get(mini.value) ?? []).map((i) =>
            c.counts ? (
              <rect
                key={i}
                class={`seq-${Math.max(1, rampStep(Math.log1p(c.counts[i] ?? 0), [0, most]))}`}
                x={x(c.x[i] ?? 0)}
                width={Math.max(1, x((c.x[i] ?? 0) + c.stepX) - x(c.x[i] ?? 0) - 0.5)}
                y={y((c.y[i] ?? 0) + c.stepY)}
                height={Math.max(1, y(c.y[i] ?? 0) - y((c.y[i] ?? 0) + c.stepY) - 0.5)}
              />
            ) : (
              <circle
                key={i}
                class={`facet-dot facet-point slot-${slots[i]}`}
                cx={x(c.x[i] ?? 0)}
                cy={y(c.y[i] ?? 0)}
                r={dot}
              />
            ),
          )}
          {place.first && <Side ticks={ticks} texts={texts} y={y} />}
          {place.lowest && <Foot ticks={along} texts={feet} x={x} width={plan.width} y={HEAD + inner + 13} />}
        </>
      )}
    />
  );
}

/** Small charts of one scale, of the mark that the panel has. */
export function Spreads(props: MarkProps) {
  if (props.item.mark === 'histogram') return <Histograms {...props} />;
  if (props.item.mark === 'box') return <Boxes {...props} />;
  return <Clouds {...props} />;
}
