/** Which columns of a table are shown, in which order and how wide: what the viewer did to them. */
import { joinList, splitList } from '../lib/list';

/** What a table keeps in the address: columns in their order, where that differs from the dashboard's. */
export function shownColumns(all: readonly string[], chosen: string | undefined): string[] {
  if (chosen === undefined) return [...all];
  // A name that the file lost is left out, one that came new is not hidden by an older choice of others: it is offered.
  const list = splitList(chosen).filter((name) => all.includes(name));
  return list.length ? list : [...all];
}

/** The choice as the address writes it; null where it is the dashboard's own. */
export function writeColumns(all: readonly string[], shown: readonly string[]): string | null {
  const same = shown.length === all.length && shown.every((name, i) => name === all[i]);
  return same || !shown.length ? null : joinList(shown);
}

export function moveColumn(shown: readonly string[], name: string, to: number): string[] {
  const rest = shown.filter((n) => n !== name);
  if (rest.length === shown.length) return [...shown];
  const at = Math.max(0, Math.min(rest.length, to));
  return [...rest.slice(0, at), name, ...rest.slice(at)];
}

/** Takes a column away, or puts it back where it stands among all. The last one cannot go. */
export function toggleColumn(all: readonly string[], shown: readonly string[], name: string): string[] {
  if (shown.includes(name)) return shown.length > 1 ? shown.filter((n) => n !== name) : [...shown];
  const before = new Set(all.slice(0, all.indexOf(name)));
  const at = shown.findLastIndex((n) => before.has(n));
  return [...shown.slice(0, at + 1), name, ...shown.slice(at + 1)];
}

export const NARROWEST = 48;
export const WIDEST = 900;

export const clampWidth = (width: number) => Math.round(Math.max(NARROWEST, Math.min(WIDEST, width)));
