/**
 * make bench: what a person waits for, in the real binary and a real browser, median of five. For each size: from the
 * start of the server until it answers with the dashboard; from opening the page until the KPIs and the trend are
 * drawn; from a row appended on disk until the figure on the page has changed; and from a click on a category until the
 * last panel is drawn, each time another selection, so that nothing of the answer is known. A blank page opened in the
 * same run stands beside the first paint, because the machine matters more than the page.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from './browser.mjs';
import { folder, json, serve, until } from './browser/server.mjs';
import { orders } from './orders.mjs';

const RUNS = 5;
const sizes = process.argv.slice(2).map(Number);
if (!sizes.length) sizes.push(100_000, 1_000_000);

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const ms = (list) => `${median(list).toFixed(0).padStart(6)} ms`;

async function paint(chromium, url) {
  const context = await chromium.browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(url);
  await page.waitForFunction(
    () =>
      document.querySelectorAll('.kpi .kpi-figure').length > 1 && document.querySelector('[data-mark="line"] canvas') !== null,
  );
  const useful = performance.now() - started;
  const first = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0);
  return { page, context, useful, first };
}

/** Has the page note, with its own clock, whenever something is put into a panel or drawn on a canvas. */
function noteDrawing() {
  globalThis.moved = {};
  const note = (panel, part) => {
    if (panel) globalThis.moved[part] = performance.now();
  };
  for (const name of ['clearRect', 'fillRect', 'stroke', 'fill', 'drawImage', 'fillText']) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (...args) {
      note(this.canvas.closest('[data-panel]'), 'charts');
      return draw.apply(this, args);
    };
  }
  const changed = (records) => {
    for (const { target } of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const panel = element?.closest('[data-panel]');
      note(panel, panel?.querySelector('.dt-head') ? 'table' : 'charts');
    }
  };
  document.addEventListener('DOMContentLoaded', () =>
    new MutationObserver(changed).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true }),
  );
}

/**
 * From a click on a category until the last figure and chart is drawn anew, and until the table is, the heads of whose
 * columns say how they are spread; each time a selection that nobody has asked for yet.
 */
async function filterTimes(chromium, server, runs) {
  const context = await chromium.browser.newContext({ viewport: { width: 1440, height: 4000 } });
  await context.addInitScript(noteDrawing);
  const page = await context.newPage();
  await page.goto(`${server.base}d/orders`);
  await page.getByRole('tab', { name: 'Region', exact: true }).first().click();
  await page.locator('[data-mark="ranked"] button', { hasText: 'North' }).first().waitFor();
  const charts = [];
  const table = [];
  for (let i = 0; i < runs; i++) {
    await new Promise((r) => setTimeout(r, 3000)); // until the marks of what has changed are gone
    const took = await page.evaluate(
      (turn) =>
        new Promise((done) => {
          // Every click adds a category to those that are chosen, and where all are it excludes one.
          const bars = [...document.querySelectorAll('[data-mark="ranked"] li button.bar')];
          const free = bars.filter((b) => b.getAttribute('aria-pressed') !== 'true');
          const button = free[turn % free.length] ?? bars[0];
          globalThis.moved = {};
          const started = performance.now();
          button.dispatchEvent(new MouseEvent('click', { bubbles: true, altKey: free.length === 0 }));
          setTimeout(() => {
            const { charts = 0, table = 0 } = globalThis.moved;
            done({ charts: charts - started, table: table - started });
          }, 2000);
        }),
      i,
    );
    if (took.charts < 0 || took.table < 0) throw new Error('no panel moved with the filter');
    charts.push(took.charts);
    table.push(took.table);
  }
  await context.close();
  return { charts, table };
}

const chromium = await launch();
try {
  console.log(`${os.cpus().length} x ${os.cpus()[0].model}, node ${process.version}, Chromium ${chromium.browser.version()}`);
  for (const n of sizes) {
    const dir = folder({});
    const file = path.join(dir, 'orders.csv');
    orders(file, n);
    const mb = fs.statSync(file).size / 1e6;
    const ready = [];
    for (let i = 0; i < RUNS; i++) {
      const started = performance.now();
      const server = await serve(dir);
      await json(`${server.base}api/v1/dashboards/orders/snapshot`);
      ready.push(performance.now() - started);
      if (i < RUNS - 1) {
        await server.stop();
        continue;
      }
      const useful = [];
      const first = [];
      const blank = [];
      const change = [];
      for (let k = 0; k < RUNS; k++) {
        const context = await chromium.browser.newContext();
        const empty = await context.newPage();
        const at = performance.now();
        await empty.goto(`${server.base}healthz`);
        blank.push(performance.now() - at);
        await context.close();
        const p = await paint(chromium, server.url);
        useful.push(p.useful);
        first.push(p.first);
        const before = (await json(`${server.base}api/v1/tables/orders`)).rows;
        await p.page.evaluate((want) => {
          globalThis.shownAt = 0;
          const look = () => {
            const text = [...document.querySelectorAll('.kpi')].find((x) => x.textContent.startsWith('Orders'));
            if (text?.querySelector('.kpi-figure')?.title.includes(want) && !globalThis.shownAt) globalThis.shownAt = Date.now();
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
        }, (before + 1).toLocaleString('en-US'));
        await new Promise((r) => setTimeout(r, 500));
        const appended = Date.now();
        fs.appendFileSync(file, `B-${String(k).padStart(8, '0')},2026-10-31T12:00:00,North,web,C-1000,1,10.00,10.00\n`);
        const shown = await until(() => p.page.evaluate(() => globalThis.shownAt), 'the appended row', 20_000);
        change.push(shown - appended);
        await p.context.close();
      }
      const filter = await filterTimes(chromium, server, RUNS);
      const rss = Number(fs.readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024;
      console.log(
        `${String(n).padStart(9)} rows, ${mb.toFixed(1)} MB: ready ${ms(ready)}  first paint ${ms(first)}  useful ${ms(useful)}  (blank ${ms(blank)})  change to screen ${ms(change)}  filter to all charts ${ms(filter.charts)}  to the table ${ms(filter.table)}  server ${rss.toFixed(0)} MB`,
      );
      await server.end();
    }
  }
} finally {
  await chromium.close();
}
