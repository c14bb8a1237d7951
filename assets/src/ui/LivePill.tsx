import { ago, clock } from '../lib/format';
import { store } from '../state/page';
import { second } from './clockTick';
import { isStale, sourceOf } from './sources';
import { w } from './words';

interface Told {
  kind: 'live' | 'paused' | 'reconnecting' | 'stale' | 'past' | 'connecting' | 'over';
  word: string;
  text: string;
  act: string;
  run: () => void;
}

/** The five states of freshness, and how each came about. What is on screen decides, then the line, then the file. */
function tell(): Told {
  const past = store.past.value;
  const status = store.status.value;
  if (past)
    return {
      kind: 'past',
      word: w('past'),
      text: '',
      act: w('backToLive'),
      run: () => (store.past.value = null),
    };
  if (store.ended.value)
    return { kind: 'over', word: w('over'), text: '', act: w('tryNow'), run: () => location.reload() };
  if (store.frozen.value) {
    const n = store.waiting.value;
    return {
      kind: 'paused',
      word: w('paused'),
      text: n ? w('changesWaiting', { n }) : w('noChangesWaiting'),
      act: w('resume'),
      run: store.resume,
    };
  }
  if (status.state === 'reconnecting') {
    const left = Math.ceil(((status.retryAt ?? 0) - second.value) / 1000);
    const text = left > 0 ? w('nextTry', { n: left }) : w('tryingNow');
    return { kind: 'reconnecting', word: w('reconnecting'), text, act: w('tryNow'), run: store.reconnect };
  }
  if (status.state === 'waiting')
    return {
      kind: 'reconnecting',
      word: w('paused'),
      text: w('waitingTab'),
      act: w('tryNow'),
      run: store.reconnect,
    };
  if (status.state === 'connecting')
    return { kind: 'connecting', word: w('connecting'), text: '', act: w('tryNow'), run: store.reconnect };
  const source = sourceOf(store.told.sources.value, store.told.table.value);
  if (source && isStale(source))
    return {
      kind: 'stale',
      word: w('stale'),
      text: source.unchanged
        ? ago(Math.max(0, second.value - Date.parse(source.unchanged)))
        : w('sinceWhen', { when: clock(Date.parse(source.updated)) }),
      act: store.boot.guest ? w('tryNow') : w('openDiagnostics'),
      run: () => {
        if (store.boot.guest) store.reconnect();
        else store.overlay.value = 'diagnostics';
      },
    };
  return {
    kind: 'live',
    word: w('live'),
    text: ago(Math.max(0, second.value - store.lastChange.value)),
    act: w('pause'),
    run: store.pause,
  };
}

/** Dot, word and time: never colour alone. A click does what helps in that state. */
export function LivePill() {
  const told = tell();
  return (
    <button
      type="button"
      class={`live live-${told.kind}`}
      aria-label={`${told.word} ${told.text}. ${told.act}`}
      title={told.act}
      onClick={told.run}
    >
      <i key={store.arrived.value} data-ping={store.arrived.value > 0} />
      <b>{told.word}</b> {told.text && <span class="num">{told.text}</span>}
    </button>
  );
}
