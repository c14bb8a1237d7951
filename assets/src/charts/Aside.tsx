import type { Frame, Item } from '../wire';
import { targetName } from './aims';
import { HeatLegend } from './HeatLegend';
import { pivot } from './pivot';
import { cloud } from './points';
import { height } from './read';

interface Key {
  name: string;
  slot: number;
}

/** Characters of key text that the head of a panel has room for beside its title. */
const ROOM = 14;

/** Long keys stand over the picture, short ones in the head of the panel. */
const inHead = (keys: readonly Key[]): boolean =>
  keys.length <= 3 && keys.reduce((n, k) => n + k.name.length, 0) <= ROOM;

function Keys({ keys, class: name }: { keys: readonly Key[]; class: string }) {
  return (
    <ul class={`legend ${name}`}>
      {keys.map((k) => (
        <li key={k.name}>
          <i class={`key key-round key-${k.slot}`} />
          {k.name}
        </li>
      ))}
    </ul>
  );
}

/** The colour key of a mark over its picture, where it is too long for the head. */
export function BodyKeys({ keys }: { keys: readonly Key[] }) {
  return keys.length > 1 && !inHead(keys) ? <Keys keys={keys} class="legend-body" /> : null;
}

/** What belongs to the right of a panel's title: the key of its colours. Null where the mark carries its own. */
export function Aside({ item, frame }: { item: Item; frame: Frame }) {
  if (!height(frame)) return null;
  if (item.mark === 'heatmap' || item.mark === 'calendar') return <HeatLegend item={item} frame={frame} />;
  if (item.mark === 'column' && item.encoding.target)
    return (
      <ul class="legend legend-key">
        <li>
          <i class="key key-rule" />
          {targetName(item)}
        </li>
      </ul>
    );
  if (!item.encoding.color) return null;
  const keys =
    item.mark === 'scatter' && !frame.facts?.binned
      ? cloud(frame, item).order
      : item.mark === 'column'
        ? pivot(frame, item).groups
        : [];
  return keys.length > 1 && inHead(keys) ? <Keys keys={keys} class="legend-key" /> : null;
}
