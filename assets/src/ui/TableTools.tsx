import { useEffect, useRef, useState } from 'preact/hooks';
import { moveColumn, shownColumns, toggleColumn, writeColumns } from '../charts/tableColumns';
import { store } from '../state/page';
import type { Frame, Item } from '../wire';
import { Arrow, ColumnsIcon, Search } from './icons';
import { Popover } from './Popover';
import { w } from './words';

/** Milliseconds without a key after which what was typed is searched for. */
const PAUSE = 250;

/** Looks for a text in every cell of the rows. */
function Find({ item }: { item: Item }) {
  const asked = store.view(item.panel).value.q ?? '';
  const [text, setText] = useState(asked);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // "Back", or a link within the page, asks for something else.
  useEffect(() => setText(asked), [asked]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const search = (next: string) => {
    clearTimeout(timer.current);
    store.setView(item.panel, 'q', next.trim() || null);
  };
  return (
    <label class="find">
      <Search />
      <input
        type="search"
        placeholder={w('findInRows')}
        aria-label={w('findInRows')}
        value={text}
        onInput={(e) => {
          const next = e.currentTarget.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => search(next), PAUSE);
        }}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === 'Enter') search(e.currentTarget.value);
          if (e.key === 'Escape') {
            setText('');
            search('');
          }
        }}
      />
    </label>
  );
}

/** Every column: whether it is shown, and where. */
function Columns({ item, frame }: { item: Item; frame: Frame }) {
  const all = item.encoding.columns?.length ? item.encoding.columns : frame.columns.map((c) => c.name);
  const chosen = store.view(item.panel).value.cols;
  const shown = shownColumns(all, chosen);
  const labels = new Map(frame.columns.map((c) => [c.name, c.label || c.name]));
  const set = (next: string[]) => store.setView(item.panel, 'cols', writeColumns(all, next));
  const rest = all.filter((name) => !shown.includes(name));
  return (
    <>
      <ul class="menu-list menu-alone columns-list" aria-label={w('columns')}>
        {[...shown, ...rest].map((name) => {
          const at = shown.indexOf(name);
          const label = labels.get(name) ?? name;
          return (
            <li key={name}>
              <label class="menu-item">
                <input
                  type="checkbox"
                  checked={at >= 0}
                  disabled={at >= 0 && shown.length === 1}
                  onChange={() => set(toggleColumn(all, shown, name))}
                />
                <span class="truncate">{label}</span>
              </label>
              {at >= 0 && (
                <>
                  <button
                    type="button"
                    class="tool"
                    disabled={at === 0}
                    aria-label={w('columnLeft', { name: label })}
                    onClick={() => set(moveColumn(shown, name, at - 1))}
                  >
                    <Arrow up />
                  </button>
                  <button
                    type="button"
                    class="tool"
                    disabled={at === shown.length - 1}
                    aria-label={w('columnRight', { name: label })}
                    onClick={() => set(moveColumn(shown, name, at + 1))}
                  >
                    <Arrow />
                  </button>
                </>
              )}
            </li>
          );
        })}
      </ul>
      {chosen !== undefined && (
        <button
          type="button"
          class="button button-ghost columns-reset"
          onClick={() => store.setView(item.panel, 'cols', null)}
        >
          {w('allColumns')}
        </button>
      )}
    </>
  );
}

/** What a table carries beside its title: a search over its rows, and the choice of its columns. */
export function TableTools({ item, frame, search }: { item: Item; frame: Frame; search: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const chosen = store.view(item.panel).value.cols !== undefined;
  return (
    <>
      {search && <Find item={item} />}
      <button
        type="button"
        class="tool"
        ref={button}
        data-on={chosen}
        aria-label={w('columns')}
        title={w('columns')}
        aria-haspopup="dialog"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ColumnsIcon />
      </button>
      {open && (
        <Popover anchor={button} label={w('columns')} onClose={() => setOpen(false)} end>
          <Columns item={item} frame={frame} />
        </Popover>
      )}
    </>
  );
}
