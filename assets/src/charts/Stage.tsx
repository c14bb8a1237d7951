import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { hideTip } from './tip';

export interface Spot {
  /** Pixels from the corner of the stage. */
  x: number;
  y: number;
  touch: boolean;
  box: DOMRect;
}

interface Props {
  /** The accessible name: what it is, and the one sentence that it says. */
  label: string;
  /** Text for the live region: the mark under the arrows. */
  said?: string | null | undefined;
  /** What is drawn: when it changes, the tooltip under a resting pointer is told anew. */
  version: unknown;
  inner: RefObject<HTMLDivElement | null>;
  class?: string;
  /** The pointer is over this place; tells which mark is there, for touch. */
  onSpot: (spot: Spot) => number | null;
  onLeave?: () => void;
  onPick?: (mark: number, e: PointerEvent) => void;
  /** A double click: what was zoomed into is all of it again. */
  onReset?: (() => void) | undefined;
  onKeyDown?: (e: KeyboardEvent) => void;
  onBlur?: () => void;
  children: ComponentChildren;
}

/**
 * The stage of a drawn chart: one tab stop with a name, a pointer that works for mouse, pen and finger, and a live
 * region beside the picture. A finger's first tap shows the tooltip; the second on the same mark picks it.
 */
export function Stage(props: Props) {
  const shown = useRef<number | null>(null);
  const tapped = useRef<{ mark: number | null; again: boolean }>({ mark: null, again: false });
  const spot = (e: PointerEvent & { currentTarget: HTMLElement }): Spot => {
    const box = e.currentTarget.getBoundingClientRect();
    return { x: e.clientX - box.left, y: e.clientY - box.top, touch: e.pointerType === 'touch', box };
  };
  const last = useRef<Spot | null>(null);
  const look = (at: Spot): number | null => {
    last.current = at;
    const mark = props.onSpot(at);
    shown.current = mark;
    return mark;
  };
  useEffect(() => {
    if (last.current && shown.current !== null) look(last.current);
  }, [props.version]);
  useEffect(
    () => () => {
      if (shown.current !== null) hideTip();
    },
    [],
  );
  const leave = () => {
    shown.current = null;
    last.current = null;
    props.onLeave?.();
    hideTip();
  };
  return (
    <div class="stage">
      <div
        class={props.class ? `chart ${props.class}` : 'chart'}
        ref={props.inner}
        role="img"
        tabIndex={0}
        aria-label={props.label}
        onKeyDown={props.onKeyDown}
        onBlur={() => {
          props.onBlur?.();
          leave();
        }}
        onPointerDown={(e) => {
          const before = tapped.current.mark;
          const mark = look(spot(e));
          tapped.current = { mark, again: mark !== null && mark === before };
        }}
        onPointerMove={(e) => {
          if (look(spot(e)) === null) hideTip();
        }}
        onPointerUp={(e) => {
          const mark = shown.current;
          if (mark === null || e.button !== 0) return;
          if (e.pointerType === 'touch' && !tapped.current.again) return;
          props.onPick?.(mark, e);
        }}
        onDblClick={props.onReset}
        onPointerLeave={(e) => {
          // A lifted finger leaves as well; its tooltip stays until the next touch.
          if (e.pointerType !== 'touch') leave();
        }}
      >
        {props.children}
      </div>
      <span class="sr" aria-live="polite">
        {props.said ?? ''}
      </span>
    </div>
  );
}

/** How a click joins the filters: alone it toggles, with Alt it excludes, with Ctrl or Command it stands alone. */
export const modeOf = (e: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) =>
  e.altKey ? ('exclude' as const) : e.ctrlKey || e.metaKey ? ('only' as const) : ('toggle' as const);
