/**
 * make bench: what a person waits for, in the real binary and a real browser, median of five. For each size: from the
 * start of the server until it answers with the dashboard; from opening the page until the KPIs and the trend are
 * drawn; and from a row appended on disk until the figure on the page has changed. A blank page opened in the same run
 * stands beside the first paint, because the machine matters more than the page.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from './browser.mjs';
import { folder, json, serve, until } from './browser/server.mjs';

const RUNS = 5;
const sizes = process.argv.slice(2).map(Number);
if (!sizes.length) sizes.push(100_000, 1_000_000);

const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const ms = (list) => `${median(list).toFixed(0).padStart(6)} ms`;

/** Orders of a year, written as a program writes them. */
function orders(file, n) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, 'order_id,ordered_at,region,channel,customer_id,quantity,unit_price,amount\n');
  let seed = 1;
  const random = (k) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % k;
  };
  const start = Date.UTC(2025, 10, 1);
  for (let i = 0; i < n; ) {
    let part = '';
    for (const end = Math.min(n, i + 20_000); i < end; i++) {
      const at = new Date(start + Math.floor((i / n) * 365 * 86_400) * 1000).toISOString().slice(0, 19);
      const quantity = 1 + random(6);
      const price = (500 + random(9500)) / 100;
      part += `A-${String(i).padStart(8, '0')},${at},${['North', 'South', 'West', 'East'][random(4)]},${['web', 'shop', 'phone'][random(3)]},C-${1000 + random(5000)},${quantity},${price.toFixed(2)},${(quantity * price).toFixed(2)}\n`;
    }
    fs.writeSync(out, part);
  }
  fs.closeSync(out);
}

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
      const rss = Number(fs.readFileSync(`/proc/${server.pid}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)?.[1] ?? 0) / 1024;
      console.log(
        `${String(n).padStart(9)} rows, ${mb.toFixed(1)} MB: ready ${ms(ready)}  first paint ${ms(first)}  useful ${ms(useful)}  (blank ${ms(blank)})  change to screen ${ms(change)}  server ${rss.toFixed(0)} MB`,
      );
      await server.end();
    }
  }
} finally {
  await chromium.close();
}
