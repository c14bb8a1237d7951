import { computed, signal } from '@preact/signals';

/** The languages that the page speaks. Every text comes from a catalogue that has both. */
export type Language = 'en' | 'de';

const asked = typeof navigator === 'undefined' ? 'en-US' : navigator.language || 'en-US';

export const language = signal<Language>(asked.toLowerCase().startsWith('de') ? 'de' : 'en');

/** The locale that somebody wrote for everybody's numbers and dates; empty: each viewer's own. */
export const written = signal('');

/**
 * The locale of numbers and dates. It follows the words, so that a sentence never mixes two languages, unless somebody
 * wrote another one for everybody; a viewer whose language has no catalogue reads English with the day before the month,
 * which most of the world does.
 */
export const locale = computed(() => {
  if (written.value) return written.value;
  if (asked.toLowerCase().startsWith(language.value)) return asked;
  return language.value === 'de' ? 'de-DE' : 'en-GB';
});

/** A sentence with {names}; where it depends on {n}, one form for one and one for the rest. */
export type Text = string | { one: string; other: string };

export type Values = Record<string, string | number>;

const plurals = new Map<string, Intl.PluralRules>();
const integers = new Map<string, Intl.NumberFormat>();

function plural(tag: string, n: number): 'one' | 'other' {
  let rules = plurals.get(tag);
  if (!rules) {
    rules = new Intl.PluralRules(tag);
    plurals.set(tag, rules);
  }
  return rules.select(n) === 'one' ? 'one' : 'other';
}

function grouped(tag: string, n: number): string {
  let format = integers.get(tag);
  if (!format) {
    format = new Intl.NumberFormat(tag, { maximumFractionDigits: 2 });
    integers.set(tag, format);
  }
  return format.format(n).replace('-', '−');
}

/**
 * Numbers among the values are grouped for the locale; text goes in as it is. A name without a value stays. One and many
 * are told apart as the language of the words does, which may be another one.
 */
export function fill(text: Text, tag: string, values: Values = {}, speech = tag): string {
  const form = typeof text === 'string' ? text : text[plural(speech, Number(values.n ?? 0))];
  return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? grouped(tag, value) : value;
  });
}

/** Binds two catalogues with the same keys to one function. Reading it subscribes to the language. */
export function catalogue<K extends string>(en: Record<K, Text>, de: Record<NoInfer<K>, Text>) {
  return (key: K, values?: Values): string =>
    fill((language.value === 'de' ? de : en)[key], locale.value, values, language.value);
}

/** The words of the charts. */
export const t = catalogue(
  {
    empty: '(empty)',
    other: 'Other ({n})',
    more: '{n} more',
    fewer: 'Show fewer',
    all: 'All {noun}',
    total: 'Total',
    rows: { one: '{n} row', other: '{n} rows' },
    share: 'Share',
    shareAll: 'Share, all rows',
    value: 'Value',
    highest: 'Highest {place} with {value}',
    highestAll: 'All together highest {place} with {value}',
    highestOne: 'Highest for {name} {place} with {value}',
    placeMonth: 'in {when}',
    placeSpan: 'in {when}',
    placeWeek: 'in the {when}',
    placeDay: 'on {when}',
    placeTime: 'at {when}',
    placeFor: 'for {when}',
    byField: 'by {field}',
    holds: '{name} holds {share} of all {noun}',
    holdsWindow: '{from} to {to} hold {share} of all {noun}',
    leads: '{name} is highest with {value}',
    noValue: { one: '{n} of {total} rows has no value', other: '{n} of {total} rows have no value' },
    median: 'median {value}',
    medianSentence: 'Half of the rows lie below {value}',
    medianHighest: 'Highest median: {name} with {value}',
    boxKey: 'Box: middle half. Line: 5th to 95th percentile',
    low: '5th percentile',
    q1: 'Lower quartile',
    medianName: 'Median',
    q3: 'Upper quartile',
    high: '95th percentile',
    withValue: { one: '{n} row with a value', other: '{n} rows with a value' },
    points: { one: '{n} point', other: '{n} points' },
    pointsOf: '{n} of {total} points',
    smallCharts: 'Small charts',
    smallAll: 'By {field}, the largest first',
    smallSome: 'By {field}, the {n} largest of {total}',
    binned: '{n} rows, darker where there are more',
    rises: '{y} rises with {x}',
    falls: '{y} falls as {x} rises',
    noRelation: 'No clear relation',
    logScale: 'log scale',
    newestFirst: 'newest first',
    sortedDown: '{column}, highest first',
    sortedUp: '{column}, lowest first',
    latest: 'Latest: {value}',
    lastClose: 'Last {value}, {change} on the one before',
    vsPrior: 'vs. prior {period}',
    vsYear: 'vs. year before',
    vsPeriod: 'vs. prior period',
    target: 'target',
    ofTarget: '{share} of {name} {target}',
    targetIs: '{name} {target}',
    onTarget: 'on {name} {target}',
    aboveTarget: 'above {name} {target}',
    belowTarget: 'below {name} {target}',
    targetCompared: '{value}, {name} {target}',
    belowBound: 'Below {value}',
    aboveBound: 'Above {value}',
    noPrior: 'no earlier period',
    compared: '{current}, before that {previous}',
    points100: 'pts',
    pd: { one: 'day', other: '{n} days' },
    pw: { one: 'week', other: '{n} weeks' },
    pmo: { one: 'month', other: '{n} mo' },
    pq: { one: 'quarter', other: '{n} quarters' },
    py: { one: 'year', other: '{n} years' },
    ph: { one: 'hour', other: '{n} hours' },
    pmin: { one: 'minute', other: '{n} min' },
    ps: { one: 'second', other: '{n} s' },
    weekOf: 'Week of {date}',
    quarter: 'Q{n} {year}',
    partialYear: 'Year not complete',
    partialQuarter: 'Quarter not complete',
    partialMonth: 'Month not complete',
    partialWeek: 'Week not complete',
    partialDay: 'Day not complete',
    partialHour: 'Hour not complete',
    partialMinute: 'Minute not complete',
    partialSecond: 'Not complete yet',
    before: 'before: {value}',
    now: 'just now',
    agoS: '{n} s ago',
    agoMin: '{n} min ago',
    agoH: '{n} h ago',
    agoD: { one: 'yesterday', other: '{n} days ago' },
    start: 'Start of the visible time',
    end: 'End of the visible time',
    open: 'Open',
    highName: 'High',
    lowName: 'Low',
    close: 'Close',
    lineChart: 'Line chart',
    areaChart: 'Area chart',
    barChart: 'Bar chart',
    histogram: 'Histogram',
    boxPlot: 'Box plot',
    heatmap: 'Heatmap',
    scatter: 'Scatter plot',
    calendar: 'Calendar',
    donut: 'Donut chart',
    candlestick: 'Price chart',
    comboChart: 'Columns with a line',
    table: 'Table',
    walk: 'Arrow keys walk the marks',
    walkEnter: 'Arrow keys walk the marks, Enter filters',
    excluded: 'excluded',
    sortBy: 'Sort by {column}',
    copied: { one: '1 cell copied', other: '{n} cells copied' },
    columnMoved: '{column} is column {n} now',
    values: { one: '{n} value', other: '{n} values' },
    emptyShare: '{share} empty',
    emptyCells: { one: '{n} empty cell', other: '{n} empty cells' },
    nothingFound: 'No row holds “{text}”.',
    loading: 'Loading',
    noMatch: 'No rows match this filter',
    noMatchHint: 'Fewer filters or a longer time show more.',
    waiting: 'Waiting for the first row',
    waitingHint: 'The chart appears as soon as there is data.',
    failed: 'This panel has no answer',
    unloaded: 'The chart could not be fetched. Reload the page to try again.',
    staleAs: 'As of {time}. {why}',
    staleOnly: 'Last good picture. {why}',
    unknownMark: 'Shown as a table: this page does not know the mark “{mark}”.',
    inZone: 'Times in {zone}',
    rangeTo: '{from} to {to}',
    legendHint: 'Click hides or shows, double click shows only this',
  },
  {
    empty: '(leer)',
    other: 'Übrige ({n})',
    more: '{n} weitere',
    fewer: 'Weniger zeigen',
    all: 'Alle {noun}',
    total: 'Summe',
    rows: { one: '{n} Zeile', other: '{n} Zeilen' },
    share: 'Anteil',
    shareAll: 'Anteil, alle Zeilen',
    value: 'Wert',
    highest: 'Höchster Wert {place}: {value}',
    highestAll: 'Zusammen am höchsten {place}: {value}',
    highestOne: 'Höchster Wert für {name} {place}: {value}',
    placeMonth: 'im {when}',
    placeSpan: 'in {when}',
    placeWeek: 'in der {when}',
    placeDay: 'am {when}',
    placeTime: 'am {when}',
    placeFor: 'für {when}',
    byField: 'nach {field}',
    holds: '{name} macht {share} aus ({noun})',
    holdsWindow: '{from} bis {to} machen {share} aus ({noun})',
    leads: '{name} ist am höchsten mit {value}',
    noValue: {
      one: '{n} von {total} Zeilen hat keinen Wert',
      other: '{n} von {total} Zeilen haben keinen Wert',
    },
    median: 'Median {value}',
    medianSentence: 'Die Hälfte der Zeilen liegt unter {value}',
    medianHighest: 'Höchster Median: {name} mit {value}',
    boxKey: 'Kasten: mittlere Hälfte. Linie: 5. bis 95. Perzentil',
    low: '5. Perzentil',
    q1: 'Unteres Quartil',
    medianName: 'Median',
    q3: 'Oberes Quartil',
    high: '95. Perzentil',
    withValue: { one: '{n} Zeile mit einem Wert', other: '{n} Zeilen mit einem Wert' },
    points: { one: '{n} Punkt', other: '{n} Punkte' },
    pointsOf: '{n} von {total} Punkten',
    smallCharts: 'Kleine Diagramme',
    smallAll: 'Nach {field}, das Größte zuerst',
    smallSome: 'Nach {field}, die {n} größten von {total}',
    binned: '{n} Zeilen, dunkler, wo es mehr sind',
    rises: '{y} steigt mit {x}',
    falls: '{y} fällt, wenn {x} steigt',
    noRelation: 'Kein klarer Zusammenhang',
    logScale: 'logarithmisch',
    newestFirst: 'neueste zuerst',
    sortedDown: '{column}, höchste zuerst',
    sortedUp: '{column}, niedrigste zuerst',
    latest: 'Zuletzt: {value}',
    lastClose: 'Zuletzt {value}, {change} zum vorigen',
    vsPrior: 'zu {period} davor',
    vsYear: 'zum Jahr davor',
    vsPeriod: 'zum Zeitraum davor',
    target: 'Ziel',
    ofTarget: '{share} von {name} {target}',
    targetIs: '{name} {target}',
    onTarget: 'genau {name} {target}',
    aboveTarget: 'über {name} {target}',
    belowTarget: 'unter {name} {target}',
    targetCompared: '{value}, {name} {target}',
    belowBound: 'Unter {value}',
    aboveBound: 'Über {value}',
    noPrior: 'kein früherer Zeitraum',
    compared: '{current}, davor {previous}',
    points100: 'Pkt.',
    pd: { one: 'Tag', other: '{n} Tagen' },
    pw: { one: 'Woche', other: '{n} Wochen' },
    pmo: { one: 'Monat', other: '{n} Mon.' },
    pq: { one: 'Quartal', other: '{n} Quartalen' },
    py: { one: 'Jahr', other: '{n} Jahren' },
    ph: { one: 'Stunde', other: '{n} Std.' },
    pmin: { one: 'Minute', other: '{n} Min.' },
    ps: { one: 'Sekunde', other: '{n} Sek.' },
    weekOf: 'Woche vom {date}',
    quarter: 'Q{n} {year}',
    partialYear: 'Jahr nicht vollständig',
    partialQuarter: 'Quartal nicht vollständig',
    partialMonth: 'Monat nicht vollständig',
    partialWeek: 'Woche nicht vollständig',
    partialDay: 'Tag nicht vollständig',
    partialHour: 'Stunde nicht vollständig',
    partialMinute: 'Minute nicht vollständig',
    partialSecond: 'Noch nicht vollständig',
    before: 'vorher: {value}',
    now: 'gerade eben',
    agoS: 'vor {n} s',
    agoMin: 'vor {n} min',
    agoH: 'vor {n} h',
    agoD: { one: 'gestern', other: 'vor {n} Tagen' },
    start: 'Anfang der sichtbaren Zeit',
    end: 'Ende der sichtbaren Zeit',
    open: 'Eröffnung',
    highName: 'Hoch',
    lowName: 'Tief',
    close: 'Schluss',
    lineChart: 'Liniendiagramm',
    areaChart: 'Flächendiagramm',
    barChart: 'Balkendiagramm',
    histogram: 'Histogramm',
    boxPlot: 'Kastendiagramm',
    heatmap: 'Heatmap',
    scatter: 'Streudiagramm',
    calendar: 'Kalender',
    donut: 'Ringdiagramm',
    candlestick: 'Kursdiagramm',
    comboChart: 'Säulen mit Linie',
    table: 'Tabelle',
    walk: 'Pfeiltasten gehen durch die Werte',
    walkEnter: 'Pfeiltasten gehen durch die Werte, Eingabe filtert',
    excluded: 'ausgeschlossen',
    sortBy: 'Nach {column} sortieren',
    copied: { one: '1 Zelle kopiert', other: '{n} Zellen kopiert' },
    columnMoved: '{column} ist jetzt Spalte {n}',
    values: { one: '{n} Wert', other: '{n} Werte' },
    emptyShare: '{share} leer',
    emptyCells: { one: '{n} leere Zelle', other: '{n} leere Zellen' },
    nothingFound: 'Keine Zeile enthält „{text}“.',
    loading: 'Lädt',
    noMatch: 'Keine Zeile passt zu diesem Filter',
    noMatchHint: 'Weniger Filter oder eine längere Zeit zeigen mehr.',
    waiting: 'Wartet auf die erste Zeile',
    waitingHint: 'Das Diagramm erscheint, sobald es Daten gibt.',
    failed: 'Dieses Feld hat keine Antwort',
    unloaded: 'Das Diagramm konnte nicht geladen werden. Die Seite neu laden versucht es noch einmal.',
    staleAs: 'Stand {time}. {why}',
    staleOnly: 'Letztes gültiges Bild. {why}',
    unknownMark: 'Als Tabelle gezeigt: Diese Seite kennt „{mark}“ nicht.',
    inZone: 'Zeiten in {zone}',
    rangeTo: '{from} bis {to}',
    legendHint: 'Klick blendet aus oder ein, Doppelklick zeigt nur diese',
  },
);
