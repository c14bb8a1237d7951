import { inBrowser } from './connection';
import { type Asked, createSwitchboard, type FromWorker } from './share';
import { viaEventSource, viaFetch } from './transport';

/** The SharedWorker: it holds the connections of every tab of this browser. */
const scope = globalThis as unknown as { onconnect: (e: MessageEvent) => void };
const board = createSwitchboard(inBrowser('EventSource' in globalThis ? viaEventSource : viaFetch));

scope.onconnect = (e) => {
  const port = e.ports[0];
  if (!port) return;
  let url = '';
  port.onmessage = (m: MessageEvent<Asked>) => {
    if (m.data.kind === 'follow') url = m.data.url;
    // What a page hears says of which stream it is: it may have turned to another one meanwhile.
    const of = url;
    board.ask(port, m.data, (told) => port.postMessage({ kind: 'told', of, told } satisfies FromWorker));
  };
  // Says that the worker runs: a page that hears nothing looks for another way.
  port.postMessage({ kind: 'ready' } satisfies FromWorker);
};
