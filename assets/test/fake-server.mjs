/**
 * node test/fake-server.mjs [port]: serves dist with a boot, the events of a small shop and the answers of the API, under
 * the product's content security policy. Used by the browser tests; /test/* steers it (see `steer`).
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FIELDS, frames, LAYOUT, makeRow, makeRows, patch, random } from './fake-model.mjs';

export const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

const dist = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const NOW = new Date(Date.now() - 2000).toISOString();

export function createFake({ count = 4000, heartbeat = 15_000, empty = false, guest = false } = {}) {
  const rnd = random(7);
  let rows = makeRows(count, rnd);
  let revision = 812;
  let seq = 40;
  const epoch = 'm3x9k2';
  const shares = [];
  const history = Array.from({ length: 90 }, (_, i) => ({
    revision: revision - 89 + i,
    at: new Date(Date.parse(NOW) - (89 - i) * 47_000).toISOString(),
    source: 'orders',
    table: 'orders',
    added: Math.floor(rnd() ** 3 * 30) + 1,
    changed: rnd() < 0.2 ? Math.floor(rnd() * 9) : 0,
    removed: rnd() < 0.1 ? Math.floor(rnd() * 6) : 0,
  }));
  const quiet = { info: 0, warning: 0, error: 0 };
  const source = (name, format, n, extra = {}) => ({
    name, format, state: 'ok', revision, rows: n, added: 0, removed: 0, changed: 0, bytes: n * 61, updated: NOW, ms: 4.2,
    diagnostics: quiet, error: null,
    tables: [{ name, label: `${name}.${format}`, rows: n, ...(name === 'orders' || name === 'returns' ? { dashboard: name } : {}) }],
    ...extra,
  });
  let sources = [
    source('orders', 'csv', rows.length),
    source('returns', 'csv', 741),
    source('plan', 'xlsx', 60, {
      tables: [
        { name: 'plan_2024', label: '2024', rows: 24 },
        { name: 'plan_2025', label: '2025', rows: 36 },
      ],
    }),
    source('stock', 'json', 559, { diagnostics: { info: 0, warning: 2, error: 0 } }),
    source('sensors', 'parquet', 120_000),
  ];
  let there = !empty;
  const dashboards = () =>
    there
      ? [
          { slug: 'orders', title: 'Orders', table: 'orders', panels: 11 },
          { slug: 'returns', title: 'Returns', table: 'returns', panels: 11 },
        ]
      : [];
  const clients = new Set();
  const log = [];

  function selectionOf(url) {
    const filters = {};
    for (const [k, v] of url.searchParams) if (k.startsWith('f.')) (filters[k.slice(2)] ??= []).push(v);
    return {
      range: url.searchParams.get('range') || 'all',
      grain: url.searchParams.get('grain') || 'auto',
      compare: url.searchParams.get('compare') || 'previous period',
      filters,
    };
  }

  function snapshot(selection, at = revision) {
    const past = at < revision ? rows.slice(0, Math.max(100, rows.length - (revision - at) * 12)) : rows;
    const { frames: all, range } = frames(past, selection, at);
    return {
      dashboard: 'orders', title: 'Orders', table: 'orders', revision: at, epoch, at: `${epoch}-${seq}`, selection,
      time: {
        column: 'ordered_at', label: 'Ordered at', type: 'date', instant: false, zone: 'UTC', ...range,
        grain: selection.grain === 'auto' ? 'month' : selection.grain, grains: ['year', 'quarter', 'month', 'week', 'day'],
      },
      fields: FIELDS, rows: LAYOUT, frames: all, sources: guest ? sources.slice(0, 1) : sources, viewers: 3,
      allow: guest ? ['filters'] : ['filters', 'rows', 'history', 'share', 'edit'],
    };
  }

  const send = (c, event, data, id) =>
    c.res.write(`event: ${event}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`);

  /** An event that is the same for everybody, with a place in the log. */
  function publish(event, data) {
    seq++;
    const id = `${epoch}-${seq}`;
    log.push({ id, event, data });
    for (const c of clients) send(c, event, data, id);
  }

  function change(n = 1, newest = true) {
    revision++;
    const last = Date.parse(rows.at(-1).ordered_at);
    const fresh = Array.from({ length: n }, (_, i) => makeRow(newest ? last : last - 9e8, rnd, rows.length + i + 1));
    rows = [...rows, ...fresh];
    sources = sources.map((s) =>
      s.name === 'orders'
        ? { ...s, revision, rows: rows.length, added: n, updated: new Date().toISOString(), bytes: rows.length * 61, tables: [{ ...s.tables[0], rows: rows.length }] }
        : s,
    );
    history.push({ revision, at: new Date().toISOString(), source: 'orders', table: 'orders', added: n, changed: 0, removed: 0 });
    seq++;
    const id = `${epoch}-${seq}`;
    for (const c of clients) {
      if (!c.selection) {
        send(c, 'source', sources[0], id);
        continue;
      }
      const next = frames(rows, c.selection, revision).frames;
      for (const [panel, after] of Object.entries(next)) {
        const p = patch(panel, c.frames[panel], after);
        if (p) {
          send(c, 'patch', p, id);
          c.frames[panel] = after;
        }
      }
      send(c, 'source', sources[0], id);
    }
  }

  const json = (res, status, body, type = 'application/json') => {
    res.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
    res.end(JSON.stringify(body));
  };
  const problem = (res, status, type, title, detail) =>
    json(res, status, { type: `/problems/${type}`, title, status, detail }, 'application/problem+json');

  function events(req, res, url, dashboard) {
    res.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store, no-transform',
      'content-security-policy': CSP,
    });
    res.write(': hello\n\n');
    const selection = dashboard ? selectionOf(url) : null;
    const c = { res, selection, frames: {} };
    const last = req.headers['last-event-id'] ?? url.searchParams.get('last_event_id') ?? '';
    const resumed = last === `${epoch}-${seq}`;
    send(c, 'hello', { version: '0.1.0', epoch, dashboard: dashboard ?? '', resumed, retry: 1000 });
    if (selection) {
      const s = snapshot(selection);
      c.frames = { ...s.frames };
      if (!resumed) send(c, 'snapshot', s, `${epoch}-${seq}`);
    }
    clients.add(c);
    const timer = setInterval(() => send(c, 'heartbeat', { head: `${epoch}-${seq}`, time: new Date().toISOString() }), heartbeat);
    res.on('close', () => {
      clearInterval(timer);
      clients.delete(c);
    });
  }

  /** What a test may do to the server, by POST /test/{what}. */
  const steer = {
    change: (q) => change(Number(q.get('n') ?? 1)),
    drop: () => {
      for (const c of clients) c.res.destroy();
    },
    goodbye: (q) => {
      for (const c of clients) {
        send(c, 'goodbye', { reason: q.get('reason') ?? 'revoked', retry: Number(q.get('retry') ?? 0) });
        c.res.end();
      }
    },
    break: () => {
      sources = sources.map((s) =>
        s.name === 'orders' ? { ...s, state: 'error', error: { message: 'a quote is never closed', line: 12, hint: 'Close the quote that opens in line 12.' } } : s,
      );
      publish('source', sources[0]);
    },
    repair: () => {
      sources = sources.map((s) => (s.name === 'orders' ? { ...s, state: 'ok', error: null } : s));
      publish('source', sources[0]);
    },
    appear: () => {
      there = true;
      publish('source', sources[0]);
    },
    unknown: () => publish('confetti', { colour: 'any' }),
    misfit: () => publish('patch', { panel: 'trend', base: 1, revision: revision + 1, length: 3 }),
  };

  async function api(req, res, url, rest) {
    if (rest === 'events') return events(req, res, url, null);
    const m = /^dashboards\/([^/]+)\/(events|snapshot|values)$/.exec(rest);
    if (m) {
      if (!dashboards().some((d) => d.slug === m[1])) return problem(res, 404, 'unknown-dashboard', 'No such dashboard');
      if (m[2] === 'events') return events(req, res, url, m[1]);
      if (m[2] === 'snapshot') return json(res, 200, snapshot(selectionOf(url), Number(url.searchParams.get('at') ?? revision)));
      const column = url.searchParams.get('column');
      const q = (url.searchParams.get('q') ?? '').toLowerCase();
      const selection = selectionOf(url);
      delete selection.filters[column];
      const counts = new Map();
      for (const r of frames(rows, selection, revision).rows) {
        const v = r[column] === null ? '' : String(r[column]);
        if (v.toLowerCase().includes(q)) counts.set(v, (counts.get(v) ?? 0) + 1);
      }
      const values = [...counts].map(([value, n]) => ({ value, rows: n })).sort((a, b) => b.rows - a.rows);
      return json(res, 200, { column, values: values.slice(0, 50), distinct: values.length });
    }
    const t = /^tables\/([^/]+)\/rows$/.exec(rest);
    if (t) {
      const { rows: found } = frames(rows, selectionOf(url), revision);
      const sort = url.searchParams.get('sort') ?? '';
      const by = sort.replace(/^-/, '');
      const list = [...found].reverse();
      if (by) list.sort((a, b) => ((a[by] ?? '') < (b[by] ?? '') ? -1 : a[by] === b[by] ? 0 : 1) * (sort.startsWith('-') ? -1 : 1));
      const offset = Number(url.searchParams.get('offset') ?? 0);
      return json(res, 200, list.slice(offset, offset + Number(url.searchParams.get('limit') ?? 100)));
    }
    if (/^sources\/[^/]+\/diagnostics$/.test(rest))
      return json(res, 200, {
        source: 'stock',
        diagnostics: [
          { code: 'ragged-row', severity: 'warning', line: 41, count: 2, message: '2 lines have 7 fields where 6 are expected; they are left out.', hint: 'A comma inside a value needs quotes.' },
          { code: 'not-a-date', severity: 'warning', line: 812, column: 'restocked', value: 'TBA', count: 1, message: '“restocked” holds text that is no date.' },
        ],
        counted: { info: 0, warning: 3, error: 0 },
      });
    switch (rest) {
      case 'dashboards':
        return json(res, 200, { dashboards: dashboards() });
      case 'history':
        return json(res, 200, { epoch, revisions: history });
      case 'tables':
        return json(res, 200, {
          epoch,
          tables: [
            {
              name: 'orders', label: 'orders.csv', source: 'orders.csv', state: 'ok', revision, rows: rows.length, updated: NOW, key: ['order_id'],
              columns: FIELDS.map((f) => ({ ...f, nulls: f.name === 'channel' ? 118 : 0, reason: `every value reads as ${f.type}` })),
            },
          ],
        });
      case 'sources':
        return json(res, 200, { epoch, root: './data', sources: [], watching: { mode: 'events', files: 5, folders: 1, notes: [], skipped: [] } });
      case 'shares':
        if (req.method === 'POST') {
          let text = '';
          for await (const chunk of req) text += chunk;
          const body = JSON.parse(text);
          const token = randomBytes(32).toString('base64url');
          const id = randomBytes(6).toString('hex');
          const expires = new Date(Date.now() + 7 * 86_400_000).toISOString();
          const reach = { local: true, urls: ['http://localhost:7070/'], hint: 'To let others in, start dashira with --lan.' };
          shares.unshift({ id, label: body.label ?? '', dashboards: body.dashboards, allow: body.allow ?? [], locked: Object.keys(body.lock ?? {}), created: NOW, expires, revoked: false, password: Boolean(body.password), viewers: 0 });
          return json(res, 201, { id, url: `http://localhost:7070/s#${token}`, token, expires, reach });
        }
        return json(res, 200, { shares, reach: { local: true, urls: ['http://localhost:7070/'] } });
      case 'session': {
        let text = '';
        for await (const chunk of req) text += chunk;
        const { token, password } = JSON.parse(text);
        if (token === 'secret' && password !== 'open') return problem(res, 403, 'password', 'The link has a password');
        if (token === 'old') return problem(res, 410, 'ended', 'The link has ended');
        if (token === 'many') return problem(res, 429, 'too-many', 'Too many attempts');
        if (token !== 'good' && token !== 'secret') return problem(res, 401, 'unknown-token', 'The link is not valid');
        return json(res, 200, { share: 'q7f3k2m9', path: '/' });
      }
    }
    const s = /^shares\/(.+)$/.exec(rest);
    if (s && req.method === 'DELETE') {
      const share = shares.find((x) => x.id === s[1]);
      if (share) share.revoked = true;
      res.writeHead(204);
      return res.end();
    }
    return problem(res, 404, 'not-found', 'Not found', rest);
  }

  function page(res, url) {
    const named = /^\/d\/([^/]+)/.exec(url.pathname)?.[1];
    const slug = named ?? (there ? 'orders' : '');
    const known = dashboards().some((d) => d.slug === slug);
    const boot = {
      version: '0.1.0', title: 'Shop', root: guest ? '' : './data', base: '/', guest, dashboard: known ? slug : '',
      dashboards: guest ? dashboards().slice(0, 1) : dashboards(), sources: there ? (guest ? sources.slice(0, 1) : sources) : [],
      snapshot: known && !url.searchParams.has('bare') ? snapshot(selectionOf(url)) : null,
      extensions: ['.csv', '.tsv', '.xlsx', '.json', '.ndjson', '.parquet'], lan: false,
    };
    const text = JSON.stringify(boot).replace(/[<>&]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
    const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8').replace('id="boot">', () => `id="boot">${text}`);
    res.writeHead(200, { 'content-type': TYPES['.html'], 'cache-control': 'no-cache', 'content-security-policy': CSP, 'x-content-type-options': 'nosniff' });
    res.end(html);
  }

  const server = http.createServer((req, res) => {
    const url = new URL(req.url, 'http://x');
    const name = url.pathname;
    if (name.startsWith('/test/')) {
      steer[name.slice(6)]?.(url.searchParams);
      res.writeHead(204);
      return res.end();
    }
    if (name.startsWith('/api/v1/'))
      return api(req, res, url, decodeURIComponent(name.slice(8))).catch((e) => problem(res, 500, 'internal', String(e)));
    if (name === '/' || name === '/s' || name.startsWith('/d/')) return page(res, url);
    const file = path.join(dist, name);
    if (!file.startsWith(dist) || !fs.existsSync(file) || !fs.statSync(file).isFile()) {
      res.writeHead(404);
      return res.end();
    }
    res.writeHead(200, {
      'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream',
      'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      'content-security-policy': CSP,
      'x-content-type-options': 'nosniff',
    });
    res.end(fs.readFileSync(file));
  });
  return {
    change,
    steer,
    get streams() {
      return clients.size;
    },
    listen: (port = 0) =>
      new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${server.address().port}`))),
    close: () => {
      for (const c of clients) c.res.destroy();
      server.close();
      server.closeAllConnections();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const fake = createFake({ empty: process.argv.includes('--empty'), guest: process.argv.includes('--guest') });
  console.log(await fake.listen(Number(process.argv[2]) || 7071));
  setInterval(() => fake.change(1 + Math.floor(Math.random() * 3)), 1600);
}
