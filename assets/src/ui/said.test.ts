import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sayFrame, sayRows, tongue } from '../lib/said';
import { fromSnapshot } from '../state/reduce';
import recorded from '../state/testdata/recorded.json';
import type { Heading, Item, Snapshot } from '../wire';
import { GERMAN_TONGUE, REASONS, REMARKS, TERMS } from './said.de';

const read = (path: string) => readFileSync(new URL(path, new URL('../../../', import.meta.url)), 'utf8');
const placeholders = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map((m) => (m[1] ?? '').toLowerCase()).sort();

describe('what the server says, in German', () => {
  it('has a clause for every reason, with the same values', () => {
    const source = read('dashboard/manifest/reason.go');
    const english = new Map(
      [...source.matchAll(/^\t"([a-z-]+(?: [a-z]+)?)":\s+"((?:[^"\\]|\\.)*)",$/gm)].map((m) => [
        m[1] ?? '',
        m[2] ?? '',
      ]),
    );
    const roles = [...read('dashboard/manifest/dashboard.go').matchAll(/Role = "(\w+)"/g)].map(
      (m) => `role ${m[1]}`,
    );
    expect(english.size).toBeGreaterThan(50);
    expect(roles.length).toBeGreaterThan(10);
    expect(Object.keys(REASONS).sort()).toEqual([...english.keys(), ...roles].sort());
    for (const [code, text] of english)
      expect([code, placeholders(REASONS[code] ?? '')]).toEqual([code, placeholders(text)]);
  });

  it('has a sentence for every code of a diagnostic', () => {
    const codes = [read('ingest/ingest.go'), read('dashboard/written.go')].flatMap((s) =>
      [...s.matchAll(/Code = "([a-z-]+)"/g)].map((m) => m[1] ?? ''),
    );
    expect(codes.length).toBeGreaterThan(30);
    for (const code of codes) expect(REMARKS).toHaveProperty(code);
  });

  it('has a word for every word of a heading', () => {
    const words = [
      ...read('dashboard/manifest/heading.go').matchAll(/case "([a-z]+)":\n\t\t(?:text|return)/g),
    ].map((m) => m[1] ?? '');
    expect(words).toContain('average');
    for (const word of words)
      if (!['share', 'distribution', 'against', 'and', 'price', 'rows', 'note'].includes(word))
        expect(TERMS).toHaveProperty(word);
  });

  it('puts titles together', () => {
    const say = (h: Heading) => GERMAN_TONGUE.heading(h);
    const revenue = { label: 'Umsatz' };
    expect(say({ terms: [revenue], by: [{ label: 'Region' }], time: true })).toBe(
      'Umsatz nach Region im Zeitverlauf',
    );
    expect(say({ terms: [revenue], open: true })).toBe('Umsatz nach');
    expect(say({ what: 'share', terms: [revenue], by: [{ label: 'Kanal' }], time: true })).toBe(
      'Anteile: Umsatz nach Kanal im Zeitverlauf',
    );
    expect(say({ terms: [{ word: 'rows' }], by: [{ word: 'weekday' }, { word: 'hour' }] })).toBe(
      'Zeilen nach Wochentag und Stunde',
    );
    expect(
      say({ terms: [{ word: 'change', of: { word: 'average', label: 'Preis' }, year: true }], time: true }),
    ).toBe('Ø Preis, Änderung zum Vorjahr im Zeitverlauf');
    expect(say({ terms: [revenue], by: [{ label: 'Kanal' }], each: { label: 'Region' } })).toBe(
      'Umsatz nach Kanal, je Region',
    );
  });

  it('says a whole dashboard once, and leaves it as it is in English', () => {
    const snapshot = recorded.events.find((e) => e.type === 'snapshot')?.data as unknown as Snapshot;
    const { rows, frames } = fromSnapshot(snapshot);
    expect(sayRows(rows)).toBe(rows);
    tongue.value = GERMAN_TONGUE;
    try {
      const said = sayRows(rows);
      expect(sayRows(rows)).toBe(said);
      const items = (list: typeof rows): Item[] => list.flatMap((r) => r.items);
      for (const item of items(said)) {
        expect(item.title).not.toMatch(/\b(by|over|time|Rows|Distribution|Share|Average)\b/);
        expect(item.why).not.toMatch(/\b(is|and|rule|rows)\b/);
      }
      for (const item of items(rows)) {
        const frame = frames[item.panel];
        const german = sayFrame(frame, item);
        for (const term of item.words?.measures ?? [])
          expect(german?.columns.find((c) => c.name === term.name)?.label).toBe(GERMAN_TONGUE.term(term));
        expect(german?.values).toBe(frame?.values);
      }
    } finally {
      tongue.value = null;
    }
  });
});
