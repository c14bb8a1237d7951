import type { Remark, Tongue } from '../lib/said';
import { fill, locale } from '../lib/words';
import type { Heading, Reason, Term } from '../wire';

/** What a word makes of a label, {of}; the words of the time axis stand alone. */
export const TERMS: Record<string, string> = {
  average: 'Ø {of}',
  median: 'Median {of}',
  lowest: 'Minimum {of}',
  highest: 'Maximum {of}',
  percentile: '{of}, {p}. Perzentil',
  different: 'Anzahl {of}',
  rows: 'Zeilen',
  running: '{of}, kumuliert',
  moving: '{of}, Mittel aus {window}',
  difference: '{of}, Differenz',
  change: '{of}, Änderung',
  share: '{of}, Anteil',
  month: 'Monat',
  weekday: 'Wochentag',
  hour: 'Stunde',
  'hour of the day': 'Uhrzeit',
  millisecond: 'Millisekunde',
  second: 'Sekunde',
  minute: 'Minute',
  day: 'Tag',
  week: 'Woche',
  quarter: 'Quartal',
  year: 'Jahr',
};

const WHAT: Record<string, string> = {
  share: 'Anteile: {a}',
  distribution: 'Verteilung: {a}',
  against: '{a} gegen {b}',
  and: '{a} und {b}',
  price: 'Kurs',
  rows: 'Zeilen',
  note: 'Notiz',
};

/** The clauses of a reason by their codes, in the order of dashboard/manifest/reason.go. */
export const REASONS: Record<string, string> = {
  rule: ' (Regel {rule}, {score} Punkte)',
  written: 'so steht es in dashira.yaml, Zeile {line}',
  rows: 'jede Zeile zählt einmal',
  data: 'alle Zahlen darüber kommen aus diesen Zeilen',
  measured: '{column} ist {role} und {aggregate}',
  varieties: '{column} ist eine Kategorie, deren verschiedene Werte gezählt werden',
  computed: 'so wird es in dashira.yaml berechnet',
  along: 'so wird es in dashira.yaml entlang der Achse berechnet',
  axis: '{column} ordnet die Zeilen in der Zeit',
  lines: ', mit einer Linie je {column}',
  minis: ', mit einem kleinen Diagramm je {column}',
  shares: ', und {column} teilt das in {n} Anteile',
  seasons: '{column} umfasst genug Zeit, dass sich Zyklen zeigen',
  values: '{column} hat {n} Werte',
  kind: '{column} ist {role} mit {n} Werten',
  spread: '{column} ist {role} mit {n} verschiedenen Werten',
  numbers: '{column} und {other} sind je eine Zahl',
  correlated: '{column} und {other} hängen zusammen, mit einer Rangkorrelation von {rank}',
  matrix: '{column} hat {n} Werte und {other} {m}',
  boxes: '{column} streut innerhalb der {n} Werte von {other} und zwischen ihnen',
  prices: '{columns} sind die Kurse eines Zeitraums',
  became: '{column} ist, was aus {other} wurde',
  'role id': 'eine Kennung',
  'role currency': 'ein Geldbetrag',
  'role percentage': 'ein Prozentwert',
  'role duration': 'eine Dauer',
  'role bytes': 'eine Größe',
  'role count': 'eine Anzahl',
  'role ordinal': 'eine Stufe',
  'role boolean': 'Ja oder Nein',
  'role quantitative': 'eine Zahl',
  'role nominal': 'eine Kategorie',
  'role empty': 'eine Spalte',
  'role constant': 'eine Spalte',
  'role temporal': 'eine Spalte',
  'role cyclic': 'eine Spalte',
  'role geo': 'eine Spalte',
  'role text': 'eine Spalte',
  'aggregate last': 'zählt mit dem Stand am Ende jedes Zeitraums',
  'aggregate sum': 'wird summiert',
  'aggregate median': 'ist ungleich verteilt, daher steht der Median dafür',
  'aggregate distinct': 'wird nach verschiedenen Werten gezählt',
  'aggregate end': 'wird an einem Ende gemessen',
  'aggregate mean': 'wird gemittelt',

  number: 'Zahlen, auf die keine andere Regel passt',
  nested: 'Listen oder Objekte',
  'time-of-day': 'eine Uhrzeit ohne Datum',
  'long-text': 'Text von durchschnittlich {n} Zeichen',
  categories: '{n} verschiedene Werte in {rows} Zeilen',
  'own-text': 'fast jede Zeile hat einen eigenen Text',
  empty: 'kein Wert in irgendeiner Zeile',
  constant: 'derselbe Wert in allen Zeilen',
  'one-value': 'ein einziger Wert, in {n} von {rows} Zeilen',
  truths: 'wahr und falsch',
  'zero-one': '0 und 1 unter einem Namen, der eine Frage stellt',
  'two-words': 'die Wörter {first} und {second}',
  dates: 'Datumsangaben eines Formats',
  moments: 'Zeitpunkte eines Formats',
  years: 'ganze Zahlen von 1500 bis 2100 unter einem Namen für Jahre',
  cycle: 'ganze Zahlen von {from} bis {to} unter dem Namen eines Kalenderzyklus',
  'natural-order': 'Werte mit einer natürlichen Reihenfolge, von {first} bis {last}',
  'leading-zeros': 'Ziffern mit Nullen am Anfang',
  'many-digits': 'ganze Zahlen mit {n} Ziffern',
  'id-name': 'der Name endet auf „{word}“',
  'own-token': 'fast jede Zeile hat einen eigenen Wert, alle etwa gleich lang',
  'own-number': 'jede Zeile hat eine eigene Zahl, in gleichen Abständen',
  latitude: 'eine geografische Breite nach Name und Bereich',
  longitude: 'eine geografische Länge nach Name und Bereich',
  percent: 'Werte in Prozent',
  fractions: 'Teile von eins unter einem Namen für Anteile',
  'to-hundred': 'Werte bis 100 unter einem Namen für Anteile',
  'money-unit': 'Beträge in {unit}',
  'money-name': 'ein Name für Geldbeträge',
  durations: 'Zeitdauern',
  'duration-unit': 'eine Dauer in {unit}',
  'duration-name': 'ein Name für Zeitdauern',
  'bytes-name': 'dem Namen nach eine Größe in Bytes',
  'count-name': 'ganze Zahlen unter einem Namen für Anzahlen',
  'kind-name': '{n} verschiedene ganze Zahlen unter dem Namen „{word}“',
  'few-numbers': '{n} verschiedene ganze Zahlen in {rows} Zeilen',
  said: 'so steht es in dashira.yaml',
  'said-order': 'die Reihenfolge steht in dashira.yaml',
};

/** What was noticed in a file, by the code of the diagnostic, and what to do. Line, column and text stand beside it. */
export const REMARKS: Record<string, [text: string, hint: string]> = {
  'encoding-fallback': [
    'Die Datei ist kein UTF-8 und wird in einer älteren Kodierung gelesen.',
    'Am besten als UTF-8 speichern, sonst die Kodierung angeben.',
  ],
  'nul-byte': ['Null-Bytes im Text sind weggelassen.', 'Die Datei neu exportieren, falls etwas fehlt.'],
  'comment-skipped': ['Kommentarzeilen sind weggelassen.', 'Falls es Daten sind, „comment“ auf none setzen.'],
  'preamble-skipped': [
    'Zeilen über der Tabelle sind weggelassen.',
    'Falls das falsch ist, angeben, wo die Tabelle beginnt.',
  ],
  'footer-skipped': [
    'Zeilen unter der Tabelle sind weggelassen.',
    'Falls es Daten sind, die Leerzeile davor entfernen.',
  ],
  'frame-skipped': [
    'Um die Tabelle gezeichnete Linien sind weggelassen.',
    'Nichts zu tun; ein Export als CSV behält jeden Wert, wie er ist.',
  ],
  'flag-skipped': [
    'Buchstaben hinter Werten sind weggelassen.',
    'Nichts zu tun; im SDMX-CSV des Portals stehen sie in einer eigenen Spalte.',
  ],
  'duplicate-header': [
    'Ein Spaltenname kommt zweimal vor, die zweite Spalte heißt deshalb anders.',
    'Jeder Spalte einen eigenen Namen geben.',
  ],
  'empty-header': ['Eine Spalte hat keinen Namen und bekam einen.', 'Der Spalte einen Namen geben.'],
  'trailing-delimiter': ['Trennzeichen am Zeilenende ohne Wert dahinter zählen nicht.', ''],
  'ragged-short': [
    'Zeilen mit zu wenigen Zellen sind mit leeren aufgefüllt.',
    'Nach einem fehlenden Trennzeichen suchen.',
  ],
  'ragged-long': [
    'Die Zeile hat mehr Zellen als die Tabelle Spalten und ist ausgesondert.',
    'Nach einem Trennzeichen suchen, das in Anführungszeichen gehört.',
  ],
  'unclosed-quote': [
    'Ein Anführungszeichen wird nie geschlossen, die Zeile endet daher mit ihrem Zeilenende.',
    'Das Anführungszeichen schließen, oder verdoppeln, wenn es zum Text gehört.',
  ],
  'partial-last-line': ['Die letzte Zeile ist noch unvollständig und wird gelesen, sobald sie ganz ist.', ''],
  'bad-value': [
    'Der Wert passt nicht zum Typ der Spalte, die Zelle ist in der Tabelle leer.',
    'Den Wert berichtigen, oder den Typ der Spalte auf string setzen.',
  ],
  'leading-zeros': [
    'Als Zahl ginge die Null oder das Plus am Anfang verloren, die Spalte ist daher Text.',
    'Den Typ der Spalte auf int setzen, wenn das nichts bedeutet.',
  ],
  'number-rounded': [
    'Zahlen haben mehr Stellen, als gehalten werden können, und sind gerundet.',
    'Falls jede Stelle zählt, den Typ der Spalte auf string setzen.',
  ],
  'int-overflow': ['Eine ganze Zahl ist zu groß, um genau gehalten zu werden.', ''],
  'ambiguous-number': [
    'Kein Wert entscheidet, welches Zeichen Dezimalen und welches Tausender trennt.',
    'Das Dezimalzeichen angeben, falls die Zahlen falsch aussehen.',
  ],
  'ambiguous-date': [
    'Kein Datum entscheidet, was Tag und was Monat ist.',
    'Die Reihenfolge angeben, falls die Daten falsch aussehen.',
  ],
  'mixed-date-order': ['Tag und Monat stehen nicht überall in derselben Reihenfolge.', ''],
  'epoch-detected': [
    'Die Zahlen werden als Zeitpunkte gelesen, gezählt seit 1970.',
    'Den Typ der Spalte auf int setzen, wenn es keine sind.',
  ],
  'null-token-learned': [
    'Ein Wort zwischen Zahlen wird als leere Zelle gelesen.',
    'Den Typ der Spalte auf string setzen, um es als Text zu behalten.',
  ],
  'mixed-types': ['Die Spalte enthält Werte verschiedener Art.', ''],
  'mixed-units': ['Die Werte einer Spalte haben verschiedene Einheiten.', ''],
  'bad-json': ['Das ist kein gültiges JSON.', ''],
  'duplicate-key': ['Ein Schlüssel kommt mehrmals vor.', ''],
  'schema-changed': ['Die Spalten der Datei haben sich geändert.', ''],
  'type-widened': ['Der Typ einer Spalte ist weiter geworden, damit alle Werte passen.', ''],
  'formula-not-cached': [
    'Formeln ohne gespeichertes Ergebnis sind in der Tabelle leer.',
    'Die Mappe in einem Tabellenprogramm öffnen und speichern.',
  ],
  'error-cell': ['Zellen mit einem Fehler sind in der Tabelle leer.', 'Die Formel berichtigen.'],
  'merged-header': [
    'Der Tabellenkopf hat mehrere Zeilen, deren Namen verbunden sind.',
    'Die Zahl der Kopfzeilen angeben, falls das falsch ist.',
  ],
  'hidden-sheet': ['Ein verborgenes Blatt wird nicht gelesen.', 'Das Blatt angeben, um es zu lesen.'],
  'empty-file': [
    'Die Datei enthält keine Zeilen.',
    'Sobald sie einen Kopf und Zeilen hat, erscheinen sie von selbst.',
  ],
  'limit-reached': ['Eine Grenze ist erreicht, der Rest wird nicht gelesen.', ''],
  'damaged-archive': ['Die Datei ist beschädigt oder unvollständig.', 'Die Datei noch einmal speichern.'],
  'outside-records': ['Werte neben den Datensätzen sind weggelassen.', ''],
  join: ['Eine Verknüpfung in dashira.yaml findet nicht für jede Zeile genau eine andere.', ''],
  'bad-dashboard': ['Das kann so nicht in dashira.yaml stehen.', ''],
  unreadable: ['Diese Datei kann nicht gelesen werden.', ''],
  'no-permission': [
    'Diese Datei darf nicht gelesen werden.',
    'Dem Benutzer, unter dem dashira läuft, das Leserecht geben.',
  ],
  'too-slow': ['Das Lesen dieser Datei hat zu lange gedauert.', ''],
  'not-read': ['Die neueste Fassung dieser Datei konnte nicht gelesen werden.', ''],
};

/** Remarks of which the English says more than the code: it stands below. */
const MORE = new Set([
  'ambiguous-date',
  'ambiguous-number',
  'bad-dashboard',
  'bad-json',
  'damaged-archive',
  'encoding-fallback',
  'epoch-detected',
  'hidden-sheet',
  'join',
  'limit-reached',
  'merged-header',
  'mixed-date-order',
  'mixed-types',
  'mixed-units',
  'schema-changed',
  'type-widened',
  'unreadable',
]);

const say = (text: string, values: Record<string, string | number>) => fill(text, locale.value, values, 'de');

function term(t: Term): string {
  const of = t.of ? term(t.of) : (t.label ?? '');
  const text = t.word ? TERMS[t.word] : '{of}';
  const said = text === undefined ? of : say(text, { of, p: t.p ?? 0, window: t.window ?? 0 });
  if (t.year) return `${said} zum Vorjahr`;
  return (t.window ?? 0) > 1 && t.word !== 'moving' ? `${said} über ${t.window}` : said;
}

function heading(h: Heading): string {
  const [a = '', b = ''] = (h.terms ?? []).map(term);
  const by = (h.by ?? []).map(term).join(' und ');
  return [
    say(WHAT[h.what ?? ''] ?? '{a}', { a, b }),
    by || h.open ? ` nach${by && ` ${by}`}` : '',
    h.each ? `, je ${term(h.each)}` : '',
    h.time ? ' im Zeitverlauf' : '',
  ].join('');
}

/** A value that is a word of the vocabulary has a line of its own, under its name and the word. */
function clause({ code, values = {} }: Reason): string | undefined {
  const words: Record<string, string | number> = {};
  for (const [name, v] of Object.entries(values))
    words[name] = REASONS[`${name} ${v}`] ?? (typeof v === 'number' ? v : String(v));
  const text = REASONS[code];
  return text && say(text, words);
}

function reasons(all: readonly Reason[]): string {
  let sentence = '';
  for (const r of all) {
    const text = clause(r);
    if (text === undefined) return '';
    sentence += !sentence || /^[ ,]/.test(text) ? text : ` und ${text}`;
  }
  return `${sentence.charAt(0).toLocaleUpperCase('de')}${sentence.slice(1)}.`;
}

function remark(code: string): Remark | null {
  const found = REMARKS[code];
  return found ? { text: found[0], hint: found[1], more: MORE.has(code) } : null;
}

export const GERMAN_TONGUE: Tongue = { heading, term, reasons, remark };
