/** Every mark of the gallery by keys, mouse and finger, in every state, under the product's content security policy. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { createFake } from '../fake-server.mjs';
import { until } from './server.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let chromium;
let server;
let base;
before(async () => {
  chromium = await launch();
  server = createFake();
  base = await server.listen();
});
after(async () => {
  await chromium?.close();
  server?.close();
});

/** A gallery page, with whatever its console complains about. */
async function open(query = '', options = {}) {
  const context = await chromium.browser.newContext({
    viewport: { width: 1440, height: 1000 },
    locale: 'en-US',
    ...options,
  });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(e.message));
  await page.goto(`${base}/gallery.html?theme=light&${query}`);
  // Marks come as chunks of their own: the gallery stands when none is loading.
  await page.waitForFunction(
    (loading) =>
      document.querySelector('.gallery-panel') &&
      (loading || !document.querySelector('.pstate-load')) &&
      (loading || document.querySelectorAll('.uplot').length > 0 || !document.querySelector('.timeseries')),
    query.includes('loading'),
  );
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  return Object.assign(page, { complaints });
}

const panel = (name) => `[data-panel="${name}"]`;
const note = (page, name, wanted) =>
  page.waitForFunction(
    ([selector, text]) => document.querySelector(selector)?.textContent === text,
    [`${panel(name)} .panel-note`, wanted],
    { timeout: 30_000 },
  );
const said = (page, name) => page.textContent(`${panel(name)} .sr[aria-live]`);

async function press(page, selector, ...keys) {
  await page.focus(selector);
  for (const key of keys) await page.keyboard.press(key);
}

/** Presses at one share of an element's width and lets go at another. */
async function drag(page, selector, from, to) {
  const target = page.locator(selector);
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * from, y);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to, y, { steps: 6 });
  await page.mouse.up();
}

test('arrow keys walk every mark, Enter filters, and a live region tells what is there', async () => {
  const page = await open();
  await press(page, `${panel('trend')} .plot`, 'ArrowRight', 'End');
  assert.match(await said(page, 'trend'), /^July 2002: Small 105, Medium 48, Large 7, .*Month not complete$/);
  assert.match(await page.textContent('.tip'), /^July 2002/);
  await press(page, `${panel('weekday')} .chart`, 'ArrowRight', 'ArrowRight', 'Enter');
  assert.equal(await said(page, 'weekday'), 'Tue: Orders 1,722');
  await note(page, 'weekday', 'toggle weekday “Tue”');
  await press(page, `${panel('phase')} .chart`, 'ArrowDown', 'ArrowDown', 'Enter');
  assert.match(await said(page, 'phase'), /^Climb: Median 165/);
  await note(page, 'phase', 'toggle phase “Climb”');
  await press(page, `${panel('season')} .chart`, 'ArrowRight', 'ArrowDown', 'ArrowRight');
  assert.equal(await said(page, 'season'), 'Feb, 1991: 23');
  await press(page, `${panel('speed')} .chart`, 'End', 'Enter');
  await note(page, 'speed', 'speed 350 .. ');
  await press(page, `${panel('price')} .chart`, 'End');
  assert.match(await said(page, 'price'), /Close \$189\.07$/);
  await press(page, `${panel('donut')} .chart`, 'ArrowRight', 'Enter');
  await note(page, 'donut', 'toggle channel “Web”');
  await page.focus(`${panel('operator')} .bar`);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await note(page, 'operator', 'toggle operator “US AIRWAYS*”');
  assert.deepEqual(page.complaints, []);
  await page.context().close();
});

test('dragging zooms a trend by whole buckets, on the plot and on the strip', async () => {
  const page = await open();
  await drag(page, `${panel('trend')} .u-over`, 0.2, 0.5);
  const zoom = /^zoom (\d{4}-\d\d-01) \.\. (\d{4}-\d\d-01)$/;
  await page.waitForFunction(
    (s) => document.querySelector(s)?.textContent.startsWith('zoom'),
    `${panel('trend')} .panel-note`,
  );
  assert.match(await page.textContent(`${panel('trend')} .panel-note`), zoom);
  await press(page, `${panel('trend')} .strip-handle`, 'ArrowRight');
  await note(page, 'trend', 'zoom 1990-02-01 .. 2002-08-01');
  await drag(page, `${panel('trend')} .strip`, 0.3, 0.6);
  assert.match(await page.textContent(`${panel('trend')} .panel-note`), zoom);
  await page.context().close();
});

test('a brush over a histogram filters, and a click takes it away', async () => {
  const page = await open();
  await drag(page, `${panel('speed')} .chart`, 0.28, 0.48);
  await note(page, 'speed', 'speed 100 .. 180');
  await page.click(`${panel('speed')} .chart`, { position: { x: 300, y: 60 } });
  await note(page, 'speed', 'speed all');
  await page.context().close();
});

test('an update keeps the tooltip true and the table where it was', async () => {
  const page = await open();
  const plot = await page.locator(`${panel('trend')} .u-over`).boundingBox();
  // A plot that is still being built does not see the pointer: it moves until it is seen.
  await until(async () => {
    await page.mouse.move(plot.x + plot.width - 3, plot.y + 60);
    await page.mouse.move(plot.x + plot.width - 2, plot.y + 60);
    return page.evaluate(() => document.querySelector('.tip')?.textContent.includes('Large7'));
  }, 'the tooltip of the last month');
  // The pointer rests; only the data moves.
  await page.evaluate((s) => document.querySelector(s).click(), `${panel('trend')} .gallery-change`);
  await page.waitForFunction(() => document.querySelector('.tip')?.textContent.includes('Large9'));
  assert.equal(await page.locator(`${panel('trend')} .endlabel [data-fresh="true"]`).count(), 1);

  const grid = page.locator(`${panel('rows')} .datatable-scroll`);
  await grid.scrollIntoViewIfNeeded();
  await grid.evaluate((n) => n.scrollTo({ top: 32 * 5000 }));
  await page.waitForFunction(
    (s) => document.querySelector(s)?.textContent.includes('A-85'),
    `${panel('rows')} .dt-body`,
  );
  await page.evaluate((s) => document.querySelector(s).click(), `${panel('rows')} .gallery-change`);
  // The rows that are fetched anew are the same at the same places: nothing moves.
  assert.equal(await grid.evaluate((n) => n.scrollTop), 32 * 5000);
  await page.context().close();
});

test('cells of a table are walked, copied as tab-separated text, and sorted from the head', async () => {
  const page = await open();
  const grid = page.locator(`${panel('rows')} .datatable-scroll`);
  await press(page, `${panel('rows')} .datatable-scroll`, 'ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowRight');
  const copied = await grid.evaluate((n) => {
    const data = new DataTransfer();
    n.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
  assert.equal(copied, 'A-90000\t2026-11-23T16:40:00\nA-89999\t2026-11-23T16:19:00');
  const head = `${panel('rows')} [role="columnheader"] >> nth=4`;
  await press(page, `${panel('rows')} .datatable-scroll`, 'Escape', 'ArrowDown', 'ArrowUp', 'End', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Enter');
  assert.equal(await page.getAttribute(head, 'aria-sort'), 'descending');
  await page.keyboard.press('Enter');
  assert.equal(await page.getAttribute(head, 'aria-sort'), 'ascending');
  await page.context().close();
});

test('a finger sees the tooltip first and filters with its second tap', async () => {
  const page = await open('', { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
  const chart = page.locator(`${panel('weekday')} .chart`);
  await chart.scrollIntoViewIfNeeded();
  const before = await page.textContent(`${panel('weekday')} .panel-note`);
  const box = await chart.boundingBox();
  await page.touchscreen.tap(box.x + 120, box.y + 100);
  await page.waitForFunction(() => document.querySelector('.tip')?.textContent.startsWith('Wed'));
  assert.equal(await page.textContent(`${panel('weekday')} .panel-note`), before);
  await page.touchscreen.tap(box.x + 120, box.y + 100);
  await note(page, 'weekday', 'toggle weekday “Wed”');
  await page.context().close();
});

for (const query of ['', 'theme=dark', 'state=loading', 'state=empty', 'state=nomatch', 'state=error', 'state=stale', 'state=table', 'narrow'])
  test(`axe finds nothing in the gallery${query && ` with ${query}`}`, async () => {
    const page = await open(query.startsWith('theme') ? 'x' : query);
    if (query === 'theme=dark') await page.click('.gallery-tools button:has-text("light")');
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
    assert.deepEqual(
      violations.map((v) => `${v.id}: ${v.nodes[0].html}`),
      [],
    );
    assert.deepEqual(page.complaints, []);
    await page.context().close();
  });
