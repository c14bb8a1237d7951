import type { JSX } from 'preact';
import type { Cell, Frame, Item, Profile, Selection, TimeAxis } from '../wire';

/** What the newest patch did to a frame, so that a mark can show it: positions are those in the frame as it is now. */
export interface Changes {
  /** Rows that came in. */
  inserted: ReadonlySet<number>;
  /** Column name, then row, to the value that stood there before. */
  cells: ReadonlyMap<string, ReadonlyMap<number, unknown>>;
  /** How many rows went. */
  removed: number;
  /** Of a few that went, what stood in them and where they would stand now. */
  gone?: readonly Gone[];
  /** performance.now() of the patch; changes older than the freshness time are not shown. */
  at: number;
  /** The patch before it came only just before: the panel is in flow, and its values are not marked one by one. */
  flow?: boolean;
  /** The viewer compares two moments: what differs stays marked. */
  held?: boolean;
}

/** A row that went: its cells by column, and the position in the frame as it is now at which it would stand. */
export interface Gone {
  at: number;
  values: readonly Cell[];
}

/** How a click or a brush joins the filters of the page. */
export type FilterMode = 'toggle' | 'only' | 'exclude';

/**
 * What every mark gets. A mark is a function of these: it keeps no data of its own, only what the viewer does to it
 * (zoom, scroll, focus), and that survives every update.
 */
export interface MarkProps {
  item: Item;
  frame: Frame;
  selection: Selection;
  time: TimeAxis | null;
  changes: Changes | null;
  /** A category was chosen: `value` is in the spelling of a filter ("" is the empty cell). */
  onFilter: (column: string, value: string, mode: FilterMode) => void;
  /** A range was brushed on a number or a time, half open; null takes the range away. */
  onRange: (column: string, range: { from: string; to: string } | null) => void;
  /** The dashboard's time range was brushed, in the text form of the time axis; null is "all". */
  onZoom: (range: { from: string; to: string } | null) => void;
  /** How the viewer has set this panel up, as the address keeps it: the order of a table, the lines that are hidden. */
  view?: Readonly<Record<string, string>>;
  /** Sets one of these; null takes it away. Absent where nothing can be kept. */
  onView?: (key: string, value: string | null) => void;
  /** Rows beyond those in the frame (tables), columnar, and how many there are in all; absent where the viewer may not read them. */
  fetchRows?: (
    offset: number,
    limit: number,
    sort: string,
    search: string,
  ) => Promise<{ values: Frame['values']; total: number | null }>;
  /** The list of this panel with more categories than its frame has (ranked lists). */
  fetchWhole?: (limit: number) => Promise<Frame>;
  /** How columns are spread under the selection (tables). */
  fetchProfile?: (columns: string[]) => Promise<Profile>;
}

export type MarkComponent = (props: MarkProps) => JSX.Element;
