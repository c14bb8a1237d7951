import { signal } from '@preact/signals';
import { setTheme, theme } from './theme';

/** How long a page may take to draw what was out of sight; then it is printed as it is. */
const PATIENCE_MS = 4000;

/** While it is true every panel is drawn, however far from the screen it stands. */
export const printing = signal(false);

/**
 * Paper is white. A print that the browser's menu starts turns the page's styles light at once; charts on canvas and
 * panels out of sight need some frames, so the page's own command, which has the browser's key, waits for them.
 */
export function watchPrinting(): void {
  let before: string | undefined;
  const root = document.documentElement;
  addEventListener('beforeprint', () => {
    before = root.dataset.theme;
    root.dataset.theme = 'light';
  });
  addEventListener('afterprint', () => {
    if (before) root.dataset.theme = before;
  });
  addEventListener('keydown', (e) => {
    if (e.key.toLowerCase() !== 'p' || !(e.ctrlKey || e.metaKey) || e.altKey || e.shiftKey) return;
    e.preventDefault();
    printPage();
  });
}

const frames = (n: number) =>
  new Promise<void>((done) => {
    const next = (left: number) => (left ? requestAnimationFrame(() => next(left - 1)) : done());
    next(n);
  });

const drawn = () =>
  !document.querySelector('.panel-body:empty, .pstate-load') &&
  [...document.querySelectorAll('.plot')].every((p) => p.querySelector('canvas'));

export async function printPage(): Promise<void> {
  if (printing.value) return;
  const before = theme.peek();
  printing.value = true;
  setTheme('light');
  const end = performance.now() + PATIENCE_MS;
  do await frames(4);
  while (!drawn() && performance.now() < end);
  await frames(8);
  print();
  setTheme(before);
  printing.value = false;
}
