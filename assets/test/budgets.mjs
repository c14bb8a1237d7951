/**
 * npm run budgets: what the page costs, in the real binary and a real browser, beside what it may cost. Times depend on
 * the machine: a blank page and an idle one of the same run stand beside them. ONLY=memory,twenty runs these parts alone (first,
 * one, twenty, memory, million); MINUTES=n lengthens the run of memory and EVERY=ms says how often a row comes in it: an
 * hour of a change a second is 3600 of them, ten a second for six minutes. It ends with status 1 where memory is not flat.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { launch } from './browser.mjs';
import { folder, json, serve, until } from './browser/server.mjs';

const MINUTES = Number(process.env.MINUTES ?? 2);
const EVERY = Number(process.env.EVERY ?? 100);
const only = process.env.ONLY?.split(',');
const wanted = (part) => !only || only.includes(part);
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];
const quantile = (list, q) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))];
const pause = (ms) => new Promise((r) => setTimeout(r, ms));
const say = (what, got, may) => console.log(`${what.padEnd(46)} ${got.padEnd(44)} ${may}`);

const REGIONS = ['North', 'South', 'East', 'West'];
const KINDS = Array.from({ length: 12 }, (_, i) => `Kind ${i}`);
let seed = 7;
const rnd = (k) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed % k;
};
const HEAD = 'id,at,region,kind,amount,pieces\n';
const row = (i) =>
  `A-${String(i).padStart(8, '0')},${new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString().slice(0, 19)},${REGIONS[rnd(4)]},${KINDS[rnd(12)]},${(rnd(90_000) / 100).toFixed(2)},${1 + rnd(9)}\n`;
function table(n) {
  const parts = [HEAD];
  for (let i = 0; i < n; i++) parts.push(row(i));
  return parts.join('');
}

const chromium = await launch();

async function open(url, viewport = { width: 1440, height: 900 }) {
  const context = await chromium.browser.newContext({ viewport });
  const page = await context.newPage();
  const started = performance.now();
  await page.goto(url);
  return { context, page, started };
}

const drawn = (page) =>
  page.waitForFunction(
    () => document.querySelectorAll('.kpi .kpi-figure').length > 0 && document.querySelector('.plot canvas') !== null,
    undefined,
    { timeout: 60_000 },
  );

/** Frames and long tasks of a page while something runs. */
async function watch(page, run) {
  await page.evaluate(() => {
    const seen = { frames: 0, long: 0, stop: false, from: performance.now() };
    globalThis.seen = seen;
    const frame = () => {
      seen.frames++;
      if (!seen.stop) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      seen.long += list.getEntries().length;
    }).observe({ type: 'longtask' });
  });
  await run();
  return page.evaluate(() => {
    const s = globalThis.seen;
    s.stop = true;
    return { fps: s.frames / ((performance.now() - s.from) / 1000), long: s.long };
  });
}

try {
  console.log(`${os.cpus().length} x ${os.cpus()[0].model}, load ${os.loadavg()[0].toFixed(1)}, Chromium ${chromium.browser.version()}\n`);
  console.log(execFileSync('node', ['scripts/size.mjs'], { encoding: 'utf8', cwd: path.join(import.meta.dirname, '..') }));

  const shop = await serve(folder({ 'orders.csv': table(20_000) }));
  if (wanted('first')) await firstPaint(shop);
  if (wanted('one')) await oneRow(shop);
  await shop.end();
  if (wanted('twenty') || wanted('memory')) await twentyLines();
  if (wanted('million')) await million();
} finally {
  await chromium.close();
}

async function firstPaint(shop) {
  const first = [];
  const blank = [];
  const shift = [];
  for (let i = 0; i < 5; i++) {
    const empty = await open(`${shop.base}healthz`);
    blank.push(performance.now() - empty.started);
    await empty.context.close();
    const p = await open(`${shop.base}d/orders`);
    await drawn(p.page);
    const told = await p.page.evaluate(
      () =>
        new Promise((done) => {
          let moved = 0;
          new PerformanceObserver((list) => {
            for (const e of list.getEntries()) if (!e.hadRecentInput) moved += e.value;
          }).observe({ type: 'layout-shift', buffered: true });
          setTimeout(
            () => done({ fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0, moved }),
            300,
          );
        }),
    );
    first.push(told.fcp);
    shift.push(told.moved);
    await p.context.close();
  }
  say('first contentful paint', `${median(first).toFixed()} ms (blank page ${median(blank).toFixed()} ms)`, 'at most 4 x blank, 300 ms on a laptop');
  say('layout shift', median(shift).toFixed(3), '0');

}

/** One row at a time into a page of figures, charts and rows. */
async function oneRow(shop) {
  const one = await open(`${shop.base}d/orders`);
  await drawn(one.page);
  const client = await one.context.newCDPSession(one.page);
  // CPU time of the thread, which others on the machine do not lengthen.
  await client.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async () => {
    const { metrics } = await client.send('Performance.getMetrics');
    return metrics.find((m) => m.name === 'TaskDuration').value * 1000;
  };
  await one.page.evaluate(() => {
    globalThis.shown = [];
    let last = '';
    const look = () => {
      const text = document.querySelector('.kpis')?.textContent ?? '';
      if (text === last) return;
      last = text;
      const at = Date.now();
      requestAnimationFrame(() => setTimeout(() => globalThis.shown.push([at, Date.now()])));
    };
    new MutationObserver(look).observe(document.querySelector('.kpis'), { subtree: true, childList: true, characterData: true });
  });
  await pause(3000);
  const idleFrom = await busy();
  await pause(5000);
  const idle = (await busy()) - idleFrom;
  const before = await busy();
  const ROWS = 30;
  const waits = [];
  for (let i = 0; i < ROWS; i++) {
    const seen = await one.page.evaluate(() => globalThis.shown.length);
    const at = Date.now();
    fs.appendFileSync(path.join(shop.dir, 'orders.csv'), row(20_000 + i));
    await until(async () => (await one.page.evaluate(() => globalThis.shown.length)) > seen, 'the row', 20_000);
    waits.push((await one.page.evaluate((n) => globalThis.shown[n][1], seen)) - at);
    await pause(120);
  }
  const spent = (await busy()) - before;
  say('file to pixels, one row, whole dashboard', `p50 ${quantile(waits, 0.5)} ms, p95 ${quantile(waits, 0.95)} ms`, 'p50 68, p95 83 ms when quiet');
  say('main thread per event, CPU', `${((spent - (idle / 5000) * 120 * ROWS) / ROWS).toFixed(0)} ms (idle ${(idle / 5).toFixed(0)} ms a second)`, 'at most 60 ms');
  await one.context.close();

}

/** Twenty lines, ten changes a second, and what is left of them in memory. */
async function twentyLines() {
  const lines = Array.from({ length: 20 }, (_, i) => {
    const measure = ['count()', 'sum(amount)', 'avg(amount)', 'sum(pieces)', 'max(amount)'][i % 5];
    const color = i % 4 ? '' : ', color: region';
    return `          - {mark: line, x: at, y: ${measure}${color}, title: Line ${i + 1}, width: 3}`;
  });
  const rows = [0, 4, 8, 12, 16].map((k) => `      - height: medium\n        items:\n${lines.slice(k, k + 4).join('\n')}`);
  const yaml = `version: 1\ndashboards:\n  twenty:\n    title: Twenty\n    table: orders\n    rows:\n${rows.join('\n')}\n`;
  const many = await serve(folder({ 'orders.csv': table(20_000), 'dashira.yaml': yaml }));
  const idlePage = await open(`${many.base}healthz`);
  const still = await watch(idlePage.page, () => pause(3000));
  await idlePage.context.close();
  const twenty = await open(`${many.base}d/twenty`, { width: 1440, height: 1600 });
  await twenty.page.waitForFunction(() => document.querySelectorAll('.plot canvas').length >= 20, undefined, { timeout: 60_000 });
  await pause(2000);
  if (wanted('twenty')) {
    const moved = await watch(twenty.page, async () => {
      for (let i = 0; i < 100; i++) {
        fs.appendFileSync(path.join(many.dir, 'orders.csv'), row(20_000 + i));
        await pause(100);
      }
    });
    say('20 lines, 10 changes a second', `${moved.fps.toFixed(0)} frames a second, ${moved.long} long tasks in 10 s (idle page ${still.fps.toFixed(0)})`, 'at least 45');
  }
  // Memory, over minutes of changes.
  const cdp = await twenty.context.newCDPSession(twenty.page);
  await cdp.send('HeapProfiler.enable');
  const memory = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    const { nodes, jsEventListeners } = await cdp.send('Memory.getDOMCounters');
    return { heap: usedSize / 2 ** 20, nodes, listeners: jsEventListeners };
  };
  if (!wanted('memory')) {
    await twenty.context.close();
    return many.end();
  }
  // The history of the table fills and the axis grows at first: the first minute is not part of it.
  const warm = Math.min(60_000, MINUTES * 12_000);
  let n = 0;
  const run = async (ms) => {
    for (const end = Date.now() + ms; Date.now() < end; ) {
      fs.appendFileSync(path.join(many.dir, 'orders.csv'), row(30_000 + n++));
      await pause(EVERY);
    }
  };
  await run(warm);
  const from = await memory();
  const began = n;
  for (const end = Date.now() + MINUTES * 60_000; Date.now() < end; ) {
    await run(Math.min(60_000, end - Date.now()));
    const now = await memory();
    console.log(`  after ${n - began} changes: ${now.heap.toFixed(1)} MB, ${now.nodes} nodes, ${now.listeners} listeners`);
  }
  await pause(3000);
  const to = await memory();
  n -= began;
  if (to.heap - from.heap > 3 || to.listeners > from.listeners + 20 || to.nodes > from.nodes + 600) process.exitCode = 1;
  say(
    `memory over ${n} changes in ${MINUTES} min`,
    `${from.heap.toFixed(1)} to ${to.heap.toFixed(1)} MB, nodes ${from.nodes} to ${to.nodes}, listeners ${from.listeners} to ${to.listeners}`,
    'at most 40 MB, flat',
  );
  await twenty.context.close();
  await many.end();
}

/** A million points. */
async function million() {
  const big = await serve(folder({ 'orders.csv': table(1_000_000) }));
  await json(`${big.base}api/v1/dashboards/orders/snapshot`);
  const times = [];
  for (let i = 0; i < 3; i++) {
    const p = await open(`${big.base}d/orders`);
    await drawn(p.page);
    times.push(performance.now() - p.started);
    await p.context.close();
  }
  say('a million rows: first chart', `${median(times).toFixed()} ms after opening`, 'at most 1 s');
  await big.end();
}
