import { store } from '../state/page';
import type { Item, Row } from '../wire';
import { drop, editing } from './edit/mode';
import { KeyFigure, Panel } from './Panel';
import { w } from './words';

/** A panel is wide from here on: on a page of two columns it takes both. */
const WIDE = 7;

/** Panels that would stand beside a hole on a page of two columns take both. */
export function alone(list: Row[]): ReadonlySet<string> {
  const found = new Set<string>();
  let open: string | null = null;
  for (const item of list.flatMap((r) => (isStrip(r) ? [] : r.items))) {
    if (item.width >= WIDE) {
      if (open) found.add(open);
      open = null;
    } else open = open ? null : item.panel;
  }
  if (open) found.add(open);
  return found;
}

const isStrip = (row: Row) => row.items.length > 0 && row.items.every((i) => i.mark === 'kpi');

/** The first chart over time with room for it carries the strip of the whole time. */
function stripOf(list: Row[]): string | undefined {
  const items = list.flatMap((r) => r.items);
  return items.find((i) => i.time && (i.mark === 'line' || i.mark === 'area') && i.width >= 6)?.panel;
}

function Cell({
  item,
  strip,
  wide,
  last,
}: {
  item: Item;
  strip: boolean;
  wide: boolean;
  /** The last of its row: its right edge is the page's. */
  last: boolean;
}) {
  const edited = editing.value !== null;
  return (
    <div
      class="slot"
      data-mark={item.mark}
      data-wide={wide || item.width >= WIDE}
      data-span={item.width}
      data-edit={edited ? item.panel : undefined}
      data-drop={edited && drop.value?.beside === item.panel ? drop.value.side : undefined}
    >
      <Panel item={item} strip={strip} last={last} />
    </div>
  );
}

/** The panels of the snapshot, row by row on twelve columns. */
export function Dashboard() {
  const list = store.seen.rows.value;
  const strip = stripOf(list);
  const lone = alone(list);
  return (
    <main
      class="grid"
      id="main"
      tabIndex={-1}
      data-pending={store.pending.value}
      aria-busy={store.pending.value}
    >
      {list.map((row) =>
        isStrip(row) ? (
          <section
            key={row.items.map((i) => i.panel).join()}
            class="kpis panel"
            data-count={row.items.length}
            aria-label={w('keyFigures')}
          >
            {row.items.map((item) => (
              <KeyFigure key={item.panel} item={item} />
            ))}
          </section>
        ) : (
          <div key={row.items.map((i) => i.panel).join()} class={`row row-${row.height}`}>
            {row.items.map((item, k) => (
              <Cell
                key={item.panel}
                item={item}
                strip={item.panel === strip}
                wide={lone.has(item.panel)}
                last={k === row.items.length - 1}
              />
            ))}
          </div>
        ),
      )}
    </main>
  );
}

/** The frame of a dashboard before anything is known of it. */
export function Waiting() {
  return (
    <main class="grid" id="main" tabIndex={-1} aria-busy="true" aria-label={w('loading')}>
      <div class="kpis panel" />
      <div class="row row-large">
        <div class="slot" data-span="8" data-wide="true">
          <div class="panel" />
        </div>
        <div class="slot" data-span="4">
          <div class="panel" />
        </div>
      </div>
      <div class="row row-medium">
        {[1, 2, 3].map((n) => (
          <div key={n} class="slot" data-span="4">
            <div class="panel" />
          </div>
        ))}
      </div>
    </main>
  );
}
