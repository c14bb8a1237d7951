import { computed, type ReadonlySignal } from '@preact/signals';
import { begin, type State } from './reduce';

export type Slices = { readonly [K in keyof State]: ReadonlySignal<State[K]> };

/** Each part of a state as a signal of its own: whoever reads the name of the table is not told of every changed figure. */
export function slices(of: ReadonlySignal<State>): Slices {
  const all = (Object.keys(begin) as (keyof State)[]).map((key) => [key, computed(() => of.value[key])]);
  return Object.fromEntries(all) as Slices;
}
