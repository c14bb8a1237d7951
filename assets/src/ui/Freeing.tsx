import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { store } from '../state/page';
import { writeSelection } from '../state/selection';
import type { Selection } from '../wire';
import { w } from './words';

/** The filter without which most rows are left; its column is null where that is the time. */
interface Freed {
  key: string;
  column: string | null;
  rows: number;
}

const best = signal<Freed | null>(null);
let asked = '';

/** Each filter of the selection with what is left of it without that one. */
function without(s: Selection): { column: string | null; rest: Selection }[] {
  const list: { column: string | null; rest: Selection }[] = Object.keys(s.filters).map((column) => {
    const { [column]: _, ...filters } = s.filters;
    return { column, rest: { ...s, filters } };
  });
  if (s.range !== 'all') list.push({ column: null, rest: { ...s, range: 'all' } });
  return list;
}

async function look(key: string): Promise<void> {
  if (asked === key) return;
  asked = key;
  const counted = await Promise.all(
    without(store.chosen.peek()).map(async ({ column, rest }) => ({
      key,
      column,
      rows: await store.count(rest).catch(() => 0),
    })),
  );
  const [first] = counted.sort((a, b) => b.rows - a.rows);
  if (asked === key) best.value = first?.rows ? first : null;
}

/** What helps where no row is left: the filter that hides most, and how many rows come back without it. */
export function Freeing() {
  const key = `${store.slug.value} ${writeSelection(store.chosen.value)} ${store.told.revision.value}`;
  const may = !store.boot.guest || store.can('rows');
  useEffect(() => {
    if (may) look(key);
  }, [key, may]);
  const found = best.value?.key === key ? best.value : null;
  const field = store.told.fields.value.find((f) => f.name === found?.column);
  return (
    <>
      {found && (
        <button
          type="button"
          class="button"
          onClick={() => {
            if (found.column === null) store.zoom(null);
            else store.clear(found.column);
          }}
        >
          {w('without', {
            name: found.column === null ? w('timeRange') : field?.label || found.column,
            rows: w('rowsCount', { n: found.rows }),
          })}
        </button>
      )}
      <button type="button" class="button" onClick={() => store.clear()}>
        {w('clearFilters')}
      </button>
    </>
  );
}
