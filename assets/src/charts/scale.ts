/** A position for a value: linear, or in powers of ten where the domain is above zero. */
export type Scale = (v: number) => number;

export function linear([d0, d1]: readonly [number, number], [r0, r1]: readonly [number, number]): Scale {
  const k = d1 === d0 ? 0 : (r1 - r0) / (d1 - d0);
  return (v) => r0 + (v - d0) * k;
}

export function log([d0, d1]: readonly [number, number], range: readonly [number, number]): Scale {
  const inner = linear([Math.log10(d0), Math.log10(d1)], range);
  return (v) => inner(Math.log10(v));
}

/** Powers of ten within a domain, every second or third where they would crowd. */
export function powers([low, high]: readonly [number, number]): number[] {
  const from = Math.ceil(Math.log10(low) - 1e-9);
  const to = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((to - from + 1) / 6));
  const out: number[] = [];
  for (let p = from; p <= to; p += every) out.push(10 ** p);
  return out;
}
