import { theme } from '../lib/theme';
import type { Frame, Item } from '../wire';
import { HeatLegend } from './Heatmap';
import { pivot } from './pivot';
import { cloud } from './points';
import { height } from './read';

/** Keys that a legend in the head of a panel has room for. */
const ROOM = 5;

/** What belongs to the right of a panel's title: the key of its colours. Null where the mark carries its own. */
export function Aside({ item, frame }: { item: Item; frame: Frame }) {
  theme.value;
  if (!height(frame)) return null;
  if (item.mark === 'heatmap' || item.mark === 'calendar') return <HeatLegend item={item} frame={frame} />;
  if (!item.encoding.color) return null;
  const groups =
    item.mark === 'scatter' && !frame.facts?.binned
      ? cloud(frame, item).order
      : item.mark === 'column'
        ? pivot(frame, item).groups
        : [];
  if (groups.length < 2) return null;
  return (
    <ul class="legend legend-key">
      {groups.slice(0, ROOM).map((g) => (
        <li key={g.name}>
          <i class={`key key-round key-${g.slot}`} />
          {g.name}
        </li>
      ))}
      {groups.length > ROOM && <li class="legend-more">+{groups.length - ROOM}</li>}
    </ul>
  );
}
