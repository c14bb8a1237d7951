import { store } from '../state/page';
import { setSingleKeys, singleKeys } from './keys';
import { Overlay } from './Overlay';
import { w } from './words';

/** Every key that does something here, and the switch for those that act alone. */
export function Shortcuts() {
  const owner = !store.boot.guest;
  const list: [string[], string][] = [
    [['⌘K', '/'], w('keyPalette')],
    [['T'], w('keyTime')],
    [['G'], w('keyGrain')],
    [['F'], w('keyFilter')],
    ...(owner ? ([[['S'], w('keyShare')]] as [string[], string][]) : []),
    [['P'], w('keyPause')],
    [['D'], w('keyTheme')],
    ...(owner ? ([[['I'], w('keyDiagnostics')]] as [string[], string][]) : []),
    [['1', '9'], w('keyPanels')],
    [['Enter'], w('keyFull')],
    [['V'], w('keyTable')],
    [['←', '→'], w('keyHistory')],
    [['Esc'], w('keyBack')],
    [['?'], w('keyList')],
  ];
  return (
    <Overlay kind="dialog" title={w('shortcuts')}>
      <dl class="keys">
        {list.map(([keys, what]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>
              {keys.map((k, i) => (
                <span key={k}>
                  {i > 0 && (k === '9' ? ' – ' : ' ')}
                  <kbd>{k}</kbd>
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <label class="check-line">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(e) => setSingleKeys(e.currentTarget.checked)}
        />
        <span>
          {w('keysOff')} <small class="quiet">({w('keysOffHint')})</small>
        </span>
      </label>
    </Overlay>
  );
}
