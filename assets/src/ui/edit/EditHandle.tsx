import { useRef } from 'preact/hooks';
import { COLUMNS, mayPlace, type Place, put, remove, resize, step } from '../../state/arrange';
import { Close, Edit, Grip } from '../icons';
import { w } from '../words';
import { drop, editing, opened } from './mode';
import { arrange } from './session';

/** How near the upper or lower edge of a panel, as a share of its height, one means a row of its own. */
const EDGE = 0.18;

function placeAt(x: number, y: number): Place | null {
  const node = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-edit]');
  const beside = node?.dataset.edit;
  if (!node || !beside) return null;
  const box = node.getBoundingClientRect();
  const down = (y - box.top) / box.height;
  const side =
    down < EDGE ? 'above' : down > 1 - EDGE ? 'below' : x < box.left + box.width / 2 ? 'left' : 'right';
  return { beside, side };
}

/** The first place that the panel may stand at, of those that the pointer can mean there. */
function meant(panel: string, x: number, y: number): Place | null {
  const place = placeAt(x, y);
  const rows = editing.value?.rows;
  if (!place || !rows) return null;
  if (mayPlace(rows, panel, place)) return place;
  const other: Place = { ...place, side: 'below' };
  return place.side !== 'above' && mayPlace(rows, panel, other) ? other : null;
}

/** Follows a pointer until it is let go. */
function follow(e: PointerEvent, move: (m: PointerEvent) => void, done: (kept: boolean) => void): void {
  const end = (m: PointerEvent) => {
    document.removeEventListener('pointermove', move);
    document.removeEventListener('pointerup', end);
    document.removeEventListener('pointercancel', end);
    done(m.type === 'pointerup');
  };
  e.preventDefault();
  document.addEventListener('pointermove', move);
  document.addEventListener('pointerup', end);
  document.addEventListener('pointercancel', end);
}

/** What a panel carries while its dashboard is edited: it is moved by its middle, made wider by its edge. */
export function EditHandle({ panel, title, last }: { panel: string; title: string; last: boolean }) {
  const node = useRef<HTMLDivElement>(null);
  const carry = (e: PointerEvent) => {
    if (e.button !== 0) return;
    node.current?.setAttribute('data-carried', 'true');
    follow(
      e,
      (m) => {
        drop.value = meant(panel, m.clientX, m.clientY);
      },
      (kept) => {
        node.current?.removeAttribute('data-carried');
        const to = drop.value;
        drop.value = null;
        const rows = editing.value?.rows;
        if (kept && to && rows) arrange(put(rows, panel, to));
      },
    );
  };
  const stretch = (e: PointerEvent) => {
    const slot = node.current?.closest<HTMLElement>('.slot');
    const row = slot?.parentElement;
    if (!slot || !row || e.button !== 0) return;
    const left = slot.getBoundingClientRect().left;
    const column = row.getBoundingClientRect().width / COLUMNS;
    follow(
      e,
      (m) => {
        const rows = editing.value?.rows;
        if (rows) arrange(resize(rows, panel, (m.clientX - left) / column));
      },
      () => {},
    );
  };
  return (
    <div class="edit-handle" ref={node}>
      <button
        type="button"
        class="edit-grip"
        aria-label={w('movePanel', { title })}
        title={w('movePanelKeys')}
        onPointerDown={carry}
        onKeyDown={(e) => {
          const rows = editing.value?.rows;
          if (!rows || !e.key.startsWith('Arrow')) return;
          e.preventDefault();
          e.stopPropagation();
          const by = { ArrowRight: 1, ArrowLeft: -1 }[e.key];
          const width = rows.flatMap((r) => r.items).find((i) => i.panel === panel)?.item.width ?? 0;
          arrange(e.shiftKey && by ? resize(rows, panel, width + by) : step(rows, panel, e.key));
          // The panel moved in the document; the focus stays with it.
          requestAnimationFrame(() =>
            document.querySelector<HTMLElement>(`[data-edit="${panel}"] .edit-grip`)?.focus(),
          );
        }}
      >
        <Grip />
      </button>
      <button
        type="button"
        class="tool"
        aria-label={w('editPanel', { title })}
        onClick={() => {
          opened.value = panel;
        }}
      >
        <Edit />
      </button>
      <button
        type="button"
        class="tool"
        aria-label={w('removePanel', { title })}
        onClick={() => editing.value && arrange(remove(editing.value.rows, panel))}
      >
        <Close />
      </button>
      {!last && <span class="edit-edge" onPointerDown={stretch} />}
    </div>
  );
}
