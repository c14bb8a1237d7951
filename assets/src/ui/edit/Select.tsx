export interface Option {
  value: string;
  text: string;
}

/** One of some choices, in groups where they have names. */
export function Select({
  label,
  value,
  options,
  none,
  onChange,
}: {
  label: string;
  value: string;
  options: { group: string; list: Option[] }[];
  /** The words for "nothing", where nothing may be chosen. */
  none?: string;
  onChange: (value: string) => void;
}) {
  const there = options.some((g) => g.list.some((o) => o.value === value));
  const item = (o: Option) => (
    <option key={o.value} value={o.value}>
      {o.text}
    </option>
  );
  return (
    <select
      class="input select"
      aria-label={label}
      value={value}
      onChange={(e) => onChange(e.currentTarget.value)}
    >
      {none !== undefined && <option value="">{none}</option>}
      {/* What was written by hand and is none of the choices stays one. */}
      {!there && (value !== '' || none === undefined) && <option value={value}>{value}</option>}
      {options.map((g) =>
        g.group ? (
          <optgroup key={g.group} label={g.group}>
            {g.list.map(item)}
          </optgroup>
        ) : (
          g.list.map(item)
        ),
      )}
    </select>
  );
}
