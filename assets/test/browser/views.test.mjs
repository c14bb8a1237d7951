/** What a viewer sets up on a page stays through updates, and is in the address. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, serve } from './server.mjs';

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

const ORDER = (n, region = 'North') =>
  `A-0${9000 + n},2026-11-21T20:${10 + (n % 50)}:00,${region},web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n`;

test('tabs, hidden lines and table twins are in the address', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  await page.tab('Category');
  await page.until(() => /v\.[a-z-]+\.tab=/.test(page.url()), 'the tab in the address');
  const share = page.locator('section[data-mark="area"]').first();
  await share.scrollIntoViewIfNeeded();
  const legend = share.locator('.legend button');
  await legend.first().waitFor();
  const name = await legend.first().innerText();
  await legend.first().click();
  await page.until(() => page.url().includes('.hide='), 'the hidden line in the address');
  const trend = page.locator('section[data-mark="line"]').first();
  await trend.focus();
  await page.keyboard.press('v');
  await trend.locator('.datatable').waitFor();
  const again = await open(chromium, page.url());
  assert.equal(await again.getByRole('tab', { name: 'Category', exact: true }).getAttribute('aria-selected'), 'true');
  await again.locator('section[data-mark="line"]').first().locator('.datatable').waitFor();
  const twin = again.locator('section[data-mark="area"]').first();
  await twin.scrollIntoViewIfNeeded();
  const hidden = twin.locator('.legend button[aria-pressed="false"]');
  await hidden.waitFor();
  assert.equal(await hidden.innerText(), name);
  // A double click shows one alone, a second one all.
  await twin.locator('.legend button').nth(1).dblclick();
  await again.until(async () => (await twin.locator('.legend button[aria-pressed="true"]').count()) === 1, 'one alone');
  await twin.locator('.legend button').nth(1).dblclick();
  await again.until(async () => (await hidden.count()) === 0, 'all of them');
  await again.done();
  await page.done();
});

test('a ranked list opens to all its categories, stays open, and is live', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const list = page.locator('section[data-mark="ranked"]').first();
  const count = () => list.locator('.board li').count();
  await list.locator('.bar-other').click();
  await page.until(async () => (await count()) === 12, 'twelve products');
  assert.equal(await list.locator('.bar-other').innerText(), 'Show fewer');
  const value = (name) => list.locator('.board li', { hasText: name }).locator('.bar-value').innerText();
  const before = await value('Assam 250 g');
  fs.appendFileSync(path.join(server.dir, 'orders.csv'), ORDER(1));
  await page.until(async () => (await value('Assam 250 g')) !== before, 'the new order in the open list');
  assert.equal(await count(), 12);
  await list.locator('.bar-other').click();
  await page.until(async () => (await count()) === 10, 'ten products');
  await page.done();
});

test('a view is saved under a name, found again, and forgotten', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  assert.equal(await page.getByText('Save this view').count(), 0, 'nothing is special yet');
  await page.tab('Region');
  await page.choose('South');
  await page.until(() => page.url().includes('f.region=South'), 'the filter');
  await page.getByText('Save this view').click();
  const name = page.getByLabel('Name of the view');
  assert.match(await name.inputValue(), /South/);
  await name.fill('The south');
  await page.keyboard.press('Enter');
  const link = page.locator('.saved a', { hasText: 'The south' });
  await link.waitFor();
  assert.equal(await link.getAttribute('aria-current'), 'page');
  const address = page.url();
  const figure = (await page.kpis()).Orders;
  await page.locator('.sidebar a', { hasText: 'plan' }).click();
  await page.until(() => page.url().includes('/d/plan'), 'another dashboard');
  await page.reload();
  await link.click();
  await page.until(() => page.url() === address, 'the saved address');
  await page.until(async () => (await page.kpis()).Orders === figure, 'the saved selection');
  assert.equal(await page.getByRole('tab', { name: 'Region', exact: true }).getAttribute('aria-selected'), 'true');
  await link.hover();
  await page.getByLabel('Forget The south').click();
  await link.waitFor({ state: 'detached' });
  await page.done();
});

test('two moments are compared, and what differs stays marked', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const figure = async () => Number((await page.kpis()).Orders.replaceAll(',', ''));
  const before = await figure();
  for (let n = 11; n < 14; n++) {
    fs.appendFileSync(path.join(server.dir, 'orders.csv'), ORDER(n, 'West'));
    await page.until(async () => (await figure()) === before + n - 10, `order ${n - 10}`);
  }
  const track = page.locator('.track');
  await track.waitFor();
  const { revisions } = await json(`${server.base}api/v1/history`);
  const last = revisions.filter((r) => r.table === 'orders').length - 1;
  await page.until(async () => (await track.getAttribute('aria-valuemax')) === String(last), 'every version in the dock');
  await track.focus();
  for (let n = 0; n < 2; n++) {
    await page.keyboard.press('ArrowLeft');
    await page.until(async () => (await figure()) === before + 2 - n, 'an earlier moment');
  }
  await page.getByText('Compare with now').click();
  const bar = page.locator('.comparebar');
  await bar.waitFor();
  assert.match(await bar.innerText(), /^Compared with .*: \d+ of \d+ panels differ/);
  assert.equal(await figure(), before + 3);
  const old = (before + 1).toLocaleString('en-US');
  await page.until(
    async () => (await page.locator('.kpi', { hasText: 'Orders' }).first().innerText()).includes(`before: ${old}`),
    'what it was',
  );
  assert.ok((await page.locator('[data-fresh="true"]').count()) > 2, 'what differs is marked');
  fs.appendFileSync(path.join(server.dir, 'orders.csv'), ORDER(14, 'West'));
  await page.until(async () => (await figure()) === before + 4, 'the page is live while it compares');
  assert.ok(await bar.isVisible());
  await page.getByText('End comparison').click();
  await bar.waitFor({ state: 'detached' });
  await page.done();
});
