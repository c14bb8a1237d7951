import { signal } from '@preact/signals';
import type { EditRow, Place } from '../../state/arrange';
import type { DashboardSpec } from '../../wire';

/** A dashboard under somebody's hands. */
export interface Editing {
  slug: string;
  spec: DashboardSpec;
  title: string;
  rows: readonly EditRow[];
  changed: boolean;
  /** What the server said against it. */
  problem: string;
  saving: boolean;
}

/** Null while nobody edits, which is nearly always. */
export const editing = signal<Editing | null>(null);
/** The panel whose question is open in the drawer. */
export const opened = signal<string | null>(null);
/** Where the panel in the hand would go. */
export const drop = signal<Place | null>(null);
