// Generated from dashboard/wire by its test; `go test ./dashboard/wire -update` rewrites it.

/** One cell of a frame. */
export type Cell = string | number | boolean | null | Cell[] | { [key: string]: Cell };

/** Every event of a dashboard's stream. */
export type Event =
  | { type: 'hello'; data: Hello }
  | { type: 'snapshot'; data: Snapshot }
  | { type: 'layout'; data: Layout }
  | { type: 'patch'; data: Patch }
  | { type: 'source'; data: Source }
  | { type: 'alert'; data: Alert }
  | { type: 'viewers'; data: Viewers }
  | { type: 'heartbeat'; data: Heartbeat }
  | { type: 'goodbye'; data: Goodbye };

/** Every event of a table's stream, beside hello, heartbeat and goodbye. */
export type RowEvent =
  | { type: 'schema'; data: RowsSchema }
  | { type: 'reset'; data: RowsReset }
  | { type: 'delete'; data: RowsDelete }
  | { type: 'append'; data: RowsAppend }
  | { type: 'update'; data: RowsUpdate };

export interface Hello {
  version: string;
  epoch: string;
  dashboard?: string;
  resumed: boolean;
  retry: number;
}

export interface Selection {
  range: string;
  grain: string;
  compare: string;
  filters: Record<string, string[]>;
  width?: number;
}

export interface TimeAxis {
  column: string;
  label: string;
  type: string;
  instant: boolean;
  zone: string;
  min: string;
  max: string;
  from: string;
  to: string;
  week: number;
  grain: string;
  grains: string[];
}

export interface Field {
  name: string;
  label: string;
  type: string;
  unit?: string;
  role: string;
  distinct: number;
  control?: string;
  hidden?: boolean;
}

export interface Encoding {
  x?: string;
  y?: string;
  color?: string;
  facet?: string;
  line?: string;
  target?: string;
  columns?: string[];
}

export interface Tab {
  panel: string;
  title: string;
  filter?: string;
}

export interface Term {
  name?: string;
  word?: string;
  label?: string;
  of?: Term;
  p?: number;
  window?: number;
  year?: boolean;
}

export interface Heading {
  what?: string;
  terms?: Term[];
  by?: Term[];
  open?: boolean;
  each?: Term;
  time?: boolean;
}

export interface Reason {
  code: string;
  values?: Record<string, Cell>;
}

export interface Words {
  title?: Heading;
  measures?: Term[];
  noun?: Term;
  target?: Term;
  why?: Reason[];
}

export interface Threshold {
  level: string;
  op: string;
  value: number;
}

export interface Item {
  panel: string;
  mark: string;
  title: string;
  width: number;
  encoding: Encoding;
  noun?: string;
  format?: string;
  line_format?: string;
  filter?: string;
  zero: boolean;
  stack?: string;
  points?: boolean;
  time: boolean;
  tabs?: Tab[];
  why: string;
  words?: Words;
  target?: string;
  better?: string;
  thresholds?: Threshold[];
  compare?: string;
  highlight?: string;
}

export interface Row {
  height: string;
  items: Item[];
}

export interface Column {
  name: string;
  label?: string;
  type: string;
  unit?: string;
  role?: string;
  instant?: boolean;
  exact?: boolean;
  approx?: boolean;
}

export interface Note {
  at: string;
  text: string;
}

export interface Facts {
  rows: number;
  total?: number;
  sort?: string;
  sum?: number;
  other_count?: number;
  other_value?: number;
  median?: number;
  empty?: number;
  partial_from?: string;
  current?: number;
  previous?: number;
  period?: string;
  current_from?: string;
  current_to?: string;
  previous_from?: string;
  target?: number;
  spark?: number[];
  spark_prior?: number[];
  overview_at?: string[];
  overview?: number[];
  notes?: Note[];
  binned?: boolean;
  sampled?: number;
  facets?: string[];
  more_facets?: number;
}

export interface Frame {
  revision: number;
  columns: Column[];
  values: Cell[][];
  facts?: Facts;
  error?: string;
}

export interface Counts {
  info: number;
  warning: number;
  error: number;
}

export interface LoadError {
  code?: string;
  message: string;
  line?: number;
  column?: number;
  hint?: string;
}

export interface TableName {
  name: string;
  label: string;
  rows: number;
  dashboard?: string;
}

export interface Progress {
  bytes: number;
  total: number;
}

export interface Source {
  name: string;
  label?: string;
  state: string;
  revision: number;
  rows: number;
  added: number;
  removed: number;
  changed: number;
  bytes: number;
  updated: string;
  ms: number;
  diagnostics: Counts;
  error: LoadError | null;
  tables?: TableName[];
  format?: string;
  partial?: boolean;
  writing?: string;
  unchanged?: string;
  renamed_from?: string;
  progress?: Progress;
}

export interface Look {
  locale?: string;
  mode?: string;
  accent?: string;
  palette?: string[];
  positive?: string;
  negative?: string;
}

export interface Snapshot {
  dashboard: string;
  title: string;
  table: string;
  revision: number;
  epoch: string;
  at: string;
  selection: Selection;
  time?: TimeAxis;
  fields: Field[];
  rows: Row[];
  frames: Record<string, Frame>;
  sources: Source[];
  look?: Look;
  viewers: number;
  allow: string[];
}

export interface Layout {
  dashboard: string;
  title: string;
  revision: number;
  look?: Look;
  selection?: Selection;
  time?: TimeAxis;
  fields: Field[];
  rows: Row[];
  frames: Record<string, Frame>;
}

export interface Insert {
  at: number[];
  values: Cell[][];
}

export interface Update {
  at: number[];
  columns: string[];
  values: Cell[][];
  old: Cell[][];
}

export interface Patch {
  panel: string;
  base: number;
  revision: number;
  remove?: number[];
  insert?: Insert;
  update?: Update;
  length: number;
  facts?: Facts;
  frame?: Frame;
}

export interface Alert {
  name: string;
  state: string;
  value: number;
  threshold: number;
}

export interface Viewers {
  count: number;
}

export interface Heartbeat {
  head: string;
  time: string;
}

export interface Goodbye {
  reason: string;
  retry: number;
}

export interface TableColumn {
  name: string;
  label: string;
  type: string;
  unit?: string;
  role: string;
  nulls: number;
  distinct?: number;
  instant?: boolean;
  exact?: boolean;
  reason?: string;
  because?: Reason;
}

export interface RowsSchema {
  table: string;
  revision: number;
  columns: TableColumn[];
  key: string[];
}

export interface RowsReset {
  revision: number;
  rows: number;
}

export interface RowsDelete {
  base: number;
  revision: number;
  keys?: Cell[][];
  at: number[];
  more?: boolean;
}

export interface RowsAppend {
  base: number;
  revision: number;
  at?: number[];
  values: Cell[][];
  more?: boolean;
}

export interface RowsUpdate {
  base: number;
  revision: number;
  keys?: Cell[][];
  at: number[];
  columns: string[];
  values: Cell[][];
  old: Cell[][];
  more?: boolean;
}

export interface Table {
  name: string;
  label: string;
  source: string;
  state: string;
  revision: number;
  rows: number;
  updated: string;
  columns: TableColumn[];
  key: string[];
}

export interface Tables {
  epoch: string;
  tables: Table[];
}

export interface SourceDetail {
  name: string;
  path: string;
  format: string;
  state: string;
  tables: string[];
  bytes: number;
  modified: string;
  revision: number;
  ms: number;
  diagnostics: Counts;
  error: LoadError | null;
  watched?: string;
  writing?: string;
  partial?: boolean;
  renamed_from?: string;
  progress?: Progress;
}

export interface WatchedTree {
  path: string;
  mode: string;
  reason?: string;
  folders: number;
}

export interface WritingFile {
  path: string;
  since: string;
  stale: boolean;
}

export interface Watching {
  mode: string;
  files: number;
  folders: number;
  notes: string[];
  skipped: string[];
  trees: WatchedTree[];
  writing: WritingFile[];
  lost?: string;
  overflows: number;
  compared: string;
  compare_ms: number;
}

export interface Sources {
  epoch: string;
  root: string;
  sources: SourceDetail[];
  watching: Watching;
}

export interface Diagnostic {
  code: string;
  severity: string;
  sheet?: string;
  line?: number;
  column?: string;
  value?: string;
  count: number;
  message: string;
  hint?: string;
}

export interface Diagnostics {
  source: string;
  diagnostics: Diagnostic[];
  counted: Counts;
}

export interface DashboardEntry {
  slug: string;
  title: string;
  table: string;
  panels: number;
  written?: boolean;
}

export interface Dashboards {
  dashboards: DashboardEntry[];
}

export interface SpecRow {
  height?: string;
  items: Record<string, Cell>[];
}

export interface DashboardSpec {
  slug: string;
  title: string;
  table: string;
  written: boolean;
  writable: boolean;
  rows: SpecRow[];
  measures: string[];
  aggregates: string[];
  marks: Record<string, string[]>;
}

export interface DashboardEdit {
  title: string;
  table: string;
  rows: SpecRow[];
}

export interface DraftRequest {
  item: Record<string, Cell>;
}

export interface Draft {
  item: Item;
  frame: Frame;
}

export interface ValueRows {
  value: string;
  rows: number;
}

export interface Values {
  column: string;
  values: ValueRows[];
  distinct: number;
}

export interface ColumnProfile {
  name: string;
  empty: number;
  distinct: number;
  approx?: boolean;
  min?: Cell;
  max?: Cell;
  top?: string;
  counts: number[];
}

export interface Profile {
  rows: number;
  columns: ColumnProfile[];
}

export interface Revision {
  revision: number;
  at: string;
  source: string;
  table: string;
  added: number;
  changed: number;
  removed: number;
}

export interface History {
  epoch: string;
  after?: number;
  revisions: Revision[];
  forgotten?: number[];
}

export interface ShareRequest {
  dashboards: string[];
  lock?: Record<string, string[]>;
  allow?: string[];
  expires?: string;
  password?: string;
  label?: string;
}

export interface Reach {
  local: boolean;
  urls: string[];
  hint?: string;
}

export interface ShareCreated {
  id: string;
  url: string;
  token: string;
  expires: string;
  reach: Reach;
}

export interface Share {
  id: string;
  label: string;
  dashboards: string[];
  allow: string[];
  locked: string[];
  created: string;
  expires: string;
  last_used?: string;
  revoked: boolean;
  password: boolean;
  viewers: number;
}

export interface Shares {
  shares: Share[];
  reach: Reach;
}

export interface SessionRequest {
  token: string;
  password?: string;
}

export interface Session {
  share: string;
  path: string;
}

export interface Launch {
  url: string;
}

export interface Boot {
  version: string;
  title: string;
  root: string;
  base: string;
  guest: boolean;
  dashboard: string;
  dashboards: DashboardEntry[];
  sources: Source[];
  snapshot: Snapshot | null;
  extensions: string[];
  lan: boolean;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string;
  allowed?: string[];
}
