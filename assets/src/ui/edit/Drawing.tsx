import type { SpecItem } from '../../state/specParts';
import { Field } from '../Overlay';
import { type Key, w } from '../words';
import { Select } from './Select';

const FORMATS: Record<string, Key> = {
  integer: 'formatInteger',
  'decimal(2)': 'formatDecimal',
  compact: 'formatCompact',
  percent: 'formatPercent',
  currency: 'formatCurrency',
  duration: 'formatDuration',
  bytes: 'formatBytes',
};

const COMPARISONS: Record<string, Key> = {
  'previous period': 'periodBefore',
  'previous year': 'yearBefore',
  target: 'theTarget',
  none: 'nothing',
};

/** What is on unless somebody says otherwise, and how that is written. */
const SWITCHES: [key: string, off: string | boolean, words: Key][] = [
  ['sparkline', false, 'optionSparkline'],
  ['other', false, 'optionOther'],
  ['highlight', 'none', 'optionHighlight'],
];

/** How a panel is drawn, as far as its mark can be told: each of these is left out where it is as by itself. */
export function Drawing({
  spec,
  keys,
  onChange,
}: {
  spec: SpecItem;
  /** Those that the mark has. */
  keys: readonly string[];
  onChange: (spec: SpecItem) => void;
}) {
  const set = (key: string, value: string | number | boolean) => {
    const { [key]: _, ...rest } = spec;
    onChange(value === '' ? rest : { ...rest, [key]: value });
  };
  const choice = (key: string, label: string, words: Record<string, Key>, none: string) =>
    keys.includes(key) && (
      <Field label={label}>
        <Select
          label={label}
          value={String(spec[key] ?? '')}
          options={[{ group: '', list: Object.entries(words).map(([value, k]) => ({ value, text: w(k) })) }]}
          none={none}
          onChange={(value) => set(key, value)}
        />
      </Field>
    );
  const comparisons = { ...COMPARISONS };
  if (spec.target === undefined) delete comparisons.target;
  return (
    <>
      {choice('format', w('optionFormat'), FORMATS, w('asMeasured'))}
      {choice('compare', w('compareWith'), comparisons, w('asChosen'))}
      {keys.includes('bins') && (
        <Field label={w('optionBins')}>
          <input
            class="input num"
            type="number"
            min={2}
            max={200}
            aria-label={w('optionBins')}
            placeholder={w('bySelf')}
            defaultValue={typeof spec.bins === 'number' ? String(spec.bins) : ''}
            onChange={(e) => {
              const n = e.currentTarget.valueAsNumber;
              set('bins', n >= 2 && n <= 200 ? Math.round(n) : '');
            }}
          />
        </Field>
      )}
      <div class="checks">
        {SWITCHES.filter(([key]) => keys.includes(key)).map(([key, off, words]) => (
          <label key={key}>
            <input
              type="checkbox"
              checked={spec[key] !== off}
              onChange={(e) => set(key, e.currentTarget.checked ? '' : off)}
            />
            {w(words)}
          </label>
        ))}
      </div>
    </>
  );
}
