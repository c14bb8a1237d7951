import { useEffect } from 'preact/hooks';
import { store } from '../state/page';
import { fileName } from './sources';
import { toast } from './toasts';
import { w } from './words';

/** Says what happens beside the dashboard that is looked at: a file breaks or is read again, a dashboard appears. */
export function Notices() {
  useEffect(() => {
    let known = new Map(store.sources.peek().map((s) => [s.name, s.state]));
    let slugs = new Set(store.dashboards.peek().map((d) => d.slug));
    const files = store.sources.subscribe((list) => {
      // The file behind the dashboard has a banner of its own.
      const table = store.live.peek().table;
      for (const s of list) {
        const before = known.get(s.name);
        if (before === undefined || before === s.state || s.tables?.some((t) => t.name === table)) continue;
        if (s.state === 'error') toast(w('sourceBroke', { file: fileName(s) }));
        else if (before === 'error' && s.state === 'ok') toast(w('sourceBack', { file: fileName(s) }));
      }
      known = new Map(list.map((s) => [s.name, s.state]));
    });
    const boards = store.dashboards.subscribe((list) => {
      for (const d of list)
        if (slugs.size && !slugs.has(d.slug)) toast(w('newDashboard', { title: d.title }));
      slugs = new Set(list.map((d) => d.slug));
    });
    return () => {
      files();
      boards();
    };
  }, []);
  return null;
}
