import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { recall, remember } from '../lib/remember';
import { store } from '../state/page';
import { isFiltered } from '../state/selection';
import { Close, Plus } from './icons';
import { w } from './words';

/** An address with a name: a dashboard under a selection, with its panels as they were set up. */
interface View {
  name: string;
  slug: string;
  search: string;
}

/** Views belong to one folder and one browser; a link that others shall see is what sharing is for. */
const KEY = `views.${store.boot.root}`;
const views = signal<View[]>(
  recall<View[]>(KEY, []).filter((v) => v && typeof v.name === 'string' && v.slug),
);

function keep(next: View[]): void {
  views.value = next;
  remember(KEY, next.length ? next : null);
}

/** What the view would be called: what is filtered, else the dashboard. */
function suggestion(): string {
  const said = Object.values(store.selection.value.filters)
    .flat()
    .filter((v) => !v.includes('..'))
    .map((v) => v.replace(/^[!=~]+/, ''));
  return [store.title.value, ...said.slice(0, 3)].join(', ');
}

export function SavedViews() {
  const [naming, setNaming] = useState(false);
  // Reading both subscribes: the address follows them.
  const there = store.told.dashboard.value !== '';
  const special = isFiltered(store.selection.value) || store.custom.value;
  const here = store.here.value;
  const known = views.value.some((v) => v.slug === store.slug.value && v.search === here);
  if (!views.value.length && !(there && special)) return null;
  const save = (name: string) => {
    setNaming(false);
    if (name.trim()) keep([...views.value, { name: name.trim(), slug: store.slug.value, search: here }]);
  };
  return (
    <>
      <h2 class="side-title">
        <span>{w('savedViews')}</span>
      </h2>
      <ul>
        {views.value.map((v) => (
          <li key={`${v.slug}?${v.search} ${v.name}`} class="saved">
            <a
              class="source"
              href={`${store.href(v.slug)}${v.search ? `?${v.search}` : ''}`}
              aria-current={v.slug === store.slug.value && v.search === here ? 'page' : undefined}
              onClick={(e) => {
                if (e.metaKey || e.ctrlKey || e.shiftKey || e.button !== 0) return;
                e.preventDefault();
                store.visit(v.slug, v.search);
              }}
            >
              <span class="truncate">{v.name}</span>
            </a>
            <button
              type="button"
              class="tool"
              aria-label={w('forgetView', { name: v.name })}
              onClick={() => keep(views.value.filter((o) => o !== v))}
            >
              <Close />
            </button>
          </li>
        ))}
        {there && special && !known && (
          <li>
            {naming ? (
              <form
                onSubmit={(e) => {
                  e.preventDefault();
                  save(new FormData(e.currentTarget).get('name') as string);
                }}
              >
                <input
                  class="input"
                  name="name"
                  aria-label={w('viewName')}
                  defaultValue={suggestion()}
                  ref={(n) => n?.select()}
                  onKeyDown={(e) => {
                    e.stopPropagation();
                    if (e.key === 'Escape') setNaming(false);
                  }}
                  onBlur={() => setNaming(false)}
                />
              </form>
            ) : (
              <button type="button" class="source" onClick={() => setNaming(true)}>
                <Plus />
                <span class="truncate">{w('saveView')}</span>
              </button>
            )}
          </li>
        )}
      </ul>
    </>
  );
}
