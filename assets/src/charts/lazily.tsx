import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/words';
import type { MarkComponent } from './mark';
import { PanelState } from './States';

/**
 * A mark whose code comes when it is first drawn, so that the first picture of the page does not wait for marks that
 * stand below it or are rare; with `now` it is asked for at once. A load that failed is tried again by the next panel
 * that needs it.
 */
export function lazily(load: () => Promise<MarkComponent>, now = false): MarkComponent {
  let ready: MarkComponent | null = null;
  let coming: Promise<void> | null = null;
  const come = (): Promise<void> => {
    coming ??= load().then(
      (mark) => {
        ready = mark;
      },
      (cause) => {
        coming = null;
        throw cause;
      },
    );
    return coming;
  };
  if (now) come().catch(() => {});
  return function Lazy(props) {
    const [state, setState] = useState<'waiting' | 'here' | 'failed'>(ready ? 'here' : 'waiting');
    useEffect(() => {
      // It may have come between this picture and this moment, on behalf of another panel.
      if (ready) {
        setState('here');
        return;
      }
      let gone = false;
      const set = (next: 'here' | 'failed') => {
        if (!gone) setState(next);
      };
      come().then(
        () => set('here'),
        () => set('failed'),
      );
      return () => {
        gone = true;
      };
    }, []);
    const Ready = ready;
    if (Ready) return <Ready {...props} />;
    if (state === 'failed') return <PanelState kind="error" mark={props.item.mark} detail={t('unloaded')} />;
    return <PanelState kind="loading" mark={props.item.mark} />;
  };
}
