import { niceDomain } from './axis';

/** Bounds of one axis: round steps on a linear scale, whole powers of ten on a logarithmic one. */
export function bounds(
  values: readonly number[],
  logarithmic: boolean,
  px: number,
  add = 0,
): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const v of values) {
    if (logarithmic && v <= 0) continue;
    low = Math.min(low, v);
    high = Math.max(high, v + add);
  }
  if (!Number.isFinite(low)) return logarithmic ? [1, 10] : [0, 1];
  if (logarithmic) return [low * 0.8, high * 1.25];
  // A cloud that reaches near zero shows the zero.
  return niceDomain(low, high, px, low >= 0 && low < (high - low) * 0.3);
}
