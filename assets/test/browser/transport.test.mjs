import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const order = (n) => `A-0900${n},2026-11-20T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n`;

/** What an older browser lacks, taken away before any script of the page runs. */
const lacking = {
  SharedWorker: () => {
    Reflect.deleteProperty(globalThis, 'SharedWorker');
  },
  'SharedWorker and Web Locks': () => {
    Reflect.deleteProperty(globalThis, 'SharedWorker');
    Reflect.deleteProperty(Navigator.prototype, 'locks');
  },
  'EventSource and SharedWorker': () => {
    Reflect.deleteProperty(globalThis, 'SharedWorker');
    Reflect.deleteProperty(globalThis, 'EventSource');
    Reflect.deleteProperty(Navigator.prototype, 'locks');
  },
};

for (const [what, init] of Object.entries(lacking))
  test(`without ${what} the page is live`, async () => {
    const server = await serve(folder('shop'));
    try {
      const page = await open(chromium, server.url, { init });
      await page.locator('[data-conn="live"]').first().waitFor();
      fs.appendFileSync(path.join(server.dir, 'orders.csv'), order(1));
      await page.until(async () => (await page.kpis()).Orders === '2,476', 'the change');
      await page.done();
    } finally {
      await server.end();
    }
  });

test('twelve tabs of one browser share one connection and are all live', async () => {
  const server = await serve(folder('shop'));
  try {
    const first = await open(chromium, server.url);
    const tabs = [first];
    for (let i = 1; i < 12; i++) {
      const tab = await first.context().newPage();
      await tab.goto(server.url);
      await tab.locator('[data-panel]').first().waitFor();
      tabs.push(Object.assign(tab, { kpis: first.kpis }));
    }
    fs.appendFileSync(path.join(server.dir, 'orders.csv'), order(1));
    for (const tab of tabs) {
      await tab.bringToFront();
      await first.until(
        () => tab.evaluate(() => document.querySelector('.kpis')?.textContent.includes('2,476')),
        'the change in every tab',
      );
    }
    await first.done();
  } finally {
    await server.end();
  }
});
