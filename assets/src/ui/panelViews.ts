import { signal } from '@preact/signals';
import type { Item } from '../wire';

/** Panels that are shown as tables. */
export const asTable = signal<ReadonlySet<string>>(new Set());
/** The panel at full size. */
export const full = signal<Item | null>(null);

export function toggleTable(panel: string): void {
  const next = new Set(asTable.value);
  if (!next.delete(panel)) next.add(panel);
  asTable.value = next;
}
