/** What is asked beside the stream: rows, lists, and how columns are spread. */
import { type Api, query } from '../lib/api';
import { joinList } from '../lib/list';
import type { Cell, Frame, Profile, Selection } from '../wire';
import { writeSelection } from './selection';

/** What a question is about, as it is when it is asked. */
export interface About {
  slug: () => string;
  table: () => string;
  /** The selection as an address says it. */
  asked: () => string;
  /** The same with the width that lines through rows are drawn for. */
  drawn: () => string;
  /** The revision, where that is not now. */
  moment: () => number | undefined;
  /** The newest revision. */
  revision: () => number;
}

export function createQuestions(api: Api, about: About) {
  /** The columns whose spread was asked for last, and the question that was asked ahead for them. */
  let spread: { of: string; columns: string[] } | null = null;
  let ahead: { path: string; revision: number; answer: Promise<Profile> } | null = null;
  function profilePath(columns: string[]): string {
    const q = query({ columns: joinList(columns), at: about.moment() }, about.asked());
    return `dashboards/${encodeURIComponent(about.slug())}/profile?${q}`;
  }

  return {
    /** Rows of the main table under the selection, columnar in the order of `columns`. */
    async rows(
      columns: string[],
      offset: number,
      limit: number,
      sort: string,
      search: string,
    ): Promise<{ values: Cell[][]; total: number | null }> {
      const q = query(
        { offset, limit, sort, q: search, at: about.moment(), format: 'json', dashboard: about.slug() },
        about.asked(),
      );
      const got = await api.rows(`tables/${encodeURIComponent(about.table())}/rows?${q}`);
      return { values: columnar(got.rows, columns), total: got.total };
    },
    /** How many rows a selection leaves. */
    async count(of: Selection): Promise<number> {
      const q = query(
        { limit: 1, at: about.moment(), format: 'json', dashboard: about.slug() },
        writeSelection(of),
      );
      return (await api.rows(`tables/${encodeURIComponent(about.table())}/rows?${q}`)).total ?? 0;
    },
    /** A list with more of its categories than the frame of its panel has. */
    whole(panel: string, limit: number): Promise<Frame> {
      const q = query({ limit, at: about.moment() }, about.drawn());
      const name = encodeURIComponent(panel);
      return api.get<Frame>(`dashboards/${encodeURIComponent(about.slug())}/panels/${name}?${q}`);
    },
    /** How columns of the main table are spread under the selection. */
    profile(columns: string[]): Promise<Profile> {
      spread = { of: about.slug(), columns };
      const path = profilePath(columns);
      const known = ahead?.path === path && ahead.revision === about.revision() ? ahead.answer : null;
      ahead = null;
      return known ?? api.get<Profile>(path);
    },
    /** Another selection has been answered: what its table will ask next is asked while the charts are drawn. */
    foresee(): void {
      ahead = null;
      if (spread?.of !== about.slug()) return;
      const path = profilePath(spread.columns);
      ahead = { path, revision: about.revision(), answer: api.get<Profile>(path) };
      ahead.answer.catch(() => {});
    },
    /** The address of a file with the rows that a table shows: its columns, its order, what was searched for. */
    rowsFile(columns: string[], sort: string, search: string): string {
      const q = query(
        {
          format: 'csv',
          columns: joinList(columns),
          sort,
          q: search,
          at: about.moment(),
          dashboard: about.slug(),
        },
        about.asked(),
      );
      return api.url(`tables/${encodeURIComponent(about.table())}/rows?${q}`);
    },
  };
}

/** Rows as the API lists them, an object each, turned into one array per column. */
export function columnar(got: unknown, columns: string[]): Cell[][] {
  const rows = Array.isArray(got) ? got : ((got as { rows?: unknown[] } | null)?.rows ?? []);
  return columns.map((name) => rows.map((row) => (row as Record<string, Cell>)[name] ?? null));
}
