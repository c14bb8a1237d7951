import { useMemo, useState } from 'preact/hooks';
import { type Look, shortText, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { apart, niceDomain, sideTicks, thin, timeTicks, useSteady, valueTicks } from './axis';
import { Crossline } from './Crossline';
import { facets, gridOf, type Mini, type Facets as Model } from './facets';
import { Gridlines } from './Gridlines';
import { tickTexts } from './labels';
import type { MarkProps } from './mark';
import { clip, widest } from './measure';
import { areaPath, linePath } from './path';
import { capital, look, nameOf, nounOf } from './read';
import { HEAD, innerOf, SmallCharts } from './SmallCharts';
import { tip } from './tip';
import { useWhole } from './useWhole';

/** Small charts of one scale, one for each value of a column: what one of them does is compared at a glance. */
export function Facets(props: MarkProps) {
  const { item, selection, time } = props;
  const open = props.view?.more === 'all' && props.fetchWhole !== undefined;
  const whole = useWhole(props, open);
  const frame = whole?.frame ?? props.frame;
  const fresh = useChanges(whole ? null : props.changes);
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const [at, setAt] = useState<number | null>(null);
  const model = useMemo(() => facets(frame, item, time), [frame, item, time]);
  const bars = item.mark === 'bar';
  const how: Look = item.stack === 'normalize' ? { format: 'percent' } : look(item, model.y.spec);
  const names = bars ? model.x.map((_, i) => model.label(i)) : [];
  // Where bars have room for it, their categories stand once, beside the first chart of a row.
  const gutter = bars ? Math.min(Math.ceil(widest(names) + 8), Math.round(width * 0.34)) : 0;
  const plan = gridOf(
    model.minis.length,
    width - gutter,
    height,
    bars ? 84 : 108,
    bars ? 40 + 12 * names.length : 78,
  );
  const inner = innerOf(plan);
  const key = `${height} ${item.panel} ${item.stack} ${JSON.stringify(selection)}`;
  const zero = item.zero || bars || item.mark !== 'line';
  const domain = useSteady(
    niceDomain(model.bounds[0], model.bounds[1], bars ? 80 : Math.min(inner, 90), zero),
    key,
  );
  const rowsAt = (mini: Mini, i: number) =>
    mini.groups
      .map((g) => ({ g, v: g.values[i] }))
      .filter((r) => r.v != null)
      .map(({ g, v }) => ({
        label: g.name || capital(nounOf(item, model.y.spec)),
        value: valueText(v ?? 0, look(item, model.y.spec)),
        ...(mini.groups.length > 1 ? { slot: g.slot } : {}),
      }));
  /** The place of the axis below a pixel of a chart; of points, those of this chart. */
  const nearest = (mini: Mini, px: number, py: number): number => {
    if (bars) return Math.min(names.length - 1, Math.max(0, Math.floor(py / band(names.length, inner))));
    const n = mini.groups[0]?.values.length ?? 0;
    let best = -1;
    for (let i = 0; i < n; i++)
      if (
        mini.groups.some((g) => g.values[i] != null) &&
        (best < 0 ||
          Math.abs(xOf(model, mini, item.points, i, plan.width) - px) <
            Math.abs(xOf(model, mini, item.points, best, plan.width) - px))
      )
        best = i;
    return best;
  };
  const labelAt = (mini: Mini, i: number) => model.label(item.points ? (mini.rows[i] ?? 0) : i);
  const last = (mini: Mini): string => {
    if (bars) return '';
    const newest = mini.groups.length === 1 ? mini.groups[0]?.values.findLast((v) => v != null) : undefined;
    return newest == null ? '' : shortText(newest, look(item, model.y.spec));
  };

  return (
    <SmallCharts
      props={props}
      grid={{ ref, width, height, plan, gutter }}
      minis={model.minis}
      frame={frame}
      open={open}
      whole={whole !== null}
      fresh={fresh}
      figure={last}
      onPoint={(mini, at, corner, touch) => {
        const k = nearest(mini, at.x, at.y);
        setAt(item.points ? null : k);
        if (k >= 0)
          tip.value = {
            x: corner.x + (bars ? at.x : xOf(model, mini, item.points, k, plan.width)),
            y: corner.y + plan.height / 2,
            title: `${mini.name}, ${labelAt(mini, k)}`,
            rows: rowsAt(mini, k),
            ...(model.kind === 'time' && !item.points
              ? { moment: { at: model.at[k] ?? 0, panel: item.panel } }
              : {}),
            touch,
          };
      }}
      onLeave={() => setAt(null)}
      draw={(mini, place) => (
        <Picture
          model={model}
          mini={mini}
          mark={item.mark}
          points={item.points === true}
          width={plan.width}
          height={inner}
          domain={domain}
          how={how}
          {...place}
          cursor={at}
          panel={item.panel}
          gutter={gutter}
        />
      )}
    />
  );
}

/** Where a place of the axis stands in a chart of this width. */
function xOf(model: Model, mini: Mini, points: boolean | undefined, i: number, width: number): number {
  const at = points ? (model.at[mini.rows[i] ?? 0] ?? 0) : (model.at[i] ?? 0);
  if (model.kind === 'category') return ((i + 0.5) / Math.max(1, model.x.length)) * width;
  const [from, to] = spanOf(model);
  return to > from ? ((at - from) / (to - from)) * width : width / 2;
}

/** The first and the last place; they ascend, in points as well. */
const spanOf = (model: Model): [number, number] => [model.at[0] ?? 0, model.at.at(-1) ?? 0];

const band = (n: number, height: number) => height / Math.max(1, n);

interface PictureProps {
  model: Model;
  mini: Mini;
  mark: string;
  points: boolean;
  width: number;
  height: number;
  domain: readonly [number, number];
  how: Look;
  /** Of its row: it has the labels of the value axis. */
  first: boolean;
  /** Of its column: it has the labels of the shared axis. */
  lowest: boolean;
  cursor: number | null;
  panel: string;
  gutter: number;
}

function Picture(props: PictureProps) {
  const { model, mini, mark, points, width, height, domain, how, first, lowest, cursor, gutter } = props;
  if (mark === 'bar') return <Bars {...props} />;
  const ticks = valueTicks(domain[0], domain[1], Math.min(height, 80), how).filter(
    (_, i, all) => all.length < 4 || i % 2 === 0,
  );
  const y = (v: number) => HEAD + height - ((v - domain[0]) / (domain[1] - domain[0] || 1)) * height;
  const x = (i: number) => xOf(model, mini, points, i, width);
  const texts = tickTexts(ticks, how);
  const n = mini.groups[0]?.values.length ?? 0;
  const base = y(Math.min(Math.max(0, domain[0]), domain[1]));
  const sides = model.beside ? mini.groups.length : 1;
  const thick = Math.max(1, ((width / Math.max(1, n)) * 0.76) / sides);
  /** Finished buckets of a line are solid, what still grows is dashed. */
  const done = model.partial > 0 ? model.partial : n;
  const foot = HEAD + height + 13;
  return (
    <>
      <Gridlines ticks={ticks} y={y} left={-gutter} right={width} />
      {mini.groups.map((g, k) => {
        const { lower, upper } = mini.layers[k] ?? { lower: [], upper: [] };
        // Points of several lines lie between one another: each goes through its own alone.
        const own = points ? upper.flatMap((v, i) => (v === null ? [] : [i])) : null;
        const count = own ? own.length : n;
        const place = (i: number) => (own ? (own[i] ?? 0) : i);
        const px = (i: number) => x(place(i));
        const py = (i: number) => {
          const v = upper[place(i)];
          return v == null ? Number.NaN : y(v);
        };
        return (
          <g key={g.name} class={`slot-${g.slot}`}>
            {mark === 'column' ? (
              upper.map((v, i) =>
                v == null || v === lower[i] ? null : (
                  <rect
                    key={x(i)}
                    class={sides > 1 ? 'mark' : 'mark mark-back'}
                    x={x(i) + (model.beside ? k - sides / 2 : -0.5) * thick}
                    width={thick}
                    y={Math.min(y(v), y(lower[i] ?? 0))}
                    height={Math.max(0.5, Math.abs(y(v) - y(lower[i] ?? 0)))}
                  />
                ),
              )
            ) : (
              <>
                {mark === 'area' && <path class="facet-area" d={areaPath(count, px, py, base)} />}
                <path class="facet-line" d={linePath(own ? count : done, px, py)} />
                {!own && done < n && (
                  <path
                    class="facet-line facet-open"
                    d={linePath(n, px, (i) => (i < done - 1 ? Number.NaN : py(i)))}
                  />
                )}
                {count === 1 && Number.isFinite(py(0)) && (
                  <circle class="facet-dot" cx={px(0)} cy={py(0)} r={2.5} />
                )}
              </>
            )}
            {cursor !== null && mark !== 'column' && upper[cursor] != null && (
              <circle class="facet-dot" cx={x(cursor)} cy={y(upper[cursor] ?? 0)} r={3} />
            )}
          </g>
        );
      })}
      {cursor !== null && cursor < n && (
        <line class="crosshair" x1={x(cursor)} x2={x(cursor)} y1={HEAD} y2={HEAD + height} />
      )}
      {model.kind === 'time' && !points && (
        <Crossline at={model.at} panel={props.panel} x={x} top={HEAD} height={height} />
      )}
      {first &&
        ticks.map((v, i) =>
          v === 0 && i === 0 ? null : (
            <text key={v} class="tick halo" x={0} y={y(v) - 3}>
              {texts[i]}
            </text>
          ),
        )}
      {lowest &&
        axisLabels(model, width).map((l) => (
          <text key={l.x} class="tick" x={l.x} y={foot} text-anchor={l.middle ? 'middle' : 'start'}>
            {l.label}
          </text>
        ))}
    </>
  );
}

/** The labels below a chart: as many as have room. */
function axisLabels(model: Model, width: number): { x: number; label: string; middle?: boolean }[] {
  const [from, to] = spanOf(model);
  const scale = (v: number) => (to > from ? ((v - from) / (to - from)) * width : 0);
  if (model.kind === 'time')
    return apart(
      timeTicks(from, to, width, model.zone).map(({ at, label }) => ({ x: scale(at), label })),
      width,
    );
  if (model.kind === 'number')
    return apart(
      sideTicks(from, to, width, 48).map((v) => ({ x: scale(v), label: nameOf(v) })),
      width,
    );
  const n = model.x.length;
  const names = model.x.map((_, i) => model.label(i));
  const every = thin(n, width, Math.min(72, widest(names) + 8));
  return names.flatMap((label, i) =>
    i % every
      ? []
      : [{ x: ((i + 0.5) / n) * width, label: clip(label, (width / n) * every - 4), middle: true }],
  );
}

/** Bars on their side, in every chart in the same order. */
function Bars({ model, mini, width, height, domain, first, gutter, how }: PictureProps) {
  const step = band(model.x.length, height);
  const thick = Math.max(2, Math.min(14, step * 0.72));
  const values = mini.groups[0]?.values ?? [];
  // Values stand behind the bars; the room for them is the same in every chart, as the scale is.
  const said = step >= 12;
  const all = said
    ? model.minis.flatMap((m) => m.groups[0]?.values ?? []).map((v) => shortText(v ?? 0, how))
    : [];
  const room = said ? Math.min(widest(all) + 6, width * 0.45) : 0;
  const x = (v: number) => ((v - domain[0]) / (domain[1] - domain[0] || 1)) * (width - room);
  return (
    <g class="slot-1">
      <line class="axis" x1={x(0)} x2={x(0)} y1={HEAD} y2={HEAD + height} />
      {model.x.map((_, i) => {
        const v = values[i];
        const middle = HEAD + (i + 0.5) * step;
        const label = model.label(i);
        const text = v == null ? '' : shortText(v, how);
        const end = v == null ? 0 : Math.max(x(v), x(0));
        return (
          <g key={label}>
            {first && (
              <text class="tick tick-ink" x={-gutter} y={middle + 4}>
                {clip(label, gutter - 8)}
              </text>
            )}
            {v != null && (
              <rect
                class="mark mark-back"
                x={Math.min(x(v), x(0))}
                width={Math.max(v === 0 ? 0 : 1, Math.abs(x(v) - x(0)))}
                y={middle - thick / 2}
                height={thick}
                rx={2}
              />
            )}
            {said && text && (
              <text class="tick" x={end + 4} y={middle + 4}>
                {clip(text, width - end - 4)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}
