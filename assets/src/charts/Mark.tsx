import type { ComponentChildren } from 'preact';
import type { Frame, Item, Selection } from '../wire';
import { Kpi } from './Kpi';
import { lazily } from './lazily';
import type { MarkComponent, MarkProps } from './mark';
import { Ranked } from './Ranked';
import { height } from './read';
import { PanelState } from './States';
import { TextNote } from './TextNote';

/** Has the viewer narrowed the rows? Then an empty panel is an answer and not a file without rows. */
const narrowed = (selection: Selection): boolean =>
  selection.range !== 'all' || Object.values(selection.filters).some((list) => list.length > 0);

/** A histogram keeps the bins of all rows under a filter: without a row in any of them there is nothing to see. */
const hollow = ({ item, frame, selection }: MarkProps): boolean =>
  item.mark === 'histogram' &&
  narrowed(selection) &&
  (frame.values[frame.columns.findIndex((c) => c.name === 'count')] ?? [1]).every((n) => n === 0);

/** A chart over a frame that has nothing to draw, or whose question failed, says so in the chart's place. */
function guarded(Draw: MarkComponent): MarkComponent {
  return function Guarded(props) {
    const { item, frame, selection } = props;
    const rows = height(frame);
    if (item.mark === 'kpi' && !rows)
      return (
        <div class="kpi-mark" title={frame.error}>
          <div class="kpi-label truncate">{item.title}</div>
          <PanelState
            kind={frame.error ? 'error' : narrowed(selection) ? 'nomatch' : 'empty'}
            mark="kpi"
            detail={frame.error}
          />
        </div>
      );
    if (frame.error && !rows) return <PanelState kind="error" mark={item.mark} detail={frame.error} />;
    if ((!rows || hollow(props)) && item.mark !== 'text')
      return <PanelState kind={narrowed(selection) ? 'nomatch' : 'empty'} mark={item.mark} />;
    if (frame.error)
      return (
        <PanelState kind="stale" mark={item.mark} detail={frame.error}>
          <Draw {...props} />
        </PanelState>
      );
    return <Draw {...props} />;
  };
}

// Almost every dashboard has a trend: its code comes beside the page's and does not hold up the first picture.
const TimeSeries = lazily(() => import('./TimeSeries').then((m) => m.TimeSeries), true);

/** Every mark by its name on the wire. */
export const marks: Record<string, MarkComponent> = {
  kpi: guarded(Kpi),
  line: guarded(TimeSeries),
  area: guarded(TimeSeries),
  column: guarded(lazily(() => import('./Columns').then((m) => m.Columns))),
  bar: guarded(Ranked),
  ranked: guarded(Ranked),
  histogram: guarded(lazily(() => import('./Histogram').then((m) => m.Histogram))),
  box: guarded(lazily(() => import('./BoxPlot').then((m) => m.BoxPlot))),
  heatmap: guarded(lazily(() => import('./Heatmap').then((m) => m.Heatmap))),
  scatter: guarded(lazily(() => import('./Scatter').then((m) => m.Scatter))),
  table: guarded(lazily(() => import('./Table').then((m) => m.Table))),
  calendar: guarded(lazily(() => import('./Calendar').then((m) => m.Calendar))),
  donut: guarded(lazily(() => import('./Donut').then((m) => m.Donut))),
  combo: guarded(lazily(() => import('./Combo').then((m) => m.Combo))),
  pivot: guarded(lazily(() => import('./Pivot').then((m) => m.Pivot))),
  candlestick: guarded(lazily(() => import('./Candlestick').then((m) => m.Candlestick))),
  text: guarded(TextNote),
};

/** Any mark with a facet is small charts of one scale. */
const faceted = guarded(lazily(() => import('./Facets').then((m) => m.Facets)));

/** How numbers are spread, in small charts. */
const spread = guarded(lazily(() => import('./Spreads').then((m) => m.Spreads)));

const SPREADS = new Set(['histogram', 'box', 'scatter']);

const unknown = guarded(lazily(() => import('./TableTwin').then((m) => m.Unknown)));

/** Any frame as a table: "show as table" of every chart. */
export const TableTwin = guarded(lazily(() => import('./TableTwin').then((m) => m.Twin)));

export const markFor = (item: Item): MarkComponent =>
  item.encoding.facet ? (SPREADS.has(item.mark) ? spread : faceted) : (marks[item.mark] ?? unknown);

interface Props extends Omit<MarkProps, 'frame'> {
  /** Absent while the first answer is on the way. */
  frame: Frame | undefined;
  /** Set where the picture is older than it should be: the time it stands at, and why. */
  stale?: { at: string; why: string } | null;
  /** Where loading takes long: "Reading 2.1 GB, 64%". */
  progress?: string;
  /** Buttons of the empty and the error state. */
  actions?: ComponentChildren;
}

/** The mark of an item in whatever state it is in. */
export function Mark({ frame, stale, progress, actions, ...props }: Props) {
  const { item, selection } = props;
  if (!frame) {
    const state = <PanelState kind="loading" mark={item.mark} detail={progress} />;
    if (item.mark !== 'kpi') return state;
    return (
      <div class="kpi-mark">
        <div class="kpi-label truncate">{item.title}</div>
        {state}
      </div>
    );
  }
  const Draw = markFor(item);
  const rows = height(frame);
  if (actions && frame.error && !rows)
    return <PanelState kind="error" mark={item.mark} detail={frame.error} actions={actions} />;
  if (actions && (!rows || hollow({ ...props, frame })) && narrowed(selection))
    return <PanelState kind="nomatch" mark={item.mark} actions={actions} />;
  if (stale && rows)
    return (
      <PanelState kind="stale" mark={item.mark} title={stale.at} detail={stale.why}>
        <Draw {...props} frame={frame.error ? withoutError(frame) : frame} />
      </PanelState>
    );
  return <Draw {...props} frame={frame} />;
}

function withoutError({ error: _, ...frame }: Frame): Frame {
  return frame;
}
