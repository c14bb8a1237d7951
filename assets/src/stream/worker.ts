import { inBrowser } from './connection';
import { type Asked, createSwitchboard } from './share';
import { viaEventSource, viaFetch } from './transport';

/** The SharedWorker: it holds the connections of every tab of this browser. */
const scope = globalThis as unknown as { onconnect: (e: MessageEvent) => void };
const board = createSwitchboard(inBrowser('EventSource' in globalThis ? viaEventSource : viaFetch));

scope.onconnect = (e) => {
  const port = e.ports[0];
  if (!port) return;
  port.onmessage = (m: MessageEvent<Asked>) => board.ask(port, m.data, (told) => port.postMessage(told));
  // Says that the worker runs: a page that hears nothing looks for another way.
  port.postMessage({ kind: 'ready' });
};
