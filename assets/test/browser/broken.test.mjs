import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, replace, serve, until } from './server.mjs';
import { workbook } from './workbook.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const lines = (n) => `id,day,amount\n${Array.from({ length: n }, (_, i) => `A-${i},2026-10-${String(1 + (i % 28)).padStart(2, '0')},${i}.5`).join('\n')}\n`;
const items = (n) => JSON.stringify({ items: Array.from({ length: n }, (_, i) => ({ sku: `S-${i}`, pieces: i })) }, null, 1);
const plan = (n) => workbook([['month', 'target'], ...Array.from({ length: n }, (_, i) => [`M${i}`, i])]);

/** Each kind of broken save: what was good, what breaks it, and what heals it. */
const cases = [
  { name: 'half a JSON document', file: 'stock.json', good: items(12), broken: items(30).slice(0, 200), healed: items(15), says: /line \d+/, line: true },
  { name: 'a workbook cut short', file: 'plan.xlsx', good: plan(12), broken: plan(30).subarray(0, 700), healed: plan(15), says: /workbook|damaged|zip/i },
];

for (const c of cases)
  test(`${c.name} leaves the last good data, says what is wrong, and heals`, async () => {
    const server = await serve(folder({ [c.file]: c.good, 'healthy.csv': lines(9) }));
    try {
      const slug = path.parse(c.file).name;
      const page = await open(chromium, `${server.base}d/${slug}`);
      const rows = async () => Object.values(await page.kpis());
      assert.ok((await rows()).includes('12'), `${await rows()}`);
      replace(path.join(server.dir, c.file), c.broken);
      await page.getByText(c.says).first().waitFor();
      assert.ok((await rows()).includes('12'), 'the last good figures stay');
      const { sources } = await json(`${server.base}api/v1/sources`);
      const source = sources.find((s) => s.path === c.file);
      assert.equal(source.state, 'error');
      if (c.line) assert.ok(source.error.line > 0, 'the error has a line');
      else assert.match(source.error.message, c.says);
      assert.ok(source.error.hint, 'the error says what to do');
      await server.line(c.says);
      fs.appendFileSync(path.join(server.dir, 'healthy.csv'), 'A-99,2026-10-30,1.5\n');
      await until(async () => (await json(`${server.base}api/v1/tables/healthy`)).rows === 10, 'the healthy neighbour');
      replace(path.join(server.dir, c.file), c.healed);
      await page.until(async () => (await rows()).includes('15'), 'the healed figures');
      await page.getByText(c.says).first().waitFor({ state: 'hidden' });
      assert.equal((await json(`${server.base}api/v1/sources`)).sources.find((s) => s.path === c.file).state, 'ok');
      await page.done();
    } finally {
      await server.end();
    }
  });

test('an open quote damages its line, which can be looked at', async () => {
  const server = await serve(folder({ 'orders.csv': lines(40) }));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    assert.ok(Object.values(await page.kpis()).includes('40'));
    replace(path.join(server.dir, 'orders.csv'), lines(40).replace('A-20,', '"A-20,'));
    const found = await until(async () => {
      const d = await json(`${server.base}api/v1/sources/orders/diagnostics`);
      return d.diagnostics.find((x) => x.code === 'unclosed-quote');
    }, 'the diagnostic');
    assert.equal(found.line, 22);
    await page.until(async () => {
      const n = Object.values(await page.kpis()).map((v) => Number(v.replaceAll(',', '')));
      return n.includes(39) || n.includes(40);
    }, 'the other lines');
    await page.locator('.sidebar a', { hasText: 'orders' }).locator('[aria-label], .dot, svg').first().waitFor();
    await page.getByRole('button', { name: /Diagnostics/ }).click();
    await page.getByText('A-20').first().waitFor();
    await page.done();
  } finally {
    await server.end();
  }
});

test('a folder full of trouble is served, and every file explains itself', async () => {
  const server = await serve(folder('trouble'));
  try {
    const { sources } = await json(`${server.base}api/v1/sources`);
    for (const s of sources) {
      assert.ok(s.state === 'ok' || s.error?.message, `${s.path}: ${s.state}`);
      if (s.state === 'error') assert.ok(s.error.hint, `${s.path} says what to do`);
    }
    const failed = sources.filter((s) => s.state === 'error').map((s) => s.path);
    assert.deepEqual(failed.sort(), ['cut-short.xlsx', 'half.json', 'trailing-comma.json']);
    const { dashboards } = await json(`${server.base}api/v1/dashboards`);
    const page = await open(chromium, server.url);
    for (const d of dashboards) {
      await page.goto(`${server.base}d/${d.slug}`);
      await page.locator('[data-panel]').first().waitFor();
    }
    await page.done();
  } finally {
    await server.end();
  }
});

test('what cannot be served is one clear sentence and a status', async () => {
  const { spawnSync } = await import('node:child_process');
  const { root } = await import('./server.mjs');
  const run = (...args) => spawnSync(path.join(root, 'dashira'), args, { encoding: 'utf8', timeout: 10_000 });
  const dir = folder({ 'a.csv': 'a\n1\n', 'b.png': 'x' });
  for (const [args, status, says] of [
    [['serve', path.join(dir, 'nothing')], 1, /no such file or folder/],
    [['serve', path.join(dir, 'b.png')], 1, /does not read this kind of file/],
    [['serve'], 2, /name the folder/],
    [['serv', dir], 2, /did you mean serve/],
    [['serve', dir, '--prot', '1'], 2, /unknown flag/],
    [['serve', dir, '--port', '99999'], 2, /not a port/],
  ]) {
    const r = run(...args);
    assert.equal(r.status, status, `${args}: ${r.stderr}`);
    assert.match(r.stderr, says);
    assert.ok(r.stderr.split('\n').filter(Boolean).length <= 2, r.stderr);
  }
  const server = await serve(dir);
  try {
    const r = run('serve', dir, '--port', new URL(server.url).port);
    assert.equal(r.status, 1);
    assert.match(r.stderr, /another program has it/);
    const second = await serve(dir);
    assert.notEqual(second.url, server.url);
    await second.stop();
  } finally {
    await server.end();
  }
});
