/** Locale and colours as somebody wrote them, from the moment the file is saved. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { faults } from './axe.mjs';
import { open } from './page.mjs';
import { folder, replace, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const token = (page, name) =>
  page.evaluate((name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim(), name);

test('a written locale and theme take effect at once, stay legible, and yield to the viewer', async () => {
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    const own = await token(page, 'accent');
    const yaml = path.join(server.dir, 'dashira.yaml');
    replace(yaml, 'locale: de-DE\ntheme: {mode: dark, accent: "#ffdd00", palette: ["#ffdd00", "#00aaff"], positive: "#00ff00"}\n');
    await page.until(() => page.evaluate(() => document.documentElement.dataset.theme === 'dark'), 'the dark theme');
    assert.equal(await token(page, 'accent'), '#ffdd00');
    assert.equal(await token(page, 'series-2'), '#00aaff');
    await page.until(() => page.evaluate(() => document.documentElement.lang === 'de'), 'German words');
    assert.match(Object.values(await page.kpis()).join(' '), /\d\.\d{3}/, 'numbers are grouped as in German');
    assert.deepEqual(await faults(page), []);
    // The viewer's choice of theme goes before it, and yellow on white is darkened until it can be read.
    await page.keyboard.press('d');
    await page.until(() => page.evaluate(() => document.documentElement.dataset.theme === 'light'), 'the chosen theme');
    assert.notEqual(await token(page, 'accent'), '#ffdd00');
    assert.deepEqual(await faults(page), []);
    await page.reload();
    await page.locator('.kpi .kpi-figure').first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'light');
    // Without the file the page looks as it did.
    replace(yaml, '{}\n');
    await page.until(async () => (await token(page, 'accent')) === own, 'its own colour');
    await page.done();
  } finally {
    await server.end();
  }
});

test('a dashboard that is written wrongly says what is wrong, and is there once it is right', async () => {
  const dir = folder('shop');
  const yaml = path.join(dir, 'dashira.yaml');
  const written = (mark) => `dashboards:\n  sales:\n    table: orders\n    rows:\n      - items:\n          - {mark: ${mark}, y: count()}\n`;
  replace(yaml, written('kpy'));
  const server = await serve(dir);
  try {
    const page = await open(chromium, `${server.base}d/sales`, { wait: false });
    await page.getByText('No dashboard “sales”').waitFor();
    await page.getByText(/dashira\.yaml.*line 6.*kpi/s).waitFor();
    replace(yaml, written('kpi'));
    await page.locator('.kpi .kpi-figure').first().waitFor();
    await page.done([/404/]);
  } finally {
    await server.end();
  }
});
