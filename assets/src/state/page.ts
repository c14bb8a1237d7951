import { createStream } from '../stream/stream';
import type { Boot } from '../wire';
import { createStore } from './store';

/** What the server has written into the page; a page that was opened without a server has nothing to show. */
export function readBoot(text: string | null | undefined): Boot {
  const empty: Boot = {
    version: '',
    title: 'dashira',
    root: '',
    base: '/',
    guest: false,
    dashboard: '',
    dashboards: [],
    sources: [],
    snapshot: null,
    extensions: [],
    lan: false,
  };
  const found = text?.trim();
  return found ? { ...empty, ...(JSON.parse(found) as Partial<Boot> | null) } : empty;
}

/**
 * Once before the next picture of the screen. A page that nobody looks at is given no pictures: it takes up what came
 * once a second.
 */
function beforeNextPicture(run: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    clearTimeout(timer);
    run();
  };
  const timer = setTimeout(once, 1000);
  requestAnimationFrame(once);
}

/** The store of this page, over its address bar and its stream. */
export const store = createStore({
  boot: readBoot(document.getElementById('boot')?.textContent),
  address: {
    get pathname() {
      return location.pathname;
    },
    get search() {
      return location.search;
    },
    push: (url) => history.pushState(null, '', url),
    replace: (url) => history.replaceState(null, '', url),
    onPop: (run) => addEventListener('popstate', run),
  },
  openStream: createStream,
  soon: beforeNextPicture,
  now: () => performance.now(),
  clock: () => Date.now(),
});

addEventListener('resize', () => store.refit());
