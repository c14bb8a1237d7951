import { signal } from '@preact/signals';
import { store } from '../state/page';
import type { Item } from '../wire';

/** The panel at full size. */
export const full = signal<Item | null>(null);

/** Is the panel shown as a table? */
export const isTable = (panel: string): boolean => store.view(panel).value.as === 'table';

export const toggleTable = (panel: string): void =>
  store.setView(panel, 'as', isTable(panel) ? null : 'table');
