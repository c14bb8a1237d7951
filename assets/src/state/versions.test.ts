import { expect, test } from 'vitest';
import type { Revision } from '../wire';
import { NOTHING, took, versionsOf } from './versions';

const r = (revision: number, table = 'orders'): Revision => ({
  revision,
  table,
  at: `2026-11-24T10:00:${String(revision).padStart(2, '0')}Z`,
  source: 'orders',
  added: 1,
  changed: 0,
  removed: 0,
});

test('what is new joins what is known, and what is kept no more leaves', () => {
  const all = took(NOTHING, { epoch: 'a', revisions: [r(1), r(2), r(3)] });
  const more = took(all, { epoch: 'a', after: 3, revisions: [r(4)], forgotten: [2] });
  expect(more.list.map((x) => x.revision)).toEqual([1, 3, 4]);
  // An answer that was on its way twice counts once.
  expect(took(more, { epoch: 'a', after: 3, revisions: [r(4)] }).list.map((x) => x.revision)).toEqual([
    1, 3, 4,
  ]);
  // A whole list, or one of another run, is that alone.
  expect(took(more, { epoch: 'a', revisions: [r(9)] }).list.map((x) => x.revision)).toEqual([9]);
  expect(took(more, { epoch: 'b', after: 3, revisions: [r(5)] }).list.map((x) => x.revision)).toEqual([5]);
});

test('the versions of a table are its own', () => {
  expect(versionsOf([r(1), r(2, 'plan'), r(3, '')], 'orders').map((v) => v.revision)).toEqual([1, 3]);
});
