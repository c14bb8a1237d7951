import type { Progress, Source } from '../wire';

const EXTENSION = /\.[a-z0-9]{1,8}$/i;

/** What the file is called, with its ending where the server tells it. */
export function fileName(s: Source): string {
  if (s.label) return s.label;
  const only = s.tables?.length === 1 ? s.tables[0]?.label : undefined;
  if (EXTENSION.test(s.name)) return s.name;
  if (only && EXTENSION.test(only)) return only;
  return s.format && s.format !== 'excel' ? `${s.name}.${s.format}` : s.name;
}

/** Endings that are longer than the badge, as people who work with them say it. */
const SHORT: Record<string, string> = {
  excel: 'xlsx',
  parquet: 'pq',
  ndjson: 'json',
  jsonl: 'json',
  geojson: 'json',
};

/** The kind for the badge: the file's own ending, else the format. */
export function kindOf(s: Source): string {
  const ending = (/\.([a-z0-9]{1,8})$/i.exec(fileName(s))?.[1] ?? s.format ?? '').toLowerCase();
  return SHORT[ending] ?? ending.slice(0, 4);
}

export const stem = (s: Source) => fileName(s).replace(EXTENSION, '');

/** The file behind a table. */
export function sourceOf(sources: Source[], table: string): Source | undefined {
  return (
    sources.find((s) => s.tables?.some((t) => t.name === table)) ??
    sources.find((s) => s.name === table) ??
    (sources.length === 1 ? sources[0] : undefined)
  );
}

/** Rows of one table, which for a workbook is one of its sheets. */
export function rowsOf(sources: Source[], table: string): number {
  const s = sourceOf(sources, table);
  return s?.tables?.find((t) => t.name === table)?.rows ?? s?.rows ?? 0;
}

/** Its data on screen are not those of the file as it is now. */
export const isStale = (s: Source | undefined) =>
  s !== undefined && (s.state === 'error' || s.state === 'missing' || s.state === 'stale');

/** How much of a file is read, 0 to 1. */
export const share = (p: Progress) => (p.total > 0 ? Math.min(1, p.bytes / p.total) : 0);
