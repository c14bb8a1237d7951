import { useMemo } from 'preact/hooks';
import { type Look, percent, valueText } from '../lib/format';
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
import type { Item } from '../wire';
import { BodyKeys } from './Aside';
import { type Rule, reach, rules, targetName } from './aims';
import { apart, type Domain, niceDomain, thin, timeTicks, useSteady, valueTicks } from './axis';
import { Crossline } from './Crossline';
import { GridLabels, Gridlines } from './Gridlines';
import { tickTexts } from './labels';
import type { MarkProps } from './mark';
import { clip, widest } from './measure';
import { type Group, type Layer, pivot, stack } from './pivot';
import {
  additive,
  capital,
  chosen,
  col,
  factsOf,
  filterText,
  isTime,
  look,
  nameOf,
  nounOf,
  spell,
  zoneOf,
} from './read';
import { modeOf, type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip, tip } from './tip';
import { useRoving } from './useRoving';

const PAD = { top: 16, bottom: 22 };

interface Place {
  text: string;
  label: string;
  long: string;
}

/** Side by side where values do not add up, one upon the other where they do. */
function layers(groups: Group[], item: Item): Layer[] {
  if (groups.length > 1 && (additive(item) || item.stack)) return stack(groups, item.stack ?? 'zero');
  return groups.map((g) => ({ lower: g.values.map(() => 0), upper: g.values }));
}

function extent(drawn: Layer[]): Domain {
  let low = 0;
  let high = 0;
  for (const layer of drawn)
    for (const v of layer.upper) {
      if (v === null) continue;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
  return [low, high];
}

/** Vertical bars in the natural order of x. */
export function Columns(props: MarkProps) {
  const { item, frame, selection, time, changes, onFilter, onZoom } = props;
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const fresh = useChanges(changes);
  const xs = col(frame, item.encoding.x, 0);
  const ys = col(frame, item.encoding.y, frame.columns.length - 1);
  const temporal = isTime(xs.spec.type);
  const zone = zoneOf(xs.spec, item, time);
  const { x, groups } = useMemo(() => pivot(frame, item), [frame, item]);
  const drawn = useMemo(() => layers(groups, item), [groups, item]);
  const beside = drawn.length > 1 && !(additive(item) || item.stack);
  const share = item.stack === 'normalize';
  const how: Look = share ? { format: 'percent' } : look(item, ys.spec);
  const noun = nounOf(item, ys.spec);
  const instants = temporal ? x.map(parseTime) : [];
  const grain: Grain = item.time && time && isGrain(time.grain) ? time.grain : inferGrain(instants);
  const places: Place[] = x.map((cell, i) => ({
    text: filterText(cell),
    label: temporal ? '' : nameOf(cell, xs.spec),
    long: temporal ? bucketLabel(instants[i] ?? 0, grain, zone) : nameOf(cell, xs.spec),
  }));
  const n = x.length;
  const h = Math.max(1, height - PAD.top - PAD.bottom);
  const aims = share ? [] : rules(item, frame);
  const [dataLow, dataHigh] = extent(drawn);
  const [aimLow, aimHigh] = reach(aims);
  const low = Math.min(dataLow, aimLow);
  const high = Math.max(dataHigh, aimHigh);
  const aimAt = (rule: Rule, i: number) =>
    rule.values ? (rule.values[groups[0]?.rows[i] ?? -1] ?? null) : rule.value;
  const domain = useSteady(
    share ? [0, 1] : niceDomain(low, high, h, true),
    `${height} ${item.panel} ${item.stack} ${JSON.stringify(selection)}`,
  );
  const ticks = valueTicks(domain[0], domain[1], h, how);
  const y = (v: number) => PAD.top + h - ((v - domain[0]) / (domain[1] - domain[0])) * h;
  // Value labels stand left of the bars: over them they would be hard to read.
  const gutter = Math.ceil(Math.min(64, widest(tickTexts(ticks, how)) + 10));
  const band = Math.max(0, width - gutter) / Math.max(1, n);
  const gap = band > 8 ? Math.max(2, Math.min(band * 0.28, 24)) : band > 3 ? 1 : 0;
  const thick = Math.min(72, Math.max(1, band - gap));
  const left = (i: number) => gutter + i * band + (band - thick) / 2;
  const partial = factsOf(frame).partial_from;
  const open = partial ? instants.findIndex((ms) => ms >= parseTime(partial)) : -1;
  const isPartial = (i: number) => open >= 0 && i >= open;
  const picked = chosen(selection, item.filter);
  const dim = (i: number) => picked.any && !picked.values.has(places[i]?.text ?? '');

  const rowsOf = (i: number) =>
    groups
      .map((g) => ({ g, v: g.values[i] }))
      .filter((r): r is { g: Group; v: number } => r.v != null)
      .map(({ g, v }) => ({
        label: g.name || labelOne,
        value: valueText(v, look(item, ys.spec)),
        slot: g.slot,
        v,
      }));
  const labelOne = capital(noun);
  const show = (i: number, box: DOMRect, touch: boolean) => {
    const place = places[i];
    if (!place) return;
    const rows = rowsOf(i);
    const total = rows.reduce((s, r) => s + r.v, 0);
    const top = Math.max(0, ...drawn.map((d) => d.upper[i] ?? 0));
    tip.value = {
      x: box.left + left(i) + thick,
      y: box.top + y(top),
      title: place.long,
      rows: [
        ...[...rows].reverse().map(({ label, value, slot, v }) => ({
          label,
          value: share ? `${value} (${percent(v / (total || 1))})` : value,
          ...(groups.length > 1 ? { slot } : {}),
        })),
        ...(groups.length > 1 && additive(item)
          ? [{ label: t('total'), value: valueText(total, look(item, ys.spec)), strong: true }]
          : []),
        ...aims
          .filter((r) => r.kind === 'target')
          .map((r) => aimAt(r, i))
          .filter((v) => v !== null)
          .map((v) => ({ label: capital(targetName(item)), value: valueText(v, how), slot: 0 })),
      ],
      ...(isPartial(i) ? { note: partialNote(grain) } : {}),
      ...(temporal ? { moment: { at: instants[i] ?? 0, panel: item.panel } } : {}),
      touch,
    };
  };
  const pick = (i: number, e: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
    const place = places[i];
    const from = instants[i];
    if (!place) return;
    if (item.time && temporal && from !== undefined && time)
      onZoom({
        from: wireTime(from, time),
        to: wireTime(instants[i + 1] ?? nextBucket(from, grain, zone), time),
      });
    else if (item.filter) onFilter(item.filter, spell(place.text), modeOf(e));
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
  const every = thin(n, width - gutter, Math.min(96, widest(places.map((p) => p.label)) + 10));
  const timeLabels = apart(
    temporal
      ? timeTicks(instants[0] ?? 0, instants.at(-1) ?? 0, width - gutter, zone).map(({ at, label }) => {
          const i = instants.findIndex((ms) => ms >= at);
          return { x: left(i < 0 ? n - 1 : i), label };
        })
      : [],
    width,
  );

  return (
    <>
      <BodyKeys keys={groups} />
      <Stage
        label={`${t('barChart')}. ${item.title}. ${summary(item, frame, time)}. ${t(item.filter ? 'walkEnter' : 'walk')}.`}
        version={frame}
        inner={ref}
        onSpot={spot}
        onPick={pick}
        onKeyDown={keys.keyDown}
        onBlur={keys.blur}
        onReset={item.time && temporal ? () => onZoom(null) : undefined}
        said={
          a !== null && places[a]
            ? `${places[a].long}: ${rowsOf(a)
                .map((r) => `${r.label} ${r.value}`)
                .join(', ')}`
            : null
        }
      >
        <svg width={width} height={height} aria-hidden="true">
          <Gridlines ticks={ticks} y={y} left={0} right={width} />
          {width > 0 &&
            drawn.map((layer, k) => {
              const g = groups[k];
              if (!g) return null;
              const w = beside ? thick / drawn.length : thick;
              return (
                <g key={g.value ?? g.name} class={`slot-${groups.length > 1 ? g.slot : 1}`}>
                  {layer.upper.map((v, i) => {
                    if (v === null) return null;
                    const top = Math.min(y(v), y(layer.lower[i] ?? 0));
                    const tall = Math.abs(y(v) - y(layer.lower[i] ?? 0));
                    const row = g.rows[i] ?? -1;
                    return (
                      <rect
                        key={places[i]?.text}
                        class={dim(i) ? 'mark mark-off' : isPartial(i) ? 'mark mark-partial' : 'mark'}
                        data-flash={row >= 0 && fresh.any(row)}
                        x={left(i) + (beside ? k * w : 0)}
                        width={Math.max(0.5, w - (beside ? 1 : 0))}
                        y={top}
                        height={Math.max(v === 0 ? 0 : 1, tall - (k > 0 && !beside && tall > 2 ? 1 : 0))}
                        rx={thick > 6 ? 2 : 0}
                      />
                    );
                  })}
                </g>
              );
            })}
          {aims.map((rule) =>
            rule.values ? (
              <path
                key={rule.label}
                class={`rule rule-${rule.kind} rule-each`}
                d={x
                  .map((_, i) => {
                    const v = aimAt(rule, i);
                    return v === null ? '' : `M${left(i) - 2} ${y(v)}h${thick + 4}`;
                  })
                  .join('')}
              />
            ) : rule.value !== null && rule.value >= domain[0] && rule.value <= domain[1] ? (
              <g key={rule.label}>
                <path class={`rule rule-${rule.kind}`} d={`M${gutter} ${y(rule.value)}H${width}`} />
                <text
                  class={`tick halo rule-name rule-name-${rule.kind}`}
                  x={width - 4}
                  y={y(rule.value) - 3}
                  text-anchor="end"
                >
                  {rule.label}
                </text>
              </g>
            ) : null,
          )}
          <Crossline
            at={instants}
            panel={item.panel}
            x={(i) => left(i) + thick / 2}
            top={PAD.top}
            height={h}
          />
          {a !== null && (
            <rect class="ring" x={left(a) - 2} width={thick + 4} y={PAD.top - 2} height={h + 3} rx={3} />
          )}
          <GridLabels ticks={ticks} y={y} left={0} look={how} noun={share ? '' : noun} />
          {temporal
            ? timeLabels.map((tick) => (
                <text key={tick.x} class="tick" x={tick.x} y={height - 6}>
                  {tick.label}
                </text>
              ))
            : places.map((p, i) =>
                i % every ? null : (
                  <text
                    key={p.text}
                    class="tick"
                    x={gutter + (i + 0.5) * band}
                    y={height - 6}
                    text-anchor="middle"
                  >
                    {clip(p.label, band * every - 6)}
                  </text>
                ),
              )}
        </svg>
      </Stage>
    </>
  );
}
