import { render } from 'preact';
import { watchPrinting } from './lib/printing';
import { store } from './state/page';
import { App } from './ui/App';
import { speak, wantedLanguage } from './ui/words';
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/components.css';
import './styles/charts.css';
import './styles/print.css';

const root = document.getElementById('app');

/** At /s stands the door of a shared link; everywhere else the dashboard. */
async function start(into: HTMLElement): Promise<void> {
  // Without its words the page still speaks English.
  await speak(wantedLanguage()).catch(() => {});
  if (location.pathname === '/s') {
    const { Door } = await import('./ui/Door');
    into.replaceChildren();
    render(<Door />, into);
    return;
  }
  into.replaceChildren();
  render(<App />, into);
  store.start();
  watchPrinting();
}

if (root) start(root);
