/** A thousand changes of a real file under a page on which somebody works: what they did stays as they left it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, replace, serve, until } from './server.mjs';

const UPDATES = 1000;
const OLD = 3000;
const REGIONS = ['North', 'South', 'East', 'West'];

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

/** Mulberry32: the same changes on every run. */
function random(seed) {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const HEAD = 'order_id,ordered_at,region,product,amount\n';
function order(n, rnd) {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 3_600_000).toISOString().slice(0, 19);
  return {
    id: `A-${String(n).padStart(5, '0')}`,
    at,
    region: REGIONS[Math.floor(rnd() * 4)],
    product: `P${Math.floor(rnd() * 14)}`,
    amount: (5 + Math.floor(rnd() * 9000) / 100).toFixed(2),
  };
}
const line = (o) => `${o.id},${o.at},${o.region},${o.product},${o.amount}\n`;

/** What the viewer did, as the page shows it. */
const state = (page) =>
  page.evaluate(() => {
    const grid = document.querySelector('.datatable-scroll');
    const box = grid.getBoundingClientRect();
    const head = grid.querySelector('.dt-head').offsetHeight;
    return {
      address: location.href,
      scroll: scrollY,
      rows: [...grid.querySelectorAll('.dt-body [role="row"]')]
        .filter((r) => {
          const { top, bottom } = r.getBoundingClientRect();
          return top >= box.top + head && bottom <= box.bottom;
        })
        .map((r) => r.firstElementChild.textContent),
      chosen: [...grid.querySelectorAll('.dt-body [aria-selected="true"]')].map((c) => c.textContent),
      sideways: grid.scrollLeft,
      focus: document.activeElement?.getAttribute('role'),
      panels: [...document.querySelectorAll('[data-panel]')].map((p) => p.dataset.panel),
      tab: document.querySelector('[role="tab"][aria-selected="true"]')?.textContent,
      hidden: document.querySelectorAll('.legend [aria-pressed="false"], .endlabel[aria-pressed="true"]').length,
      colours: [...document.querySelectorAll('.endlabel')].map((n) => `${n.className} ${n.firstChild?.textContent}`),
      chips: [...document.querySelectorAll('.chip')].map((c) => c.textContent),
    };
  });

test('a thousand updates leave zoom, filter, scroll, selection and order as they were, and memory flat', async () => {
  const rnd = random(5);
  const rows = Array.from({ length: OLD }, (_, i) => order(i, rnd));
  const server = await serve(folder({ 'orders.csv': HEAD + rows.map(line).join('') }));
  const file = path.join(server.dir, 'orders.csv');
  try {
    const page = await open(chromium, `${server.base}d/orders?f.region=North&f.region=South&range=2026-02-01..2027-02-01`);
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.enable');
    await page.tab('Product');
    const grid = page.locator('.datatable-scroll');
    await grid.scrollIntoViewIfNeeded();
    await page.locator('.dt-spread').first().waitFor();
    // Some way down the rows, beyond those that came with the page, with a few cells chosen.
    await grid.evaluate((n) => n.scrollTo({ top: 32 * 300 }));
    await page.until(async () => (await state(page)).rows.length > 4 && !(await state(page)).rows.includes('…'), 'rows');
    await grid.locator('.dt-body [role="row"]').nth(9).locator('[role="gridcell"]').nth(1).click();
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowRight');
    const before = await state(page);
    assert.equal(before.chosen.length, 4);
    assert.equal(before.focus, 'grid');

    const memory = async () => {
      await client.send('HeapProfiler.collectGarbage');
      const { usedSize } = await client.send('Runtime.getHeapUsage');
      const { nodes, jsEventListeners } = await client.send('Memory.getDOMCounters');
      return { heap: usedSize / 2 ** 20, nodes, listeners: jsEventListeners };
    };
    const fresh = [];
    let n = OLD;
    let early;
    for (let i = 1; i <= UPDATES; i++) {
      const what = rnd();
      if (what < 0.55 || fresh.length < 5) {
        const o = order(n++, rnd);
        fresh.push(o);
        fs.appendFileSync(file, line(o));
      } else {
        // Whole-file saves, as spreadsheets do: a cell changed, or a newer row gone.
        const k = Math.floor(rnd() * fresh.length);
        if (what < 0.8) fresh[k].amount = (5 + Math.floor(rnd() * 9000) / 100).toFixed(2);
        else fresh.splice(k, 1);
        replace(file, HEAD + [...rows, ...fresh].map(line).join(''));
      }
      // Not to wait for something, but to be many changes instead of one.
      await pause(12);
      if (i % 100 === 0) {
        assert.deepEqual(await state(page), before, `after ${i} updates`);
        if (i === UPDATES / 2) early = await memory();
      }
    }
    const left = [...rows, ...fresh].filter((o) => o.region === 'North' || o.region === 'South');
    await until(
      async () => (await json(`${server.base}api/v1/tables/orders`)).rows === rows.length + fresh.length,
      'the last change in the server',
      30_000,
    );
    const inRange = left.filter((o) => o.at >= '2026-02-01');
    const sum = inRange.reduce((s, o) => s + Number(o.amount), 0);
    await page.until(
      async () => {
        const { Amount, Rows } = await page.kpis();
        return (
          Number(Rows?.replaceAll(',', '')) === inRange.length &&
          Math.round(Number(Amount?.replaceAll(',', ''))) === Math.round(sum)
        );
      },
      `${inRange.length} orders of ${sum}`,
      30_000,
    );
    assert.deepEqual(await state(page), before, 'after the last update');
    const late = await memory();
    assert.ok(late.heap - early.heap < 4, `the heap grew from ${early.heap.toFixed(1)} to ${late.heap.toFixed(1)} MB`);
    assert.ok(late.nodes < early.nodes * 1.3 + 500, `the document grew from ${early.nodes} to ${late.nodes} nodes`);
    assert.ok(late.listeners < early.listeners * 1.2 + 20, `listeners: ${early.listeners} to ${late.listeners}`);
    await page.done();
  } finally {
    await server.end();
  }
});
