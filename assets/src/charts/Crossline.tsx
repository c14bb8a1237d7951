import { useMoment } from './tip';

interface Props {
  /** The beginnings of the buckets in milliseconds, ascending; of another axis than time there are none. */
  at: readonly number[];
  panel: string;
  /** Where a bucket stands. */
  x: (i: number) => number;
  top: number;
  height: number;
}

/** The moment that another chart tells of, as a line through this one; alone in being drawn again with the pointer. */
export function Crossline({ at, panel, x, top, height }: Props) {
  const i = useMoment(at, panel);
  if (i === null) return null;
  return <line class="crosshair" x1={x(i)} x2={x(i)} y1={top} y2={top + height} />;
}
