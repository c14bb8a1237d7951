import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { toast } from './toasts';
import { w } from './words';

/** A component whose code is fetched when it is first shown: drawers and the palette are not part of the first load. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  failed: () => void = () => toast(w('notLoaded')),
): ComponentType<P> {
  let found: ComponentType<P> | null = null;
  return function Later(props: P) {
    const [, ready] = useState(found !== null);
    useEffect(() => {
      // It may have come between this picture and this moment, for another place.
      if (found) {
        ready(true);
        return;
      }
      let wanted = true;
      load().then(
        (C) => {
          found = C;
          if (wanted) ready(true);
        },
        () => {
          if (wanted) failed();
        },
      );
      return () => {
        wanted = false;
      };
    }, []);
    return found ? <Found C={found} props={props} /> : null;
  };
}

function Found<P extends object>({ C, props }: { C: ComponentType<P>; props: P }) {
  return <C {...props} />;
}
