/** What a viewer reaches for: time, comparison, filters, a pause, the palette, files to take away, and links. */
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

const number = (text) => Number(text?.replaceAll(',', ''));
let orders = 0;
const append = (customer = 'C-1001') =>
  fs.appendFileSync(
    path.join(server.dir, 'orders.csv'),
    `A-1${1000 + orders++},2026-11-21T21:${10 + (orders % 50)}:00,North,web,Tea,${customer},Assam 250 g,1,8.90,8.90,open\n`,
  );
const openRange = (page) => page.locator('.filters .button').first().click();

test('a range is chosen, typed, dragged and taken back, for all panels over time', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const range = () => new URL(page.url()).searchParams.get('range') ?? '';
  const all = (await page.kpis()).Orders;
  await openRange(page);
  await page.getByRole('button', { name: /^Last 30 days/ }).click();
  await page.until(async () => range() === '30d' && number((await page.kpis()).Orders) < number(all) / 5, 'thirty days');
  await openRange(page);
  await page.getByLabel('Or type it').fill('Q3 2026');
  await page.keyboard.press('Enter');
  await page.until(async () => range() === '2026-07-01..2026-10-01', 'the quarter');
  const [from, to] = [Date.UTC(2026, 6), Date.UTC(2026, 9)];
  const { rows } = await json(`${server.base}api/v1/tables/orders/rows?limit=10000`).then((r) => ({ rows: r.rows ?? r }));
  const at = rows.map((r) => Date.parse(`${r.ordered_at}${/Z$/.test(r.ordered_at) ? '' : 'Z'}`));
  assert.equal(
    number((await page.kpis()).Orders),
    at.filter((t) => t >= from && t < to).length,
    'as many orders as rows of the quarter',
  );
  await openRange(page);
  await page.getByLabel('Or type it').fill('tomorrowish');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').filter({ hasText: 'That is no time range' }).waitFor();
  await page.keyboard.press('Escape');
  assert.equal(range(), '2026-07-01..2026-10-01', 'what is no range changes nothing');
  await openRange(page);
  await page.getByRole('button', { name: /^All time/ }).click();
  await page.until(async () => (await page.kpis()).Orders === all, 'all of it again');

  const plot = page.locator('section[data-mark="line"] .u-over').first();
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 60, { steps: 5 });
  await page.mouse.up();
  await page.until(async () => /\.\./.test(range()) && number((await page.kpis()).Orders) < number(all) / 2, 'the dragged range');
  await page.until(
    () => page.locator('section[data-mark="area"] .panel-body').first().isVisible(),
    'the other panels over time',
  );
  await plot.dblclick();
  await page.until(async () => (await page.kpis()).Orders === all, 'the double click takes it back');
  await page.done();
});

test('the grain and the comparison say so wherever they matter', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  await page.locator('.filters .button').nth(1).click();
  await page.getByRole('button', { name: 'month', exact: true }).click();
  await page.until(() => page.url().includes('grain=month'), 'the grain in the address');
  const points = () => json(`${server.base}api/v1/dashboards/orders/snapshot${new URL(page.url()).search}`).then((s) => s.time.grain);
  assert.equal(await points(), 'month');
  const delta = () => page.locator('.kpi-delta').first().innerText();
  const before = await delta();
  await openRange(page);
  await page.getByRole('radio', { name: 'Year before' }).or(page.getByRole('button', { name: 'Year before' })).click();
  await page.until(async () => /compare=/.test(page.url()) && (await delta()) !== before, 'another comparison');
  await page.getByRole('radio', { name: 'Nothing' }).or(page.getByRole('button', { name: 'Nothing' })).click();
  await page.until(async () => (await delta()) === '', 'none');
  await page.done();
});

test('one of very many values is searched for, filtered by, left out and taken away', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const all = (await page.kpis()).Orders;
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('button', { name: 'Customer ID', exact: true }).click();
  await page.locator('.picker-said', { hasText: 'type to find' }).waitFor();
  await page.getByLabel('Column or value').fill('C-12');
  const found = page.locator('.picker-values [role="checkbox"]');
  await page.until(
    async () => (await found.count()) > 0 && (await found.evaluateAll((a) => a.every((b) => b.title.includes('C-12')))),
    'the values that match',
  );
  const customer = await found.first().getAttribute('title');
  const rows = number(await found.first().locator('.num').innerText());
  await found.first().click();
  await page.until(async () => number((await page.kpis()).Orders) === rows, 'the rows of the customer');
  await page.keyboard.press('Escape');
  const chip = page.locator('.chip', { hasText: customer });
  await chip.waitFor();
  await chip.getByRole('button', { name: /^Remove filter/ }).click();
  await page.until(async () => (await page.kpis()).Orders === all, 'all rows');
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  await page.getByRole('button', { name: 'Customer ID', exact: true }).click();
  await page.getByLabel('Column or value').fill(customer);
  await page.until(async () => (await found.count()) === 1, 'the customer alone');
  await found.first().click({ modifiers: ['Alt'] });
  await page.until(async () => number((await page.kpis()).Orders) === number(all) - rows, 'all but the customer');
  await page.done();
});

test('a pause holds everything still and counts what waits', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const before = await page.kpis();
  const rows = (await json(`${server.base}api/v1/tables/orders`)).rows;
  await page.locator('.live').click();
  await page.locator('.live', { hasText: 'Paused' }).waitFor();
  for (let n = 1; n <= 3; n++) {
    append(`C-90${n}`);
    await page.until(
      async () => (await json(`${server.base}api/v1/tables/orders`)).rows === rows + n,
      'the row in the server',
    );
  }
  await page.locator('.live', { hasText: /[1-3] changes? waiting/ }).waitFor();
  assert.deepEqual(await page.kpis(), before, 'nothing moved');
  await page.locator('.live').click();
  await page.until(
    async () => number((await page.kpis()).Orders) === number(before.Orders) + 3,
    'all of it at once',
  );
  await page.done();
});

test('a figure that changed flashes, and says what it was', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const before = (await page.kpis()).Orders;
  // Whatever was true at any moment counts, however slow the machine is.
  await page.evaluate((was) => {
    const look = () => {
      const figure = document.querySelector('.kpi-figure');
      if (figure.querySelector('[data-fresh="true"]') && figure.title.includes(`before: ${was}`)) globalThis.flashed = true;
    };
    new MutationObserver(look).observe(document.querySelector('.kpi'), { subtree: true, childList: true, attributes: true });
  }, before);
  append();
  await page.until(() => page.evaluate(() => globalThis.flashed === true), 'the flash');
  assert.equal(number((await page.kpis()).Orders), number(before) + 1);
  await page.done();
});

test('the pointer on one panel shows its moment on the others', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const plots = page.locator('.plot .u-over');
  await page.locator('section[data-mark="area"]').first().scrollIntoViewIfNeeded();
  await page.until(async () => (await plots.count()) >= 3, 'charts over time');
  const other = page.locator('section[data-mark="line"]:not(:has(.strip)) .u-over').last();
  await other.scrollIntoViewIfNeeded();
  const box = await other.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator('.tip').first().waitFor();
  const crosses = () =>
    page
      .locator('.u-cursor-x')
      .evaluateAll((all) => all.map((c) => Number(c.style.transform.match(/\((-?[\d.]+)px/)?.[1] ?? -10)));
  await page.until(async () => (await crosses()).filter((x) => x > 0).length >= 2, 'a line on more than one chart');
  assert.equal(await page.locator('.tip').count(), 1, 'one tooltip');
  await page.mouse.move(box.x + box.width / 2, box.y - 60);
  await page.until(async () => (await crosses()).every((x) => x <= 0), 'no line without the pointer');
  await page.done();
});

test('the palette goes, does and filters by the keyboard alone', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const ask = async (text) => {
    await page.keyboard.press('Control+k');
    await page.getByLabel('Search files, actions and values').fill(text);
    // The list follows the text in the next picture.
    await page.locator('.palette [aria-selected="true"]', { hasText: new RegExp(text, 'i') }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.palette').waitFor({ state: 'detached' });
  };
  await ask('plan');
  await page.until(() => page.url().includes('/d/plan'), 'the other dashboard');
  await ask('orders');
  await page.until(() => page.url().includes('/d/orders'), 'the first one');
  await ask('pause');
  await page.locator('.live', { hasText: 'Paused' }).waitFor();
  await ask('resume');
  await page.locator('.live', { hasText: 'Live' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search files, actions and values').fill('zzzz');
  await page.getByText('Nothing matches “zzzz”.').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.palette').waitFor({ state: 'detached' });
  await page.keyboard.press('?');
  await page.getByText('Search and commands').waitFor();
  await page.keyboard.press('Escape');
  await page.done();
});

test('a panel is taken away as a picture, a drawing and a table', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  const panel = page.locator('section[data-mark="line"]').first();
  await panel.locator('canvas').first().waitFor();
  const take = async (name) => {
    await panel.hover();
    await panel.getByRole('button', { name: /More$/ }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByText(name).click()]);
    return { name: file.suggestedFilename(), bytes: fs.readFileSync(await file.path()) };
  };
  const png = await take('Download PNG');
  assert.match(png.name, /\.png$/);
  assert.deepEqual([...png.bytes.subarray(1, 4)], [...Buffer.from('PNG')]);
  assert.ok(png.bytes.readUInt32BE(16) > 600 && png.bytes.length > 5000, 'a picture of some size');
  const svg = await take('Download SVG');
  const text = svg.bytes.toString();
  assert.match(text, /^(<\?xml[^>]*>)?\s*<svg[^>]+xmlns=/);
  assert.match(text, /Amount by region/);
  const csv = await take('Download CSV');
  const lines = csv.bytes.toString().trim().split(/\r?\n/);
  assert.ok(lines.length > 100 && lines.every((l) => l.split(',').length === lines[0].split(',').length), lines[0]);
  await page.done();
});

test('a link is made, seen by its QR code, looked at, counted and taken back', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  await page.locator('button', { hasText: 'Share' }).click();
  await page.getByLabel('Name of the link').fill('For the board');
  await page.getByRole('button', { name: 'Create link' }).click();
  const link = page.getByLabel('Link', { exact: true });
  await link.waitFor();
  const address = await link.inputValue();
  await page.getByRole('img', { name: 'QR code of the link' }).waitFor();
  const guest = await open(chromium, address);
  const mine = page.locator('.links li', { hasText: 'For the board' });
  await mine.locator('small', { hasText: '1 looks now' }).waitFor();
  assert.match(await mine.locator('small').innerText(), /ends /);
  await mine.getByRole('button', { name: /Take back/ }).click();
  await mine.locator('small', { hasText: 'taken back' }).waitFor();
  await guest.getByText('This link has ended').waitFor();
  await guest.done([/40[134]/]);
  await page.done();
});
