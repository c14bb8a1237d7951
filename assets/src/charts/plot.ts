/** The only place that knows uPlot: lines and areas over a shared axis, with their labels and their cursor. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tickText } from '../lib/format';
import { series as seriesColor, token } from '../lib/theme';
import { type Domain, sideTicks, thin, timeTicks, valueTicks } from './axis';
import { spread, tickTexts, valueTexts } from './labels';
import type { Lines } from './lines';
import { FONT as FAMILY, textWidth } from './measure';

const FONT = `11px ${FAMILY}`;
const LABEL_GAP = 17;

export interface PlotState {
  model: Lines;
  domain: Domain;
  /** Group and place of values that have just changed. */
  fresh: readonly (readonly [number, number])[];
  /** Room for labels at the right end. */
  gutter: number;
}

export interface PlotEvents {
  /** The cursor is at a bucket, or has left; with the place of that bucket on the screen. */
  onCursor: (i: number | null, x: number, y: number) => void;
  onBrush: (from: number, to: number) => void;
  /** A double click: all of it again. */
  onReset: () => void;
}

/** Line by line: the finished buckets solid, then the unfinished last one dashed. */
export function columns({ x, drawn, partial }: Lines): uPlot.AlignedData {
  const out: (number | null)[][] = [];
  for (const values of drawn) {
    out.push(partial < 0 ? values : values.map((v, i) => (i < partial ? v : null)));
    out.push(partial < 0 ? values.map(() => null) : values.map((v, i) => (i >= partial - 1 ? v : null)));
  }
  return [x, ...out] as uPlot.AlignedData;
}

/** Tokens are six hex digits; two more are the opacity. */
const alpha = (color: string, share: number) =>
  color +
  Math.round(share * 255)
    .toString(16)
    .padStart(2, '0');

/** Places whose neighbours on both sides are missing. */
export const alone = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from({ length: values.length }, (_, i) => i).filter(
    (i) => values[i] != null && values[i - 1] == null && values[i + 1] == null,
  );

/** Half a pixel is as fine as a label can stand. */
const round = (v: number) => Math.round(v * 2) / 2;

/** Do lines run through the labels at the left? Then the labels would be hard to read. */
function crowded(
  { model, domain, gutter }: PlotState,
  size: { width: number; height: number },
  room: number,
  labels = valueTicks(domain[0], domain[1], size.height - 42, model.axis).filter((v) => v !== 0),
): boolean {
  if (room <= 0) return false;
  const { x, drawn } = model;
  const inner = size.height - 42;
  const from = x[0] ?? 0;
  const span = (x.at(-1) ?? 0) - from || 1;
  const y = (v: number) => ((v - domain[0]) / (domain[1] - domain[0])) * inner;
  const at = labels.map(y);
  // A label stands on its gridline and is as high as its text.
  const hit = (v: number) => at.some((line) => y(v) > line - 3 && y(v) < line + 15);
  const end = from + (room / Math.max(1, size.width - gutter)) * span;
  return drawn.some((values) => {
    for (let i = 0; i < x.length && (x[i] ?? 0) <= end; i++) {
      const v = values[i];
      const next = values[i + 1];
      if (v == null) continue;
      if (hit(v)) return true;
      // Between two buckets the line passes through everything between their values.
      const run = (x[i + 1] ?? 0) - (x[i] ?? 0);
      for (let k = 1; next != null && run > 0 && k < 8; k++) {
        if ((x[i] ?? 0) + (run * k) / 8 > end) break;
        if (hit(v + ((next - v) * k) / 8)) return true;
      }
    }
    return false;
  });
}

export function createPlot(
  node: HTMLElement,
  labels: HTMLElement,
  size: { width: number; height: number },
  get: () => PlotState,
  events: PlotEvents,
): uPlot {
  const { model: first, gutter } = get();
  const inner = Math.max(1, size.height - 42);
  const texts = tickTexts(valueTicks(get().domain[0], get().domain[1], inner, first.axis), first.axis);
  const room = Math.ceil(Math.max(0, ...texts.map((text) => textWidth(text))) + 10);
  const left = first.layers || crowded(get(), size, room) ? room : 0;
  const splits = () => valueTicks(get().domain[0], get().domain[1], inner, get().model.axis);
  const colorOf = (k: number) => seriesColor(get().model.groups[k]?.slot ?? 0);
  const lastOf = (k: number): [number, number] | null => {
    const values = get().model.drawn[k] ?? [];
    for (let i = values.length - 1; i >= 0; i--) {
      const v = values[i];
      if (v != null) return [i, v];
    }
    return null;
  };

  const placeLabels = (u: uPlot) => {
    const { groups, layers, x } = get().model;
    const top = u.bbox.top / devicePixelRatio;
    const bottom = top + u.bbox.height / devicePixelRatio;
    const right = (u.bbox.left + u.bbox.width) / devicePixelRatio;
    const at = groups.map((_, k) => {
      const end = lastOf(k);
      if (!end) return bottom;
      // The label of a layer stands beside its middle.
      const low = layers?.[k]?.lower[end[0]];
      return top + u.valToPos(low == null ? end[1] : (end[1] + low) / 2, 'y');
    });
    const spots = spread(at, LABEL_GAP, top - 8, bottom);
    // Written when all plots of this frame are painted: each plot asks for the style of its canvas, and a document that
    // has just been written to would have to work it out anew for every one of them.
    const places = groups.map((_, k) => {
      const end = lastOf(k);
      return {
        label: `translate(${round(right + 9)}px, ${round((spots[k] ?? 0) - 8)}px)`,
        dot: end
          ? `translate(${round(u.valToPos(x[end[0]] ?? 0, 'x') + u.bbox.left / devicePixelRatio - 3.5)}px, ${round(top + u.valToPos(end[1], 'y') - 3.5)}px)`
          : null,
      };
    });
    queueMicrotask(() => {
      places.forEach(({ label: place, dot: spot }, k) => {
        const label = labels.children[k] as HTMLElement | undefined;
        const dot = labels.children[groups.length + k] as HTMLElement | undefined;
        if (label && label.style.transform !== place) label.style.transform = place;
        if (!dot) return;
        if (dot.hidden !== (spot === null)) dot.hidden = spot === null;
        if (spot && dot.style.transform !== spot) dot.style.transform = spot;
      });
    });
  };

  const drawFresh = (u: uPlot) => {
    const { fresh, model } = get();
    if (!fresh.length) return;
    const { ctx } = u;
    ctx.save();
    ctx.lineWidth = 1.5 * devicePixelRatio;
    for (const [k, i] of fresh) {
      const v = model.drawn[k]?.[i];
      if (v == null) continue;
      ctx.beginPath();
      ctx.arc(
        u.valToPos(model.x[i] ?? 0, 'x', true),
        u.valToPos(v, 'y', true),
        5 * devicePixelRatio,
        0,
        6.2832,
      );
      ctx.fillStyle = token('fresh');
      ctx.strokeStyle = token('fresh-ink');
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  };

  /** Value labels sit on their gridline, inside the plot, with a halo; the top one names the unit. */
  const drawValues = (u: uPlot) => {
    const { model } = get();
    const { ctx } = u;
    const all = splits();
    const at = u.bbox.left - left * devicePixelRatio;
    ctx.save();
    ctx.font = FONT.replace('11px', `${11 * devicePixelRatio}px`);
    ctx.fillStyle = token('ink-3');
    ctx.strokeStyle = token('panel');
    ctx.lineWidth = 4 * devicePixelRatio;
    ctx.lineJoin = 'round';
    ctx.textAlign = 'left';
    ctx.textBaseline = 'bottom';
    const bare = tickTexts(all, model.axis);
    const full = valueTexts(all, model.axis, model.noun);
    all.forEach((v, i) => {
      if (v === 0 && i === 0) return;
      let text = full[i] ?? '';
      // What is counted is said where it does not lie on a line; the title says it as well.
      if (text !== bare[i] && crowded(get(), size, textWidth(text) - left, [v])) text = bare[i] ?? '';
      const y = u.valToPos(v, 'y', true) - 2 * devicePixelRatio;
      ctx.strokeText(text, at, y);
      ctx.fillText(text, at, y);
    });
    ctx.restore();
  };

  /** Targets and thresholds: dashed, with their name above the right end. */
  const drawRules = (u: uPlot) => {
    const { model, domain } = get();
    if (!model.rules.length) return;
    const { ctx } = u;
    const px = devicePixelRatio;
    const end = u.bbox.left + u.bbox.width;
    ctx.save();
    ctx.beginPath();
    ctx.rect(u.bbox.left, u.bbox.top - 16 * px, u.bbox.width, u.bbox.height + 16 * px);
    ctx.clip();
    ctx.font = FONT.replace('11px', `${11 * px}px`);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.lineJoin = 'round';
    for (const rule of model.rules) {
      const color = token(rule.kind === 'target' ? 'ink-2' : rule.kind);
      const at = (v: number) => u.valToPos(v, 'y', true);
      if (rule.value !== null && (rule.value < domain[0] || rule.value > domain[1])) continue;
      ctx.strokeStyle = color;
      ctx.lineWidth = 1.25 * px;
      ctx.setLineDash([4 * px, 3 * px]);
      ctx.beginPath();
      let last: number | null = rule.value;
      if (rule.value !== null) {
        const y = Math.round(at(rule.value)) + 0.5;
        ctx.moveTo(u.bbox.left, y);
        ctx.lineTo(end, y);
      } else {
        let pen = false;
        (rule.values ?? []).forEach((v, i) => {
          if (v === null) {
            pen = false;
            return;
          }
          const x = u.valToPos(model.x[i] ?? 0, 'x', true);
          if (pen) ctx.lineTo(x, at(v));
          else ctx.moveTo(x, at(v));
          pen = true;
          last = v;
        });
      }
      ctx.stroke();
      ctx.setLineDash([]);
      if (last === null) continue;
      ctx.lineWidth = 4 * px;
      ctx.strokeStyle = token('panel');
      ctx.fillStyle = color;
      const y = Math.max(u.bbox.top - 2 * px, at(last) - 3 * px);
      ctx.strokeText(rule.label, end - 4 * px, y);
      ctx.fillText(rule.label, end - 4 * px, y);
    }
    ctx.restore();
  };

  /** Moments that something was written of: a thin line with a flag at its head; the tooltip has the words. */
  const drawNotes = (u: uPlot) => {
    const { notes } = get().model;
    if (!notes.length) return;
    const { ctx } = u;
    const px = devicePixelRatio;
    const { top, height } = u.bbox;
    ctx.save();
    ctx.strokeStyle = token('line-2');
    ctx.fillStyle = token('ink-2');
    ctx.lineWidth = px;
    for (const { at } of notes) {
      const x = Math.round(u.valToPos(at, 'x', true)) + 0.5;
      if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
      ctx.setLineDash([2 * px, 3 * px]);
      ctx.beginPath();
      ctx.moveTo(x, top);
      ctx.lineTo(x, top + height);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.beginPath();
      ctx.moveTo(x, top - 6 * px);
      ctx.lineTo(x + 7 * px, top - 3 * px);
      ctx.lineTo(x, top);
      ctx.fill();
    }
    ctx.restore();
  };

  /** The axis line is only drawn at zero. */
  const drawZero = (u: uPlot) => {
    const { domain } = get();
    if (domain[0] > 0 || domain[1] < 0) return;
    const y = Math.round(u.valToPos(0, 'y', true)) + 0.5;
    u.ctx.save();
    u.ctx.strokeStyle = token('line-2');
    u.ctx.lineWidth = devicePixelRatio;
    u.ctx.beginPath();
    u.ctx.moveTo(u.bbox.left, y);
    u.ctx.lineTo(u.bbox.left + u.bbox.width, y);
    u.ctx.stroke();
    u.ctx.restore();
  };

  const plotWidth = Math.max(40, size.width - gutter);
  /** A label that would run into the next one leaves: the first of an axis is often the longest. */
  const clear = (ticks: { at: number; label: string }[], from: number, to: number) =>
    ticks.filter((tick, i) => {
      const next = ticks[i + 1];
      return !next || ((next.at - tick.at) / (to - from)) * plotWidth > textWidth(tick.label) + 6;
    });
  const xTicks = (from: number, to: number): { at: number; label: string }[] => {
    const { model } = get();
    if (model.kind === 'time') return clear(timeTicks(from, to, plotWidth, model.zone), from, to);
    if (model.kind === 'number')
      return sideTicks(from, to, plotWidth, 72).map((v) => ({
        at: v,
        label: tickText(v, { type: 'int', format: v >= 1000 && v < 3000 ? 'id' : '' }),
      }));
    const every = thin(model.x.length, plotWidth, 72);
    return model.x.filter((i) => i % every === 0).map((i) => ({ at: i, label: model.label(i) }));
  };

  const u: uPlot = new uPlot(
    {
      width: size.width,
      height: size.height,
      ms: 1,
      tzDate: (ts) => uPlot.tzDate(new Date(ts), 'UTC'),
      padding: [16, gutter, 0, 0],
      legend: { show: false },
      focus: { alpha: first.area ? 1 : 0.3 },
      cursor: {
        y: false,
        drag: { x: first.kind !== 'category', y: false, setScale: false },
        points: {
          size: 7,
          width: 2,
          stroke: () => token('panel'),
          fill: (_, i) => colorOf((i - 1) >> 1),
        },
        focus: { prox: first.area ? -1 : 24 },
      },
      scales: {
        x: {
          time: first.kind === 'time',
          // One bucket alone still needs a span to stand in.
          range: (_, from, to) => (from === to ? [from - 0.5, to + 0.5] : [from, to]),
        },
        y: { range: () => [get().domain[0], get().domain[1]] },
      },
      axes: [
        {
          size: 26,
          gap: 7,
          align: 1,
          font: FONT,
          stroke: () => token('ink-3'),
          grid: { show: false },
          ticks: { show: true, size: 4, width: 1, stroke: () => token('line-2') },
          splits: (_, __, from, to) => xTicks(from, to).map((x) => x.at),
          values: (u, at) => {
            const names = new Map(
              xTicks(u.scales.x?.min ?? 0, u.scales.x?.max ?? 1).map((x) => [x.at, x.label]),
            );
            const edge = u.bbox.width / devicePixelRatio + Math.max(0, gutter - 8);
            return at.map((v) => {
              // A label starts at its tick; one that would leave the plot is dropped.
              const text = names.get(v) ?? '';
              return u.valToPos(v, 'x') + textWidth(text) > edge ? '' : text;
            });
          },
        },
        {
          // Over filled layers and through lines the labels would be hard to read: they get a gutter of their own.
          size: left,
          values: () => [],
          ticks: { show: false },
          splits,
          grid: { width: 1, stroke: () => token('grid') },
        },
      ],
      series: [
        {},
        ...first.groups.flatMap((_, k) => {
          const stroke = () => colorOf(k);
          const fill = (share: number) => () => alpha(colorOf(k), share);
          const base: uPlot.Series = {
            stroke,
            width: 1.75,
            // A value between two gaps has no line: it is drawn as a dot.
            points: {
              show: true,
              size: 5,
              stroke,
              fill: stroke,
              filter: (u, k) => (first.points && u.data[0].length > 1 ? [] : alone(u.data[k] ?? [])),
            },
            // Between two rows of one line stand those of the others.
            spanGaps: first.points,
          };
          // Layers that stand on one another are told apart by their fill, a single area stays light.
          const solid = first.layers ? 0.62 : 0.12;
          return first.area
            ? [
                { ...base, fill: fill(solid), width: first.layers ? 1 : 1.75 },
                { ...base, fill: fill(solid * 0.5), dash: [2, 3], width: first.layers ? 1 : 1.75 },
              ]
            : [base, { ...base, dash: [2, 3] }];
        }),
      ],
      ...(first.layers && first.groups.length > 1
        ? {
            bands: first.groups
              .slice(1)
              .flatMap((_, k) => [
                { series: [3 + 2 * k, 1 + 2 * k] as [number, number] },
                { series: [4 + 2 * k, 2 + 2 * k] as [number, number] },
              ]),
          }
        : {}),
      hooks: {
        ready: [(u) => u.over.addEventListener('dblclick', events.onReset)],
        drawAxes: [drawZero, drawNotes],
        draw: [placeLabels, drawRules, drawFresh, drawValues],
        setSeries: [
          (u, i) => {
            // A line and its dashed end are one.
            if (i == null || i < 1) return;
            const twin = u.series[i % 2 ? i + 1 : i - 1];
            if (twin) twin.alpha = 1;
          },
        ],
        setCursor: [
          (u) => {
            const i = u.cursor.idx;
            if (i == null || (u.cursor.left ?? -1) < 0) {
              events.onCursor(null, 0, 0);
              return;
            }
            const box = u.over.getBoundingClientRect();
            events.onCursor(i, box.left + u.valToPos(get().model.x[i] ?? 0, 'x'), box.top + box.height * 0.4);
          },
        ],
        setSelect: [
          (u) => {
            const { left, width } = u.select;
            if (width < 6) return;
            const from = u.posToVal(left, 'x');
            const to = u.posToVal(left + width, 'x');
            u.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
            events.onBrush(from, to);
          },
        ],
      },
    },
    columns(first),
    node,
  );
  return u;
}

/** Puts the crosshair on a bucket, as the pointer would, or, told by another chart, in silence; null takes it away. */
export function moveCursor(u: uPlot, x: number | null, silent = false): void {
  if (x === null) u.setCursor({ left: -10, top: -10 }, !silent);
  else u.setCursor({ left: u.valToPos(x, 'x'), top: silent ? 0 : u.over.clientHeight / 2 }, !silent);
}
