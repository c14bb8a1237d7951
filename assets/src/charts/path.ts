/** SVG paths of straight segments. A value that is no number breaks the line. */
type At = (i: number) => number;

const point = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;

/** Runs of neighbouring positions whose y is a number. */
function runs(n: number, y: At): number[][] {
  const out: number[][] = [];
  let run: number[] = [];
  for (let i = 0; i < n; i++) {
    if (Number.isFinite(y(i))) run.push(i);
    else if (run.length) {
      out.push(run);
      run = [];
    }
  }
  if (run.length) out.push(run);
  return out;
}

export const linePath = (n: number, x: At, y: At): string =>
  runs(n, y)
    .map((run) => `M${run.map((i) => point(x(i), y(i))).join('L')}`)
    .join('');

/** The line with everything between it and the height `base`. */
export const areaPath = (n: number, x: At, y: At, base: number): string =>
  runs(n, y)
    .map((run) => {
      const first = run[0] ?? 0;
      const last = run.at(-1) ?? 0;
      return `M${point(x(first), base)}L${run.map((i) => point(x(i), y(i))).join('L')}L${point(x(last), base)}Z`;
    })
    .join('');
