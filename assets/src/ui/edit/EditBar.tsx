import { useRef } from 'preact/hooks';
import { Plus } from '../icons';
import { w } from '../words';
import { EditDrawer } from './EditDrawer';
import { editing, opened } from './mode';
import '../../styles/edit.css';
import { add, automatic, end, rename, save } from './session';

/** What stands over a dashboard while it is edited. */
export function EditBar() {
  const now = editing.value;
  const bar = useRef<HTMLDivElement>(null);
  if (!now) return null;
  const { spec } = now;
  return (
    <>
      <div class="editbar" ref={bar} role="region" aria-label={w('editDashboard')}>
        <input
          class="input"
          aria-label={w('dashboardTitle')}
          value={now.title}
          onInput={(e) => rename(e.currentTarget.value)}
        />
        <p class="quiet">{w('editHint')}</p>
        <span class="grow" />
        <button type="button" class="button button-ghost" onClick={add}>
          <Plus />
          {w('addPanel')}
        </button>
        {spec.written && spec.writable && (
          <button type="button" class="button button-ghost" onClick={automatic}>
            {w('backToAutomatic')}
          </button>
        )}
        <button type="button" class="button" onClick={end}>
          {w('cancel')}
        </button>
        <button
          type="button"
          class="button button-primary"
          disabled={!now.changed || now.saving || !spec.writable}
          title={spec.writable ? undefined : w('editNotWritable')}
          onClick={save}
        >
          {w('save')}
        </button>
        {(now.problem || !spec.writable) && (
          <p class="editbar-said wrong" role="alert">
            {now.problem || w('editNotWritable')}
          </p>
        )}
      </div>
      {opened.value && <EditDrawer key={opened.value} panel={opened.value} />}
    </>
  );
}
