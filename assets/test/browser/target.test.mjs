/** Targets: a figure is held against a number, a measure, or a plan in another file, live and in the address. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { faults } from './axe.mjs';
import { open } from './page.mjs';
import { folder, replace, root, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const sales = ['day,amount,wanted,region'];
for (let i = 0; i < 60; i++)
  sales.push(`2026-0${1 + Math.floor(i / 28)}-${String(1 + (i % 28)).padStart(2, '0')},${10 + (i % 3)},12,${i % 2 ? 'N' : 'S'}`);
const yaml = `
tables:
  sales: {time: day}
dashboards:
  today:
    table: sales
    rows:
      - items:
          - {mark: kpi, y: sum(amount), title: Revenue, target: plan.amount, better: more}
          - {mark: kpi, y: avg(amount), title: Average, target: 10, thresholds: {warn: "> 10", bad: "> 50"}}
          - {mark: kpi, y: count(), title: Rows}
      - items:
          - {mark: line, x: day, y: sum(amount), target: sum(wanted), name: trend}
          - {mark: column, x: region, y: sum(amount), target: 200, name: regions}
`;

const card = (page, title) =>
  page.evaluate((title) => {
    const k = [...document.querySelectorAll('.kpi')].find((k) => k.querySelector('.kpi-label')?.textContent === title);
    const text = (q) => k?.querySelector(q)?.textContent?.trim() ?? null;
    return {
      delta: text('.kpi-delta'),
      good: k?.querySelector('.kpi-delta b')?.dataset.good ?? null,
      target: text('.kpi-target'),
      alarm: text('.kpi-alarm'),
    };
  }, title);

test('figures are compared with their target, and a new plan moves them', async () => {
  const server = await serve(
    folder({ 'sales.csv': `${sales.join('\n')}\n`, 'plan.csv': 'month,amount\n2026-01-01,400\n2026-02-01,400\n', 'dashira.yaml': yaml }),
  );
  try {
    for (const theme of ['light', 'dark']) {
      const page = await open(chromium, `${server.base}d/today`, { theme });
      assert.equal((await card(page, 'Revenue')).target, '83% of Amount 800');
      assert.deepEqual(await card(page, 'Average').then(({ target, alarm }) => ({ target, alarm })), {
        target: '110% of target 10',
        alarm: 'Above 10',
      });
      assert.equal((await card(page, 'Rows')).target, null);
      // The picker offers the target, and the address keeps it.
      await page.keyboard.press('t');
      await page.getByRole('radio', { name: 'Target', exact: true }).click();
      await page.until(async () => (await card(page, 'Revenue')).delta === '↓ −17.5% below Amount 800', 'the difference');
      assert.equal((await card(page, 'Revenue')).good, 'false');
      assert.equal((await card(page, 'Average')).good, null, 'nobody said that more is better');
      assert.match(page.url(), /compare=target/);
      await page.keyboard.press('Escape');
      assert.deepEqual(await faults(page), []);
      // The line's tooltip says what was wanted.
      await page.locator('[data-panel="trend"] .plot').focus();
      await page.keyboard.press('Home');
      await page.locator('.tip', { hasText: 'Wanted' }).waitFor();
      await page.goBack();
      await page.until(async () => !/compare=/.test(page.url()), 'back to the period before');
      await page.done();
    }
    const page = await open(chromium, `${server.base}d/today?compare=target`);
    await page.until(async () => (await card(page, 'Revenue')).target === '83% of Amount 800', 'the plan');
    replace(path.join(server.dir, 'plan.csv'), 'month,amount\n2026-01-01,300\n2026-02-01,300\n');
    await page.until(async () => (await card(page, 'Revenue')).target === '110% of Amount 600', 'the new plan');
    assert.equal((await card(page, 'Revenue')).good, 'true');
    // A target is written in the page.
    await page.keyboard.press('e');
    await page.locator('.kpi', { hasText: 'Rows' }).getByRole('button', { name: /^Edit / }).click();
    const drawer = page.locator('dialog.drawer');
    await drawer.getByLabel('Target').fill('80');
    await drawer.getByLabel('Target').press('Tab');
    await drawer.getByRole('radio', { name: 'Less' }).click();
    await page.until(async () => (await card(page, 'Rows')).target === '75% of target 80', 'the tried target');
    await drawer.locator('button', { hasText: 'Done' }).click();
    await page.locator('.editbar button', { hasText: 'Save' }).click();
    await page.locator('.editbar').waitFor({ state: 'detached' });
    await page.until(async () => (await card(page, 'Rows')).target === '75% of target 80', 'the written target');
    assert.equal((await card(page, 'Rows')).good, 'true');
    assert.match(fs.readFileSync(path.join(server.dir, 'dashira.yaml'), 'utf8'), /target: 80, better: less/);
    await page.done();
  } finally {
    await server.end();
  }
});

test('a dashboard opens with the range that its author wrote, until the viewer asks for another', async () => {
  const text = yaml.replace('    rows:\n', '    range: last 7 days\n    grain: day\n    rows:\n');
  const server = await serve(folder({ 'sales.csv': `${sales.join('\n')}\n`, 'plan.csv': 'month,amount\n2026-01-01,400\n', 'dashira.yaml': text }));
  try {
    const page = await open(chromium, `${server.base}d/today`);
    const rows = async () => (await page.kpis()).Rows;
    await page.until(async () => (await rows()) === '7', 'seven days');
    assert.doesNotMatch(page.url(), /range/);
    await page.keyboard.press('t');
    await page.locator('.picker .menu-item', { hasText: 'All time' }).click();
    await page.until(async () => (await rows()) === '60', 'all time');
    assert.match(page.url(), /range=all/);
    await page.goBack();
    await page.until(async () => (await rows()) === '7', 'seven days again');
    // The author's mind changes, and with it what everybody sees who did not ask for something else.
    replace(path.join(server.dir, 'dashira.yaml'), text.replace('last 7 days', 'last 14 days'));
    await page.until(async () => (await rows()) === '14', 'fourteen days');
    await page.locator('.filters button', { hasText: '14 days' }).waitFor();
    await page.done();
  } finally {
    await server.end();
  }
});

test('notes of another file stand on the charts over time, and a new one comes by itself', async () => {
  const text = yaml.replace('    rows:\n', '    annotations:\n      - {file: notes.csv, time: at, text: said}\n    rows:\n');
  const server = await serve(
    folder({
      'sales.csv': `${sales.join('\n')}\n`,
      'plan.csv': 'month,amount\n2026-01-01,400\n',
      'notes.csv': 'at,said\n2026-01-01,The doors open\n2026-02-02,A fair\n',
      'dashira.yaml': text,
    }),
  );
  try {
    const page = await open(chromium, `${server.base}d/today?grain=day`);
    const said = async (key) => {
      await page.locator('[data-panel="trend"] .plot').focus();
      await page.keyboard.press(key);
      return page.locator('.tip .tip-note').innerText({ timeout: 5000 }).catch(() => '');
    };
    await page.until(async () => (await said('Home')) === 'The doors open', 'the first note');
    await page.screenshot({ path: path.join(root, 'test-results', 'notes.png') });
    await page.keyboard.press('Escape');
    fs.appendFileSync(path.join(server.dir, 'notes.csv'), `2026-03-04,The end\n`);
    await page.until(async () => (await said('End')).startsWith('The end'), 'the new note');
    await page.done();
  } finally {
    await server.end();
  }
});
