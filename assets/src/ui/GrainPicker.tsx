import type { RefObject } from 'preact';
import { store } from '../state/page';
import type { TimeAxis } from '../wire';
import { grainWord } from './grainWords';
import { Check } from './icons';
import { Popover } from './Popover';
import { w } from './words';

export function GrainPicker({
  anchor,
  axis,
  onClose,
}: {
  anchor: RefObject<HTMLElement | null>;
  axis: TimeAxis;
  onClose: () => void;
}) {
  const asked = store.selection.value.grain;
  const choose = (grain: string) => {
    onClose();
    store.select({ ...store.selection.value, grain });
  };
  return (
    <Popover anchor={anchor} label={w('grain')} onClose={onClose}>
      <ul class="menu-list menu-alone">
        {['', ...axis.grains].map((grain) => {
          const on = grain === '' ? asked === '' || asked === 'auto' : grain === asked;
          return (
            <li key={grain}>
              <button type="button" class="menu-item" aria-pressed={on} onClick={() => choose(grain)}>
                <span>{grain ? grainWord(grain) : w('automatic')}</span>
                {grain === '' && <small class="quiet">{grainWord(axis.grain)}</small>}
                {on && <Check />}
              </button>
            </li>
          );
        })}
      </ul>
    </Popover>
  );
}
