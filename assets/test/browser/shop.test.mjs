import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, root, serve } from './server.mjs';

let chromium;
let server;
before(async () => {
  chromium = await launch();
  server = await serve(folder('shop'));
});
after(async () => {
  await server?.end();
  await chromium?.close();
});

/** The example's orders, read the slow and obvious way. */
function orders() {
  const [head, ...lines] = fs
    .readFileSync(path.join(root, 'examples/shop/orders.csv'), 'utf8')
    .trim()
    .split('\n')
    .map((l) => l.match(/("[^"]*"|[^,]*)(,|$)/g).map((c) => c.replace(/,$/, '').replace(/^"|"$/g, '')));
  return lines.map((l) => Object.fromEntries(head.map((h, i) => [h, l[i]])));
}

test('the page shows the true numbers of the files', async () => {
  const page = await open(chromium, server.url);
  const rows = orders();
  const revenue = rows.reduce((s, r) => s + Number(r.amount), 0);
  const byRegion = {};
  for (const r of rows) byRegion[r.region] = (byRegion[r.region] ?? 0) + Number(r.amount);

  const snapshot = await json(`${server.base}api/v1/dashboards/orders/snapshot`);
  const marks = snapshot.rows.flatMap((r) => r.items).map((i) => i.mark);
  for (const mark of ['kpi', 'line', 'ranked', 'table'])
    assert.ok(marks.includes(mark), `${mark} among ${marks}`);
  const figures = await page.kpis();
  assert.equal(figures.Orders, rows.length.toLocaleString('en-US'));
  assert.equal(
    Math.round(Number(figures.Amount.replaceAll(',', ''))),
    Math.round(revenue),
    `${figures.Amount} of ${revenue}`,
  );
  await page.locator('[data-mark="line"] canvas').first().waitFor();
  // Every line says at its end what it is.
  for (const region of Object.keys(byRegion))
    await page.locator('[data-mark="line"] .endlabel', { hasText: region }).first().waitFor({ state: 'visible' });

  const regions = Object.values(snapshot.frames).find((f) => f.columns[0]?.name === 'region');
  for (const [i, name] of regions.values[0].entries())
    assert.ok(Math.abs(regions.values[1][i] - byRegion[name]) < 0.01, name);

  await page.locator('section[data-mark="table"]').scrollIntoViewIfNeeded();
  const first = await page.locator('section[data-mark="table"] [role="row"]').nth(1).innerText();
  assert.match(first, new RegExp(rows.at(-1).order_id));
  assert.match(await page.locator('.sidebar').innerText(), /orders[\s\S]*plan[\s\S]*stock/i);
  await page.done();
});

test('the page asks nothing of any other host, and its policy holds', async () => {
  const page = await open(chromium, server.url);
  await page.locator('button', { hasText: 'Share' }).click();
  await page.keyboard.press('Escape');
  const hosts = new Set(page.asked.map((u) => new URL(u).host));
  assert.deepEqual([...hosts], [new URL(server.url).host]);
  await page.done();
});

test('a copied address shows the same', async () => {
  const page = await open(chromium, server.url);
  const before = (await page.kpis()).Orders;
  await page.tab('Region');
  await page.choose('North');
  await page.until(async () => (await page.kpis()).Orders !== before, 'the filter');
  const filtered = (await page.kpis()).Orders;
  assert.equal(filtered, orders().filter((o) => o.region === 'North').length.toLocaleString('en-US'));
  const address = page.url();
  assert.match(address, /f\.region=North/);
  const other = await open(chromium, address);
  assert.equal((await other.kpis()).Orders, filtered);
  await other.done();
  await page.goBack();
  await page.until(async () => (await page.kpis()).Orders === before, 'the way back');
  await page.goForward();
  await page.until(async () => (await page.kpis()).Orders === filtered, 'the way forward');
  await page.done();
});
