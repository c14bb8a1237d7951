/** The revisions that can be looked at, as they are known so far. */
import type { History, Revision } from '../wire';

export interface Version {
  revision: number;
  at: number;
  added: number;
  changed: number;
  removed: number;
}

export interface Kept {
  epoch: string;
  list: readonly Revision[];
}

export const NOTHING: Kept = { epoch: '', list: [] };

/** What is known after an answer: that alone where it is whole, else what was known, without what is kept no more, and what is new. */
export function took(before: Kept, answer: History): Kept {
  const { epoch, after, revisions, forgotten } = answer;
  if (!after || epoch !== before.epoch) return { epoch, list: revisions };
  const gone = new Set(forgotten);
  const newest = before.list.at(-1)?.revision ?? 0;
  return {
    epoch,
    list: [
      ...(gone.size ? before.list.filter((r) => !gone.has(r.revision)) : before.list),
      ...revisions.filter((r) => r.revision > newest),
    ],
  };
}

/** The revisions of one table; those of others change nothing there. */
export function versionsOf(list: readonly Revision[], table: string): Version[] {
  return list
    .filter((r) => r.table === table || r.table === '')
    .map((r) => ({
      revision: r.revision,
      at: Date.parse(r.at),
      added: r.added,
      changed: r.changed,
      removed: r.removed,
    }))
    .filter((v) => Number.isFinite(v.at));
}
