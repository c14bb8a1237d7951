import { useEffect, useState } from 'preact/hooks';
import { store } from '../state/page';
import type { Source } from '../wire';
import { fileName, sourceOf } from './sources';
import { w } from './words';

/** A screen reader hears at most one summary in so long. */
const EVERY_MS = 10_000;

interface Sum {
  added: number;
  changed: number;
  removed: number;
}

const NOTHING: Sum = { added: 0, changed: 0, removed: 0 };

export function said(source: Source, sum: Sum): string {
  const what = [
    ...(sum.added ? [w('saidAdded', { n: sum.added })] : []),
    ...(sum.changed ? [w('saidChanged', { n: sum.changed })] : []),
    ...(sum.removed ? [w('saidRemoved', { n: sum.removed })] : []),
  ].join(', ');
  return what ? w('saidIn', { file: fileName(source), what }) : '';
}

/** What has changed since the last time, in one sentence and politely. Never value by value. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => {
    let sum = NOTHING;
    let revision = store.live.peek().revision;
    let known: Source | undefined;
    const stop = store.live.subscribe((state) => {
      const source = sourceOf(state.sources, state.table);
      if (source && source !== known && source.revision > revision) {
        revision = source.revision;
        sum = {
          added: sum.added + source.added,
          changed: sum.changed + source.changed,
          removed: sum.removed + source.removed,
        };
      }
      known = source;
    });
    const timer = setInterval(() => {
      if (!known || sum === NOTHING || document.hidden) return;
      setText(said(known, sum));
      sum = NOTHING;
    }, EVERY_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, []);
  return (
    <p class="sr" aria-live="polite">
      {text}
    </p>
  );
}
