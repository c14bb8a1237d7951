import type { Row, Selection } from '../wire';

/**
 * A selection as it is asked for: range, grain and comparison are empty where the viewer leaves them to the dashboard,
 * whose own default may be a part of the time.
 */
export const UNASKED: Selection = { range: '', grain: '', compare: '', filters: {} };

/** What the viewer asked for, and where nothing was asked, what the dashboard answered with. */
export function resolve(asked: Selection, answered: Selection): Selection {
  return {
    range: asked.range || answered.range,
    grain: asked.grain || answered.grain,
    compare: asked.compare || answered.compare,
    filters: asked.filters,
  };
}

/** A filter value as it is written: "!v" excludes, "a..b" is half open, "=v" is v and nothing else. */
export interface Term {
  exclude: boolean;
  /** The cell it names, where it names one. */
  value: string | null;
  range: { from: string; to: string } | null;
}

export function readTerm(text: string): Term {
  const exclude = text.startsWith('!');
  const rest = exclude ? text.slice(1) : text;
  if (rest.startsWith('=')) return { exclude, value: rest.slice(1), range: null };
  const dots = rest.indexOf('..');
  if (dots < 0) return { exclude, value: rest, range: null };
  return { exclude, value: null, range: { from: rest.slice(0, dots), to: rest.slice(dots + 2) } };
}

/** How a filter spells the cell `value`. */
export function spell(value: string, exclude = false): string {
  const literal = /^[!=]/.test(value) || value.includes('..') ? `=${value}` : value;
  return exclude ? `!${literal}` : literal;
}

/** The selection that an address bar or a stream's query says. What it does not say is the default. */
export function readSelection(search: string): Selection {
  const query = new URLSearchParams(search);
  const filters: Record<string, string[]> = {};
  for (const [key, value] of query) {
    if (!key.startsWith('f.') || key.length === 2) continue;
    const column = key.slice(2);
    const list = filters[column] ?? [];
    if (!list.includes(value)) list.push(value);
    filters[column] = list;
  }
  return {
    range: query.get('range') ?? '',
    grain: query.get('grain') ?? '',
    compare: query.get('compare') ?? '',
    filters,
  };
}

/** The query of a selection, without a question mark: only what was asked for, filters by the column's name. */
export function writeSelection(s: Selection): string {
  const query = new URLSearchParams();
  if (s.range) query.set('range', s.range);
  if (s.grain) query.set('grain', s.grain);
  if (s.compare) query.set('compare', s.compare);
  for (const column of Object.keys(s.filters).sort())
    for (const value of [...(s.filters[column] ?? [])].sort()) query.append(`f.${column}`, value);
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':');
}

/** Widths that lines through rows are drawn for; the server takes the middle one unless it is asked. */
const WIDTHS = [600, 1200, 2400] as const;

const here = (): number => (globalThis.innerWidth ?? 1200) * (globalThis.devicePixelRatio ?? 1);

/**
 * What a page of so many pixels asks for beside its selection, empty where it draws no rows as points or the server's own
 * choice fits.
 */
export function widthOf(rows: readonly Row[], pixels = here()): string {
  if (!rows.some((r) => r.items.some((i) => i.points))) return '';
  const width = WIDTHS.find((w) => pixels <= w) ?? 2400;
  return width === 1200 ? '' : `width=${width}`;
}

/** The width that an address asks for. */
export const widthAsked = (url: string): number => Number(/[?&]width=(\d+)/.exec(url)?.[1] ?? 1200);

export function withFilter(s: Selection, column: string, values: string[]): Selection {
  const { [column]: _, ...rest } = s.filters;
  return { ...s, filters: values.length ? { ...rest, [column]: values } : rest };
}

/**
 * What choosing a value does. `toggle` adds it or takes it away, `only` leaves nothing else, `exclude` turns it into
 * what must not be there, and back.
 */
export function chooseValue(
  s: Selection,
  column: string,
  value: string,
  mode: 'toggle' | 'only' | 'exclude',
): Selection {
  const now = s.filters[column] ?? [];
  const plain = spell(value);
  const not = spell(value, true);
  if (mode === 'exclude') {
    const rest = now.filter((v) => v !== plain && v !== not && readTerm(v).exclude);
    return withFilter(s, column, now.includes(not) ? now.filter((v) => v !== not) : [...rest, not]);
  }
  if (mode === 'only') {
    const alone = now.length === 1 && now[0] === plain;
    return withFilter(s, column, alone ? [] : [plain]);
  }
  if (now.includes(not))
    return withFilter(
      s,
      column,
      now.filter((v) => v !== not),
    );
  if (now.includes(plain))
    return withFilter(
      s,
      column,
      now.filter((v) => v !== plain),
    );
  // A value beside a range or an exclusion would be read as "and": choosing one starts anew.
  const values = now.filter((v) => !readTerm(v).exclude && !readTerm(v).range);
  return withFilter(s, column, [...values, plain]);
}

export function chooseRange(
  s: Selection,
  column: string,
  range: { from: string; to: string } | null,
): Selection {
  return withFilter(s, column, range ? [`${range.from}..${range.to}`] : []);
}

export function isFiltered(s: Selection): boolean {
  return s.range !== '' || Object.keys(s.filters).length > 0;
}
