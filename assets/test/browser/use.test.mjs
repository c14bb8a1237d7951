/** The page on paper, on a phone, after a sleep, and for those who do not see it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { faults } from './axe.mjs';
import { open } from './page.mjs';
import { folder, json, root, serve, until } from './server.mjs';

const shots = path.join(root, 'test-results');
let chromium;
let server;
before(async () => {
  chromium = await launch();
  server = await serve(folder('shop'));
  fs.mkdirSync(shots, { recursive: true });
});
after(async () => {
  await server?.end();
  await chromium?.close();
});

const ORDER = (n) => `A-0${9000 + n},2026-11-20T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n`;
const number = (text) => Number(text?.replaceAll(',', ''));

test('a laptop that slept is current again when it wakes', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  await page.locator('[data-conn="live"]').first().waitFor();
  const before = number((await page.kpis()).Orders);
  const client = await page.context().newCDPSession(page);
  await client.send('Page.setWebLifecycleState', { state: 'frozen' });
  fs.appendFileSync(path.join(server.dir, 'orders.csv'), ORDER(1));
  await page.until(
    async () => (await json(`${server.base}api/v1/tables/orders`)).rows === before + 1,
    'the change in the server',
  );
  await client.send('Page.setWebLifecycleState', { state: 'active' });
  await page.until(async () => number((await page.kpis()).Orders) === before + 1, 'the change on the page');
  await page.done();
});

test('on paper there is no chrome, every chart, light, and what was filtered', async () => {
  const page = await open(chromium, `${server.base}d/orders?f.region=North`, {
    theme: 'dark',
    // What is on the page in the moment in which it is printed.
    init: () => {
      const inked = (c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0);
      globalThis.print = () => {
        globalThis.printed = {
          theme: document.documentElement.dataset.theme,
          empty: [...document.querySelectorAll('section.panel[data-panel]')]
            .filter((p) => {
              const canvases = [...p.querySelectorAll('canvas')].filter((c) => c.width && c.height);
              const shapes = p.querySelectorAll('.panel-body :is(rect, path, circle, line, li, [role="gridcell"])');
              return !canvases.some(inked) && shapes.length < 2;
            })
            .map((p) => p.dataset.panel),
        };
      };
    },
  });
  await page.keyboard.press('Control+p');
  await page.until(() => page.evaluate(() => globalThis.printed !== undefined), 'the print');
  assert.deepEqual(await page.evaluate(() => globalThis.printed), { theme: 'light', empty: [] });
  await page.until(
    () => page.evaluate(() => document.documentElement.dataset.theme === 'dark'),
    'the theme that was there before',
  );
  await page.emulateMedia({ media: 'print' });
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  // The lines are drawn in light before the print goes on: none of the dark colour is left in them.
  const dark = await page.evaluate(async () => {
    const canvas = document.querySelector('.plot canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let n = 0;
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === 0x5f && data[i + 1] === 0x88 && data[i + 2] === 0xfb && data[i + 3] === 255) n++;
    return n;
  });
  assert.equal(dark, 0, 'pixels of the dark theme on paper');
  const seen = (selector) =>
    page.evaluate((s) => [...document.querySelectorAll(s)].some((n) => n.checkVisibility()), selector);
  for (const chrome of ['.sidebar', '.actions', '.dock', '.panel-tools', '.find', '.live'])
    assert.equal(await seen(chrome), false, `${chrome} is no part of the paper`);
  assert.equal(await seen('.chip'), true, 'the filter is');
  assert.match(await page.locator('.print-foot').innerText(), /localhost.*f\.region=North.*printed/i);
  const paper = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  assert.ok(/^rgba?\((25[0-5]|24\d), /.test(paper) || paper === 'rgba(0, 0, 0, 0)', `the paper is ${paper}`);
  const broken = await page.evaluate(() =>
    [...document.querySelectorAll('section.panel')].filter((p) => getComputedStyle(p).breakInside !== 'avoid').length,
  );
  assert.equal(broken, 0, 'panels are not cut by the end of a page');
  const pdf = await page.context().newCDPSession(page).then((c) => c.send('Page.printToPDF', { printBackground: true }));
  assert.ok(pdf.data.length > 20_000);
  fs.writeFileSync(path.join(shots, 'orders.pdf'), Buffer.from(pdf.data, 'base64'));
  await page.emulateMedia({ media: 'screen' });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  // The test reads the canvases, which the page never does.
  await page.done([/willReadFrequently/]);
});

test('on a phone pickers are sheets, a tap tells, and everything can be hit', async () => {
  const page = await open(chromium, `${server.base}d/orders`, { width: 390, height: 844, touch: true });
  // A sheet: as wide as the screen, at its lower end.
  const sheet = async (selector) => {
    const box = await page.locator(selector).boundingBox();
    assert.ok(box.width >= 380 && Math.abs(box.y + box.height - 844) < 2, `${selector}: ${JSON.stringify(box)}`);
  };
  const button = page.locator('.filters .button');
  await button.first().tap();
  await page.locator('.popover').waitFor();
  await sheet('.popover');
  await page.keyboard.press('Escape');
  await page.locator('.filters .button-ghost').tap();
  await sheet('.popover');
  await page.keyboard.press('Escape');
  await page.locator('.menu').tap();
  await page.locator('.sidebar[data-open="true"]').waitFor();
  await page.keyboard.press('Escape');
  // The first tap on a bar tells what it is and filters nothing.
  const bars = page.locator('section[data-mark="histogram"] .chart').first();
  await page.locator('section[data-mark="histogram"]').first().scrollIntoViewIfNeeded();
  await bars.waitFor();
  await bars.scrollIntoViewIfNeeded();
  const box = await bars.boundingBox();
  await page.touchscreen.tap(box.x + box.width * 0.25, box.y + box.height * 0.6);
  await page.locator('.tip').waitFor();
  assert.equal(new URL(page.url()).search, '');
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('.top button, .panel-tools button, .side-foot button')]
      .filter((b) => b.checkVisibility())
      .map((b) => ({ b, box: b.getBoundingClientRect() }))
      .filter(({ box }) => box.height < 24 || box.width < 24)
      .map(({ b }) => b.outerHTML.slice(0, 90)),
  );
  assert.deepEqual(small, [], 'nothing is too small for a finger');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.done();
});

test('every chart says its point, is walked by keys, and has a table', async () => {
  const page = await open(chromium, `${server.base}d/orders`);
  await page.evaluate(async () => {
    for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
      scrollTo(0, y);
      await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
    }
  });
  const panels = await page
    .locator('section.panel[data-panel]')
    .evaluateAll((all) => all.map((p) => ({ name: p.dataset.panel, mark: p.dataset.mark })));
  assert.ok(panels.length > 5);
  for (const { name, mark } of panels) {
    const panel = page.locator(`section[data-panel="${name}"]`);
    await panel.scrollIntoViewIfNeeded();
    const label = panel.locator('[role="img"], [role="grid"], ul.board, .pivot').first();
    await label.waitFor();
    const said = await label.getAttribute('aria-label');
    assert.ok(said && said.split('. ').length >= 2 && !/undefined|NaN|\{/.test(said), `${name} says "${said}"`);
    if (mark === 'table') continue;
    if (mark !== 'ranked' && mark !== 'bar') {
      await panel.locator('[tabindex="0"][role="img"]').first().focus();
      await page.keyboard.press('ArrowRight');
      await page.until(
        async () => (await panel.locator('.sr[aria-live]').first().textContent()).length > 2,
        `${name} tells the first of its values`,
      );
    }
    await panel.focus();
    await page.keyboard.press('v');
    await panel.locator('[role="grid"] [role="gridcell"]').first().waitFor();
    await panel.focus();
    await page.keyboard.press('v');
    await panel.locator('[role="grid"]').waitFor({ state: 'detached' });
  }
  await page.done();
});

test('the dock reads what is new of the past and not all of it again', async () => {
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    const asked = () => page.asked.filter((u) => /\/api\/v1\/history/.test(u)).map((u) => new URL(u).search);
    const ticks = () =>
      page.evaluate(() => Number(document.querySelector('.dock .track')?.getAttribute('aria-valuemax') ?? 0));
    for (let n = 1; n <= 3; n++) {
      const before = asked().length;
      fs.appendFileSync(
        path.join(server.dir, 'orders.csv'),
        `A-0900${n},2026-08-06T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n`,
      );
      await page.until(async () => (await ticks()) === n, `${n} versions before this one`);
      assert.ok(asked().length > before);
    }
    const all = asked();
    assert.equal(all.filter((q) => q === '').length, 1, `it was read whole once: ${all}`);
    assert.match(all.at(-1), /^\?after=\d+$/);
    await page.done();
  } finally {
    await server.end();
  }
});

test('on a phone the past opens as a sheet, is dragged by a finger, and leaves with one key', async () => {
  const server = await serve(folder('shop'));
  try {
    for (let n = 1; n <= 4; n++) {
      fs.appendFileSync(path.join(server.dir, 'orders.csv'), ORDER(n));
      await until(
        async () => (await json(`${server.base}api/v1/history`)).revisions.filter((r) => r.table === 'orders').length > n,
        'a version',
      );
    }
    for (const theme of ['light', 'dark']) {
      const page = await open(chromium, `${server.base}d/orders`, { width: 390, height: 844, touch: true, theme });
      const before = (await page.kpis()).Orders;
      await page.getByRole('button', { name: 'Open the history' }).tap();
      const dock = await page.locator('.dock[data-open="true"]').boundingBox();
      assert.ok(dock.width >= 380 && Math.abs(dock.y + dock.height - 844) < 2, JSON.stringify(dock));
      const track = await page.locator('.dock .track').boundingBox();
      assert.ok(track.height >= 44 && track.width > 300, JSON.stringify(track));
      for (const b of await page.locator('.dock .tool').all()) {
        const box = await b.boundingBox();
        assert.ok(box.width >= 38 && box.height >= 38, JSON.stringify(box));
      }
      await page.touchscreen.tap(track.x + 2, track.y + 30);
      await page.until(async () => (await page.kpis()).Orders !== before, 'the figure of then');
      await page.locator('.dock-when span', { hasText: 'versions back' }).waitFor();
      assert.deepEqual(await faults(page), []);
      await page.screenshot({ path: path.join(shots, `past-390-${theme}.png`) });
      await page.getByRole('button', { name: 'Back to live' }).first().tap();
      await page.until(async () => (await page.kpis()).Orders === before, 'the figure of now');
      await page.getByRole('button', { name: 'Close the history' }).tap();
      await page.locator('.dock[data-open="true"]').waitFor({ state: 'detached' });
      await page.done();
    }
  } finally {
    await server.end();
  }
});
