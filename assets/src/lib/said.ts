/**
 * What the server says in English, in the viewer's language. Its titles, labels and reasons come in parts beside the
 * English; a language that the page speaks beside English puts them together. What a person wrote has no parts and stays.
 */
import { signal } from '@preact/signals';
import type { Frame, Heading, Item, Reason, Row, Term } from '../wire';

/** How a language says the parts. */
export interface Tongue {
  heading(h: Heading): string;
  term(t: Term): string;
  /** The clauses of one sentence. Empty where one of them is not known. */
  reasons(all: readonly Reason[]): string;
  /** A remark on a file by its code: what was noticed, and what to do. */
  remark(code: string): Remark | null;
}

export interface Remark {
  text: string;
  hint: string;
  /** The English says more than this, and is worth reading beside it. */
  more: boolean;
}

/** Null while the page speaks English. */
export const tongue = signal<Tongue | null>(null);

/** Items and frames are never changed, so each is said once; another language says all of them anew. */
let saidIn: Tongue | null = null;
let items = new WeakMap<Item, Item>();
let rows = new WeakMap<Row[], Row[]>();
let frames = new WeakMap<Frame, Frame>();

function turn(to: Tongue): void {
  if (saidIn === to) return;
  saidIn = to;
  items = new WeakMap();
  rows = new WeakMap();
  frames = new WeakMap();
}

/** An item in the viewer's language. */
export function sayItem(item: Item): Item {
  const to = tongue.value;
  const { words } = item;
  if (!to || !words) return item;
  turn(to);
  const known = items.get(item);
  if (known) return known;
  const why = words.why ? to.reasons(words.why) : '';
  const said: Item = {
    ...item,
    ...(words.title ? { title: to.heading(words.title) } : {}),
    ...(words.noun ? { noun: to.term(words.noun) } : {}),
    ...(words.target ? { target: to.term(words.target) } : {}),
    ...(why ? { why } : {}),
  };
  items.set(item, said);
  return said;
}

/** The panels of a dashboard in the viewer's language. */
export function sayRows(list: Row[]): Row[] {
  const to = tongue.value;
  if (!to) return list;
  turn(to);
  let said = rows.get(list);
  if (!said) {
    said = list.map((row) => ({ ...row, items: row.items.map(sayItem) }));
    rows.set(list, said);
  }
  return said;
}

/** A panel's answer with the labels of its measures in the viewer's language. */
export function sayFrame(frame: Frame | undefined, item: Item | undefined): Frame | undefined {
  const to = tongue.value;
  const terms = item?.words?.measures;
  if (!to || !frame || !terms) return frame;
  turn(to);
  let said = frames.get(frame);
  if (!said) {
    said = {
      ...frame,
      columns: frame.columns.map((c) => {
        const term = terms.find((t) => t.name === c.name);
        return term ? { ...c, label: to.term(term) } : c;
      }),
    };
    frames.set(frame, said);
  }
  return said;
}

/** Why something is as it is: in the viewer's language where the clauses are known in it, else as the server says it. */
export function because(all: readonly (Reason | undefined)[] | undefined, english: string): string {
  const list = (all ?? []).filter((r) => r !== undefined);
  return (list.length && tongue.value?.reasons(list)) || english;
}

/** A remark in the viewer's language; null where it is to be read as the server says it. */
export const remark = (code: string | undefined) => (code ? (tongue.value?.remark(code) ?? null) : null);
