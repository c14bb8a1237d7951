import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { orders } from '../orders.mjs';
import { moved, shown, tables } from './filter.mjs';
import { faults } from './axe.mjs';
import { open } from './page.mjs';
import { folder, json, serve, until } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const minute = 60_000;

test('a filter over a million rows moves every panel to the values of its selection', { timeout: 8 * minute }, async () => {
  const dir = folder({});
  orders(path.join(dir, 'orders.csv'), 1_000_000);
  const server = await serve(dir);
  try {
    const api = `${server.base}api/v1/`;
    await until(async () => (await json(`${api}tables`)).tables[0]?.rows === 1_000_000, 'a million rows', 2 * minute);
    const page = await open(chromium, `${server.base}d/orders`, { height: 4000 }); // all panels are in view
    page.setDefaultTimeout(minute);
    await page.tab('Region');
    await page.choose('North'); // a first click waits until the list is there
    await until(() => page.url().includes('f.region=North'), 'the filter in the address', minute);
    await page.choose('North');
    await until(() => !page.url().includes('f.region'), 'the address without a filter', minute);
    const filtered = await json(`${api}dashboards/orders/snapshot?f.region=South`);
    const whole = await json(`${api}dashboards/orders/snapshot`);
    // Long figures are in the titles of the short ones that are shown.
    const figure = (frames) => frames.orders.values[0][0].toLocaleString('en-US');
    const titled = (text) => page.locator(`.kpi-figure[title*="${text}"]`).count();
    await until(() => titled(figure(whole.frames)), 'the figures of all rows', minute);
    const all = await shown(page);

    await page.choose('South');
    await until(() => titled(figure(filtered.frames)), 'the figures of the filter', minute);
    const still = async () => {
      const changed = moved(all, await shown(page));
      return Object.keys(all).filter((name) => !changed.includes(name));
    };
    await until(async () => (await still()).length === 0, 'a change in every panel', minute);

    // What the panels show now is what a page shows that was opened with the filter, value by value.
    const fresh = await open(chromium, page.url(), { height: 4000 });
    fresh.setDefaultTimeout(minute);
    await fresh.tab('Region');
    await until(
      async () => {
        const [one, other] = [await tables(page), await tables(fresh)];
        return Object.keys(one).length === Object.keys(all).length && moved(other, one).length === 0;
      },
      'the values of a page that was opened with the filter',
      minute,
    );
    // And it is what the rows say.
    const rows = await fetch(`${api}tables/orders/rows?f.region=South&limit=1`);
    assert.equal(Number(rows.headers.get('dashira-rows')), filtered.frames.orders.values[0][0]);
    await fresh.done();
    await page.done();
  } finally {
    await server.end();
  }
});

test('where no row is left, the page names the filter that hides most, and what is without it', async () => {
  const server = await serve(folder('shop'));
  try {
    for (const theme of ['light', 'dark']) {
      const page = await open(chromium, `${server.base}d/orders?f.region=North&f.channel=nowhere`, { theme });
      const free = page.getByRole('button', { name: /^Without Channel: [\d,]+ rows$/ }).first();
      await free.waitFor();
      // A histogram of nothing is no empty pair of axes.
      await page.locator('section[data-mark="histogram"]', { hasText: 'No rows match this filter' }).first().waitFor();
      assert.deepEqual(await faults(page), []);
      const rows = Number((await free.innerText()).replace(/\D/g, ''));
      await free.click();
      await page.until(async () => Number((await page.kpis()).Orders.replace(/\D/g, '')) === rows, 'the rows that were promised');
      assert.match(page.url(), /f\.region=North$/);
      await page.done();
    }
  } finally {
    await server.end();
  }
});
