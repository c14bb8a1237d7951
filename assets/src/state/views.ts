/**
 * How a viewer has set up the panels of a dashboard: which lines are hidden, how a table is ordered, which tab is open.
 * It is a part of the address, `v.<panel>.<key>=…`, so that a copied address shows the same; it asks nothing of the server.
 */
export type PanelView = Readonly<Record<string, string>>;
export type Views = Readonly<Record<string, PanelView>>;

export const NO_VIEW: PanelView = {};

export function readViews(search: string): Views {
  const views: Record<string, Record<string, string>> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    // Neither a panel's name nor a key has a dot: panels are named by slugs.
    const found = /^v\.([^.]+)\.([^.]+)$/.exec(name);
    if (!found) continue;
    const [, panel = '', key = ''] = found;
    views[panel] = { ...views[panel], [key]: value };
  }
  return views;
}

export function writeViews(views: Views): string {
  const query = new URLSearchParams();
  for (const panel of Object.keys(views).sort())
    for (const [key, value] of Object.entries(views[panel] ?? {}).sort())
      query.set(`v.${panel}.${key}`, value);
  return query.toString().replaceAll('%2C', ',');
}

/** The same object where nothing changes. */
export function withView(views: Views, panel: string, key: string, value: string | null): Views {
  const old = views[panel] ?? NO_VIEW;
  if ((old[key] ?? null) === value) return views;
  const { [key]: _, ...rest } = old;
  const next: PanelView = value === null ? rest : { ...rest, [key]: value };
  const { [panel]: __, ...others } = views;
  return Object.keys(next).length ? { ...others, [panel]: next } : others;
}
