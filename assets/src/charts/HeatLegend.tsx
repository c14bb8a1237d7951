import { shortText } from '../lib/format';
import type { Frame, Item } from '../wire';
import { rampDomain, STEPS } from './grid';
import { additive, look, magnitude, num } from './read';

/** Low to high, with the two numbers that give the shades a meaning. */
export function HeatLegend({ item, frame }: { item: Item; frame: Frame }) {
  const value = magnitude(frame, item);
  const how = look(item, value.spec);
  const finite = value.cells.map(num).filter(Number.isFinite);
  if (!finite.length) return null;
  const [low, high] = rampDomain(Math.min(...finite), Math.max(...finite), item.zero || additive(item));
  return (
    <span class="heatlegend num">
      {shortText(low, how)}
      <i>
        {Array.from({ length: STEPS }, (_, i) => `seq-${i}`).map((name) => (
          <b key={name} class={`bg-${name}`} />
        ))}
      </i>
      {shortText(high, how)}
    </span>
  );
}
