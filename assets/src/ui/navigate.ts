import { store } from '../state/page';

/** A click on a link to a dashboard: in this page, unless the viewer asks for another tab. */
export function follow(e: MouseEvent, slug: string): void {
  if (!slug || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
  e.preventDefault();
  store.go(slug);
  scrollTo({ top: 0 });
}
