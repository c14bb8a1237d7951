import type { Look } from '../lib/format';
import { valueTexts } from './labels';

interface Props {
  ticks: readonly number[];
  y: (v: number) => number;
  left: number;
  right: number;
  look: Look;
  noun?: string;
}

/**
 * Horizontal gridlines with their value on top of the line, so that no gutter is lost; the top one names the unit.
 * Drawn under the marks; the texts come separately, over them, with a halo.
 */
export function Gridlines({ ticks, y, left, right }: Omit<Props, 'look' | 'noun'>) {
  return (
    <>
      {ticks.map((v) => (
        <line
          key={v}
          class={v === 0 ? 'axis' : 'gridline'}
          x1={left}
          x2={right}
          y1={Math.round(y(v)) + 0.5}
          y2={Math.round(y(v)) + 0.5}
        />
      ))}
    </>
  );
}

export function GridLabels({ ticks, y, left, look, noun = '' }: Omit<Props, 'right'>) {
  const texts = valueTexts(ticks, look, noun);
  return (
    <>
      {ticks.map((v, i) =>
        v === 0 && i === 0 ? null : (
          <text key={v} class="tick halo" x={left} y={y(v) - 3}>
            {texts[i]}
          </text>
        ),
      )}
    </>
  );
}
