import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/words';
import { Waiting, Warning } from './icons';

export type StateKind = 'loading' | 'nomatch' | 'empty' | 'error' | 'stale';

interface Props {
  kind: StateKind;
  /** The mark that would stand here: its skeleton has its shape. */
  mark: string;
  /** What happened, in one line. Each kind has a text of its own where nothing is given. */
  title?: string | undefined;
  /** Where, since when, what to do; for a stale panel the reason. */
  detail?: string | undefined;
  /** Buttons that repair it. */
  actions?: ComponentChildren;
  /** The last good picture, of a stale panel. */
  children?: ComponentChildren;
}

/** Nothing is shown for so long: most answers come sooner, and a flash of grey would be noise. */
const PATIENCE_MS = 200;

const WAVE = 'M0 92C30 60 44 84 70 70s34-44 62-32 36 40 64 26 34-52 62-40 40 24 62 8';
const HEIGHTS = [0.22, 0.36, 0.55, 0.78, 1, 0.86, 0.6, 0.44, 0.3, 0.2];

function shapeOf(mark: string): VNode {
  const bars = (up: boolean) =>
    HEIGHTS.map((h, i) =>
      up ? (
        <rect key={h} x={i * 32 + 3} width={26} y={118 - h * 104} height={h * 104} rx={2} />
      ) : (
        <rect key={h} x={0} y={i * 12 + 1} width={320 * (1 - i * 0.085)} height={9} rx={2} />
      ),
    );
  switch (mark) {
    case 'bar':
    case 'ranked':
    case 'box':
      return <g class="solid">{bars(false)}</g>;
    case 'column':
    case 'combo':
    case 'histogram':
    case 'candlestick':
      return <g class="solid">{bars(true)}</g>;
    case 'heatmap':
    case 'calendar':
      return (
        <g class="solid">
          {Array.from({ length: 60 }, (_, i) => (
            <rect
              key={`${i % 12}.${Math.floor(i / 12)}`}
              x={(i % 12) * 27}
              y={Math.floor(i / 12) * 24}
              width={24}
              height={21}
              rx={2}
            />
          ))}
        </g>
      );
    case 'pivot':
    case 'table':
      return (
        <g class="solid">
          {Array.from({ length: 24 }, (_, i) => (
            <rect
              key={`${i % 4}.${Math.floor(i / 4)}`}
              x={(i % 4) * 82}
              y={Math.floor(i / 4) * 20 + 5}
              width={40 + ((i * 37) % 34)}
              height={7}
              rx={3}
            />
          ))}
        </g>
      );
    case 'kpi':
      return (
        <g class="solid">
          <rect x={0} y={14} width={320} height={92} rx={16} />
        </g>
      );
    case 'donut':
      return <circle cx={160} cy={60} r={42} stroke-width={16} />;
    case 'scatter':
      return (
        <g class="solid">
          {Array.from({ length: 36 }, (_, i) => (
            <circle key={`${(i * 53) % 310}`} cx={5 + ((i * 53) % 310)} cy={8 + ((i * 71) % 104)} r={3} />
          ))}
        </g>
      );
    case 'text':
      return (
        <g class="solid">
          <rect x={0} y={10} width={280} height={8} rx={4} />
          <rect x={0} y={32} width={310} height={8} rx={4} />
          <rect x={0} y={54} width={190} height={8} rx={4} />
        </g>
      );
    default:
      return <path d={WAVE} />;
  }
}

/** Shapes that keep their proportions; the others stretch to the panel. */
const ROUND = new Set(['donut', 'scatter']);

function Skeleton({ mark, note }: { mark: string; note: string | undefined }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="pstate-load" role="status" aria-busy="true">
      <span class="sr">{t('loading')}</span>
      {shown && (
        <div class="pskeleton" aria-hidden="true">
          <svg
            viewBox="0 0 320 120"
            preserveAspectRatio={
              mark === 'kpi' ? 'xMinYMid meet' : ROUND.has(mark) ? 'xMidYMid meet' : 'none'
            }
          >
            {shapeOf(mark)}
          </svg>
        </div>
      )}
      {shown && note && <p class="pstate-note num">{note}</p>}
    </div>
  );
}

/** Every state a panel can be in besides "has data". Same frame, same height: nothing jumps. */
export function PanelState({ kind, mark, title, detail, actions, children }: Props) {
  if (kind === 'loading') return <Skeleton mark={mark} note={detail} />;
  if (kind === 'stale')
    return (
      <div class="pstate-stale">
        <div class="pstate-last">{children}</div>
        <p class="pstate-flag num">
          <Warning />{' '}
          <span>
            {title ? t('staleAs', { time: title, why: detail ?? '' }) : t('staleOnly', { why: detail ?? '' })}
          </span>
        </p>
      </div>
    );
  const texts = {
    nomatch: [t('noMatch'), t('noMatchHint')],
    empty: [t('waiting'), t('waitingHint')],
    error: [t('failed'), ''],
  }[kind];
  return (
    <div
      class={`pstate pstate-${kind}`}
      role={kind === 'error' ? 'alert' : 'status'}
      data-small={mark === 'kpi'}
    >
      {kind === 'error' && <Warning />}
      {kind === 'empty' && <Waiting />}
      <b>{title || texts[0]}</b>
      {(detail || texts[1]) && <p>{detail || texts[1]}</p>}
      {actions && <div class="pstate-actions">{actions}</div>}
    </div>
  );
}
