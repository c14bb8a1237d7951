/** What a viewer sets up on a page stays through updates, and is in the address. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, serve } from './server.mjs';

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
