import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, root, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

test('the ten lines of docs/events.md follow a dashboard', async () => {
  const docs = fs.readFileSync(path.join(root, 'docs/events.md'), 'utf8');
  const code = docs.match(/<!-- run: browser -->\n```js\n([\s\S]*?)```/)[1];
  const lines = code.trim().split('\n').length;
  assert.ok(lines <= 12, `ten lines are ${lines}`);
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, server.url);
    await page.evaluate(code);
    await page.locator('[data-conn="live"]').first().waitFor();
    const streams = async () => Number((await (await fetch(`${server.base}metrics`)).text()).match(/^dashira_streams (\d+)$/m)[1]);
    await page.until(async () => (await streams()) === 2, 'the stream of the ten lines beside that of the page');
    for (const n of [1, 2]) {
      const before = await page.evaluate(() => document.body.innerText.split(' rows at revision ').length);
      fs.appendFileSync(path.join(server.dir, 'orders.csv'), `A-0900${n},2026-11-20T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n`);
      await page.until(
        () => page.evaluate((k) => document.body.innerText.split(' rows at revision ').length > k, before),
        `a line for change ${n}`,
      );
    }
    await page.done(); // a patch for another state would be an error on the console
  } finally {
    await server.end();
  }
});
