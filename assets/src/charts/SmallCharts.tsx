import type { ComponentChildren, RefObject } from 'preact';
import type { useChanges } from '../lib/useFresh';
import { t } from '../lib/words';
import type { Frame } from '../wire';
import { type GridPlan, gridGap } from './facets';
import type { MarkProps } from './mark';
import { clip, textWidth } from './measure';
import { chosen, factsOf, spell } from './read';
import { modeOf, type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip } from './tip';
import { useRoving } from './useRoving';
import '../styles/facets.css';

/** Above each chart stands its name, below the lowest ones the labels of the axis. */
export const HEAD = 17;
export const FOOT = 18;

/** One of the small charts. */
export interface Small {
  /** The filter's spelling of its value; "" is the empty cell. */
  value: string;
  name: string;
  /** Rows of the frame that it is made of. */
  rows: readonly number[];
}

/** Where the charts stand. */
export interface Grid {
  ref: RefObject<HTMLDivElement | null>;
  width: number;
  height: number;
  plan: GridPlan;
  /** Room at the left for what stands once beside every row of charts. */
  gutter: number;
}

/** The height of the picture of one chart. */
export const innerOf = (plan: GridPlan): number => Math.max(1, plan.height - HEAD - FOOT);

interface Props<M extends Small> {
  props: MarkProps;
  grid: Grid;
  minis: readonly M[];
  /** That of the panel, or with all of its charts where the viewer has asked for them. */
  frame: Frame;
  open: boolean;
  whole: boolean;
  fresh: ReturnType<typeof useChanges>;
  /** A figure beside a chart's name. */
  figure?: (mini: M) => string;
  /** The pointer is over a chart, so far from its left and from the top of its picture; corner is that of the chart on screen. */
  onPoint: (mini: M, at: { x: number; y: number }, corner: { x: number; y: number }, touch: boolean) => void;
  onLeave?: () => void;
  draw: (mini: M, place: { first: boolean; lowest: boolean }) => ComponentChildren;
}

/** The frame of small charts: their grid, their names, what a click and the keys do, and those that are not shown yet. */
export function SmallCharts<M extends Small>(all: Props<M>) {
  const { grid, minis, frame, fresh, draw, figure, onPoint, onLeave } = all;
  const { item, selection, time, onFilter, onView, fetchWhole } = all.props;
  const { plan, gutter, width, height } = grid;
  const column = item.encoding.facet ?? '';
  const picked = chosen(selection, column);
  const left = (i: number) => gutter + (i % plan.columns) * (plan.width + gridGap);
  const top = (i: number) => Math.floor(i / plan.columns) * plan.height;
  const spot = ({ x, y, box, touch }: Spot) => {
    const c = Math.floor((x - gutter) / (plan.width + gridGap));
    const i = Math.floor(y / plan.height) * plan.columns + c;
    const mini = minis[i];
    if (x < gutter || c < 0 || c >= plan.columns || !mini) return null;
    onPoint(
      mini,
      { x: x - left(i), y: y - top(i) - HEAD },
      { x: box.left + left(i), y: box.top + top(i) },
      touch,
    );
    return i;
  };
  const pick = (i: number, e: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
    const mini = minis[i];
    if (mini && column) onFilter(column, spell(mini.value), modeOf(e));
  };
  const keys = useRoving({ count: minis.length, columns: plan.columns, onEnter: pick });
  const on = keys.active === null ? undefined : minis[keys.active];
  const more = factsOf(frame).more_facets ?? 0;
  return (
    <div class="facets">
      <div class="facets-room">
        <Stage
          label={`${t('smallCharts')}. ${item.title}. ${summary(item, frame, time)}. ${t('walkEnter')}.`}
          class="pickable"
          version={frame}
          inner={grid.ref}
          onSpot={spot}
          onLeave={() => {
            onLeave?.();
            hideTip();
          }}
          onPick={pick}
          onKeyDown={keys.keyDown}
          onBlur={keys.blur}
          said={on ? `${on.name} ${figure?.(on) ?? ''}` : null}
        >
          <svg width={width} height={Math.max(height, plan.rows * plan.height)} aria-hidden="true">
            {width > 0 &&
              minis.map((mini, i) => (
                <g
                  key={mini.value}
                  class="facet"
                  data-dim={picked.any && !picked.values.has(mini.value)}
                  transform={`translate(${left(i)} ${top(i)})`}
                >
                  <Head
                    name={mini.name}
                    value={figure?.(mini) ?? ''}
                    width={plan.width}
                    fresh={mini.rows.some((r) => fresh.any(r)) ? fresh.at : 0}
                  />
                  {draw(mini, {
                    first: i % plan.columns === 0,
                    lowest: i + plan.columns >= minis.length,
                  })}
                  {keys.active === i && (
                    <rect class="ring" x={-4} y={0} width={plan.width + 8} height={plan.height - 4} rx={4} />
                  )}
                </g>
              ))}
          </svg>
        </Stage>
      </div>
      {onView && fetchWhole && (more > 0 || all.whole) && (
        <button
          type="button"
          class="facets-more"
          aria-expanded={all.open}
          onClick={() => onView('more', all.open ? null : 'all')}
        >
          {more > 0 ? t('more', { n: more }) : t('fewer')}
        </button>
      )}
    </div>
  );
}

function Head({ name, value, width, fresh }: { name: string; value: string; width: number; fresh: number }) {
  const room = value ? textWidth(value, 11, 550) + 8 : 0;
  return (
    <>
      <text class="facet-name" y={11}>
        {clip(name, width - room)}
      </text>
      <text class="facet-value num" key={fresh} data-fresh={fresh > 0} x={width} y={11} text-anchor="end">
        {value}
      </text>
    </>
  );
}
