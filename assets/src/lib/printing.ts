import { signal } from '@preact/signals';
import { show, type Theme, theme } from './theme';

/** How long a page may take to draw what was out of sight; then it is printed as it is. */
const PATIENCE_MS = 4000;

/** While it is true every panel is drawn, however far from the screen it stands. */
export const printing = signal(false);

/**
 * Paper is white. A print that the browser's menu starts turns the page light at once, lines on canvas too; panels out
 * of sight need some frames, so the page's own command, which has the browser's key, waits for them.
 */
export function watchPrinting(): void {
  let before: Theme | null = null;
  addEventListener('beforeprint', () => {
    before = theme.peek();
    if (before !== 'light') show('light');
  });
  addEventListener('afterprint', () => {
    if (before && before !== theme.peek()) show(before);
    before = null;
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
  show('light');
  const end = performance.now() + PATIENCE_MS;
  do await frames(4);
  while (!drawn() && performance.now() < end);
  await frames(8);
  print();
  show(before);
  printing.value = false;
}
