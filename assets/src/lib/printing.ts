import { setTheme, theme } from './theme';

/** Long enough for canvases to be drawn in the other theme. */
const DRAW_MS = 400;

/**
 * Paper is white. A print that the browser starts turns the page's styles light at once; charts on canvas can only
 * follow in the next frames, so the page's own command waits for them.
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
}

export function printPage(): void {
  const before = theme.peek();
  setTheme('light');
  setTimeout(() => {
    print();
    setTheme(before);
  }, DRAW_MS);
}
