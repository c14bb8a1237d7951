/**
 * A small shop, aggregated as the server would: enough of the model to show the page with live data, filters and
 * patches before or without the Go server. The numbers come from a seeded generator, so that pictures repeat.
 */

const DAY = 86_400_000;
const REGIONS = ['EU', 'North America', 'Asia', 'South America'];
const PRODUCTS = ['Desk lamp', 'Notebook', 'Office chair', 'Monitor arm', 'Keyboard', 'Webcam', 'Headset', 'Mouse', 'Dock', 'Cable set', 'Whiteboard', 'Backpack', 'Bottle'];
const CHANNELS = ['Shop', 'Partner', 'Phone', 'Fair'];

export function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const iso = (ms) => new Date(ms).toISOString().slice(0, 10);
const monthOf = (day) => `${day.slice(0, 7)}-01`;

export function makeRows(n, rnd) {
  const rows = [];
  const start = Date.UTC(2024, 0, 1);
  const days = 690;
  for (let i = 0; i < n; i++) {
    const at = start + Math.floor((i / n) * days) * DAY;
    rows.push(makeRow(at, rnd, i + 1));
  }
  return rows;
}

export function makeRow(at, rnd, id) {
  const skew = (list, power) => list[Math.floor(rnd() ** power * list.length)];
  const product = skew(PRODUCTS, 1.7);
  const season = 1 + 0.35 * Math.sin((new Date(at).getUTCMonth() / 12) * 2 * Math.PI - 1.2);
  const amount = Math.round((12 + rnd() ** 3 * 380 * season) * 100) / 100;
  return {
    order_id: id,
    ordered_at: iso(at),
    region: skew(REGIONS, 1.4),
    product,
    channel: rnd() < 0.03 ? null : skew(CHANNELS, 1.3),
    amount,
    quantity: 1 + Math.floor(rnd() ** 2 * 6),
    damaged: rnd() < 0.06,
  };
}

export const FIELDS = [
  { name: 'ordered_at', label: 'Ordered at', type: 'date', role: 'time', distinct: 690 },
  { name: 'region', label: 'Region', type: 'string', role: 'category', distinct: 4 },
  { name: 'product', label: 'Product', type: 'string', role: 'category', distinct: 13 },
  { name: 'channel', label: 'Channel', type: 'string', role: 'category', distinct: 4 },
  { name: 'amount', label: 'Amount', type: 'float', unit: 'EUR', role: 'currency', distinct: 0 },
  { name: 'quantity', label: 'Quantity', type: 'int', role: 'quantity', distinct: 6 },
];

const field = (name) => {
  const f = FIELDS.find((x) => x.name === name);
  return { name, label: f?.label ?? name, type: f?.type ?? 'string', ...(f?.unit ? { unit: f.unit } : {}), role: f?.role ?? 'id' };
};

export const LAYOUT = [
  {
    height: 'small',
    items: [
      { panel: 'orders', mark: 'kpi', title: 'Orders', width: 3, encoding: { y: 'orders' }, noun: 'orders', format: 'integer', zero: true, time: false, why: 'Every table has a count of its rows.' },
      { panel: 'revenue', mark: 'kpi', title: 'Revenue', width: 3, encoding: { y: 'revenue' }, format: 'currency', zero: true, time: false, why: '“Amount” has a unit of money and adds up.' },
      { panel: 'basket', mark: 'kpi', title: 'Average order', width: 3, encoding: { y: 'basket' }, format: 'currency', zero: false, time: false, why: 'Revenue for each order.' },
      { panel: 'damaged', mark: 'kpi', title: 'Damaged', width: 3, encoding: { y: 'damaged' }, format: 'percent', zero: true, time: false, why: '“Damaged” is true or false: its share.' },
    ],
  },
  {
    height: 'large',
    items: [
      { panel: 'trend', mark: 'line', title: 'Revenue per month', width: 8, encoding: { x: 'ordered_at', y: 'revenue', color: 'region' }, noun: 'EUR', format: 'currency', zero: true, time: true, why: 'One date column over 23 months, and a text column with four values: a line for each.' },
      {
        panel: 'by-product', mark: 'ranked', title: 'Most revenue by', width: 4, encoding: { x: 'revenue', y: 'product' }, noun: 'EUR', format: 'currency', filter: 'product', zero: true, time: false,
        tabs: [
          { panel: 'by-product', title: 'Product', filter: 'product' },
          { panel: 'by-region', title: 'Region', filter: 'region' },
          { panel: 'by-channel', title: 'Channel', filter: 'channel' },
        ],
        why: 'A text column with 13 values: a ranking.',
      },
    ],
  },
  {
    height: 'medium',
    items: [
      { panel: 'season', mark: 'heatmap', title: 'Season', width: 4, encoding: { x: 'year', y: 'month', color: 'orders' }, noun: 'orders', format: 'integer', zero: true, time: false, why: 'Two years of days: the same month of each year under the other.' },
      { panel: 'amounts', mark: 'histogram', title: 'Amount', width: 4, encoding: { x: 'start', y: 'count' }, noun: 'orders', filter: 'amount', zero: true, time: false, why: 'The shape of the main number.' },
      { panel: 'spread', mark: 'box', title: 'Amount by Channel', width: 4, encoding: { y: 'channel', x: 'median' }, format: 'currency', filter: 'channel', zero: false, time: false, why: 'Four groups with many values each.' },
    ],
  },
  {
    height: 'table',
    items: [
      { panel: 'cloud', mark: 'scatter', title: 'Amount by Quantity', width: 4, encoding: { x: 'quantity', y: 'amount', color: 'region' }, noun: 'orders', format: 'currency', zero: false, time: false, why: 'Two numbers that may belong together.' },
      { panel: 'rows', mark: 'table', title: 'Rows', width: 8, encoding: { columns: ['ordered_at', 'region', 'product', 'channel', 'quantity', 'amount'] }, noun: 'orders', zero: false, time: false, why: 'The rows themselves, newest first.' },
    ],
  },
];

function term(text) {
  const exclude = text.startsWith('!');
  const rest = exclude ? text.slice(1) : text;
  if (rest.startsWith('=')) return { exclude, value: rest.slice(1) };
  const dots = rest.indexOf('..');
  if (dots < 0) return { exclude, value: rest };
  return { exclude, from: rest.slice(0, dots), to: rest.slice(dots + 2) };
}

function passes(row, column, values) {
  const cell = row[column];
  const text = cell === null || cell === undefined ? '' : String(cell);
  let any = false;
  let wanted = false;
  for (const v of values) {
    const t = term(v);
    let hit;
    if (t.value !== undefined) hit = text === t.value;
    else if (typeof cell === 'number') hit = (t.from === '' || cell >= Number(t.from)) && (t.to === '' || cell < Number(t.to));
    else hit = text !== '' && (t.from === '' || text >= t.from) && (t.to === '' || text < t.to);
    if (t.exclude) {
      if (hit) return false;
    } else {
      wanted = true;
      any ||= hit;
    }
  }
  return !wanted || any;
}

/** What a range means for these rows. */
function resolveRange(range, rows) {
  const min = rows[0].ordered_at;
  const max = rows.at(-1).ordered_at;
  const end = iso(Date.parse(max) + DAY);
  if (range.includes('..')) {
    const [from, to] = range.split('..');
    return { min, max, from: from || min, to: to || end };
  }
  const m = /^(\d+)(d|mo)$/.exec(range);
  if (!m) return { min, max, from: min, to: end };
  const d = new Date(end);
  if (m[2] === 'd') d.setUTCDate(d.getUTCDate() - Number(m[1]));
  else d.setUTCMonth(d.getUTCMonth() - Number(m[1]));
  return { min, max, from: iso(d.getTime()), to: end };
}

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? null;
const sum = (list) => Math.round(list.reduce((s, r) => s + r.amount, 0) * 100) / 100;

function ranked(rows, column) {
  const groups = new Map();
  for (const r of rows) groups.set(r[column], (groups.get(r[column]) ?? 0) + r.amount);
  const list = [...groups].map(([k, v]) => [k, Math.round(v * 100) / 100]).sort((a, b) => b[1] - a[1]);
  const top = list.slice(0, 10);
  const rest = list.slice(10);
  return {
    columns: [field(column), { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' }],
    values: [top.map((x) => x[0]), top.map((x) => x[1])],
    facts: {
      rows: rows.length,
      sum: sum(rows),
      ...(rest.length ? { other_count: rest.length, other_value: rest.reduce((s, x) => s + x[1], 0) } : {}),
    },
  };
}

function kpi(name, unit, measure, rows, all) {
  const months = new Map();
  for (const r of all) {
    const m = monthOf(r.ordered_at);
    if (!months.has(m)) months.set(m, []);
    months.get(m).push(r);
  }
  const series = [...months].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, list]) => measure(list));
  const recent = series.slice(-12);
  const prior = series.slice(-24, -12);
  const mean = (l) => l.reduce((s, v) => s + v, 0) / (l.length || 1);
  return {
    columns: [{ name, label: name, type: unit === '%' ? 'float' : 'float', ...(unit && unit !== '%' ? { unit } : {}) }],
    values: [[measure(rows)]],
    facts: {
      rows: rows.length,
      current: mean(recent),
      previous: mean(prior.length ? prior : recent),
      period: '12mo',
      spark: recent,
      spark_prior: prior,
    },
  };
}

/** Every frame of the dashboard under a selection; a list ignores the filter on its own column. */
export function frames(all, selection, revision) {
  const range = resolveRange(selection.range, all);
  const inTime = all.filter((r) => r.ordered_at >= range.from && r.ordered_at < range.to);
  const filters = Object.entries(selection.filters);
  const under = (except) => inTime.filter((r) => filters.every(([c, v]) => c === except || passes(r, c, v)));
  const rows = under(null);
  const out = {};

  out.orders = kpi('orders', '', (l) => l.length, rows, rows);
  out.revenue = kpi('revenue', 'EUR', sum, rows, rows);
  out.basket = kpi('basket', 'EUR', (l) => Math.round((sum(l) / (l.length || 1)) * 100) / 100, rows, rows);
  out.damaged = kpi('damaged', '%', (l) => l.filter((r) => r.damaged).length / (l.length || 1), rows, rows);

  const grain = selection.grain === 'day' ? (d) => d : selection.grain === 'year' ? (d) => `${d.slice(0, 4)}-01-01` : monthOf;
  const trend = new Map();
  for (const r of rows) {
    const key = `${grain(r.ordered_at)}|${r.region}`;
    trend.set(key, (trend.get(key) ?? 0) + r.amount);
  }
  const points = [...trend].map(([k, v]) => [...k.split('|'), Math.round(v * 100) / 100]).sort((a, b) => (a[0] + a[1] < b[0] + b[1] ? -1 : 1));
  out.trend = {
    columns: [field('ordered_at'), field('region'), { name: 'revenue', label: 'Revenue', type: 'float', unit: 'EUR' }],
    values: [points.map((p) => p[0]), points.map((p) => p[1]), points.map((p) => p[2])],
    facts: { rows: rows.length, ...(points.length ? { partial_from: points.at(-1)[0] } : {}) },
  };

  for (const [panel, column] of [['by-product', 'product'], ['by-region', 'region'], ['by-channel', 'channel']])
    out[panel] = ranked(under(column), column);

  const season = new Map();
  for (const r of rows) {
    const key = `${r.ordered_at.slice(0, 4)}|${r.ordered_at.slice(5, 7)}`;
    season.set(key, (season.get(key) ?? 0) + 1);
  }
  const cells = [...season].map(([k, v]) => [...k.split('|').map(Number), v]);
  out.season = {
    columns: [
      { name: 'year', label: 'Year', type: 'int', role: 'year' },
      { name: 'month', label: 'Month', type: 'int', role: 'month' },
      { name: 'orders', label: 'Orders', type: 'int' },
    ],
    values: [cells.map((c) => c[0]), cells.map((c) => c[1]), cells.map((c) => c[2])],
    facts: { rows: rows.length },
  };

  const own = under('amount');
  const bins = Array.from({ length: 24 }, (_, i) => i * 25);
  const counts = (list) => bins.map((b) => list.filter((r) => r.amount >= b && r.amount < b + 25).length);
  const sorted = own.map((r) => r.amount).sort((a, b) => a - b);
  out.amounts = {
    columns: [
      { ...field('amount'), name: 'start' },
      { ...field('amount'), name: 'end' },
      { name: 'count', label: 'Orders', type: 'int' },
      { name: 'total', label: 'All orders', type: 'int' },
    ],
    values: [bins, bins.map((b) => b + 25), counts(own), counts(all)],
    facts: { rows: own.length, ...(sorted.length ? { median: quantile(sorted, 0.5) } : {}) },
  };

  const byChannel = CHANNELS.map((c) => [c, under('channel').filter((r) => r.channel === c).map((r) => r.amount).sort((a, b) => a - b)]).filter((x) => x[1].length);
  out.spread = {
    columns: [field('channel'), { name: 'n', type: 'int' }, ...['low', 'q1', 'median', 'q3', 'high'].map((n) => ({ ...field('amount'), name: n, label: 'Amount' }))],
    values: [byChannel.map((x) => x[0]), byChannel.map((x) => x[1].length), ...[0.05, 0.25, 0.5, 0.75, 0.95].map((q) => byChannel.map((x) => quantile(x[1], q)))],
    facts: { rows: rows.length },
  };

  const sample = rows.filter((_, i) => i % Math.max(1, Math.ceil(rows.length / 400)) === 0);
  out.cloud = {
    columns: [field('quantity'), field('amount'), field('region')],
    values: [sample.map((r) => r.quantity), sample.map((r) => r.amount), sample.map((r) => r.region)],
    facts: { rows: rows.length, sampled: rows.length },
  };

  const newest = rows.slice(-50).reverse();
  const columns = ['ordered_at', 'region', 'product', 'channel', 'quantity', 'amount'];
  out.rows = {
    columns: columns.map(field),
    values: columns.map((c) => newest.map((r) => r[c])),
    facts: { rows: rows.length, total: rows.length, sort: '-ordered_at' },
  };

  for (const frame of Object.values(out)) frame.revision = revision;
  return { frames: out, range, rows };
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/** The patch between two frames of a panel; null where nothing moved. */
export function patch(panel, before, after) {
  if (same(before.values, after.values) && same(before.facts, after.facts)) return null;
  const base = { panel, base: before.revision, revision: after.revision, length: after.values[0].length, facts: after.facts };
  if (!same(before.columns, after.columns)) return { ...base, frame: after };
  const n = before.values[0].length;
  const key = (f, i) => JSON.stringify(f.values.map((v) => v[i]));
  if (panel === 'rows') {
    let fresh = 0;
    while (fresh < base.length && key(after, fresh) !== key(before, 0)) fresh++;
    if (fresh === base.length) return { ...base, frame: after };
    const kept = base.length - fresh;
    const at = Array.from({ length: fresh }, (_, i) => i);
    return {
      ...base,
      remove: Array.from({ length: n - kept }, (_, i) => kept + i),
      insert: { at, values: after.values.map((v) => at.map((i) => v[i])) },
    };
  }
  if (n !== base.length) return { ...base, frame: after };
  const at = [];
  for (let i = 0; i < n; i++) if (key(before, i) !== key(after, i)) at.push(i);
  if (!at.length) return base;
  const names = before.columns.map((c) => c.name);
  return {
    ...base,
    update: { at, columns: names, values: after.values.map((v) => at.map((i) => v[i])), old: before.values.map((v) => at.map((i) => v[i])) },
  };
}
