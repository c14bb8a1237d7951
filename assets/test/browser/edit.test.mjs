/** Editing a dashboard on the page: panels move, ask something else, and are written into the dashira.yaml. */
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

const shape = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.row')].map((r) =>
      [...r.querySelectorAll('.slot')].map((s) => `${s.querySelector('.panel').dataset.panel}:${s.dataset.span}`),
    ),
  );

test('panels are moved by mouse and by keys, widened, taken away, and saved for everybody', async () => {
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    const guest = await open(chromium, `${server.base}d/orders`);
    const before = await shape(page);
    await page.keyboard.press('e');
    await page.locator('.editbar').waitFor();
    await page.locator('.edit-grip').first().waitFor();
    // The ranked list goes to the left of the trend.
    const [trend, ranked] = before[0].map((t) => t.split(':')[0]);
    const grip = await page.locator(`[data-edit="${ranked}"] .edit-grip`).boundingBox();
    const target = await page.locator(`[data-edit="${trend}"]`).boundingBox();
    await page.mouse.move(grip.x + 10, grip.y + 10);
    await page.mouse.down();
    await page.mouse.move(target.x + 60, target.y + target.height / 2, { steps: 8 });
    await page.locator(`[data-edit="${trend}"][data-drop="left"]`).waitFor();
    await page.mouse.up();
    await page.until(async () => (await shape(page))[0][0].startsWith(`${ranked}:`), 'the list at the left');
    // Its edge is drawn three columns to the right.
    const slot = await page.locator(`[data-edit="${ranked}"]`).boundingBox();
    const row = await page.locator('.row').first().boundingBox();
    await page.mouse.move(slot.x + slot.width + 6, slot.y + 120);
    await page.mouse.down();
    await page.mouse.move(slot.x + slot.width + 6 + (row.width / 12) * 2, slot.y + 120, { steps: 6 });
    await page.mouse.up();
    await page.until(async () => (await shape(page))[0].join() === `${ranked}:6,${trend}:6`, 'half and half');
    // By keys: the first panel of the second row goes to its right, and one goes.
    const second = (await shape(page))[1].map((t) => t.split(':')[0]);
    await page.locator(`[data-edit="${second[0]}"] .edit-grip`).focus();
    await page.keyboard.press('ArrowRight');
    await page.until(async () => (await shape(page))[1][1]?.startsWith(`${second[0]}:`), 'one to the right');
    await page.locator(`[data-edit="${second[2]}"] button[aria-label^="Remove"]`).click();
    await page.until(async () => (await shape(page))[1].length === 2, 'one less');
    const wanted = await shape(page);
    assert.notDeepEqual(await shape(guest), wanted, 'others see nothing before it is saved');
    await page.locator('.editbar .input').fill('Our orders');
    await page.locator('.editbar button', { hasText: 'Save' }).click();
    await page.locator('.editbar').waitFor({ state: 'detached' });
    await page.until(async () => (await page.locator('h1').innerText()) === 'Our orders', 'the new title');
    await guest.until(
      async () => JSON.stringify(await shape(guest)) === JSON.stringify(wanted),
      'the new order on another screen',
    );
    const text = fs.readFileSync(path.join(server.dir, 'dashira.yaml'), 'utf8');
    assert.match(text, /Our orders/);
    // And back.
    await page.keyboard.press('e');
    await page.locator('.editbar button', { hasText: 'Back to automatic' }).click();
    await guest.until(
      async () => JSON.stringify(await shape(guest)) === JSON.stringify(before),
      'the automatic order on another screen',
    );
    await guest.done();
    await page.done();
  } finally {
    await server.end();
  }
});

test('a panel asks something else, is tried out at once, and given up', async () => {
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    const before = await shape(page);
    await page.locator('.header button', { hasText: 'Edit' }).click();
    const [trend] = before[0].map((t) => t.split(':')[0]);
    await page.locator(`[data-edit="${trend}"] button[aria-label^="Edit "]`).click();
    const drawer = page.locator('dialog.drawer');
    await drawer.getByRole('radio', { name: 'Columns' }).click();
    await drawer.locator('.edit-preview [role="img"], .edit-preview svg').first().waitFor();
    await page.until(
      async () => (await drawer.locator('.edit-preview').getAttribute('data-mark')) === 'column',
      'the preview as columns',
    );
    await drawer.getByLabel('Measure').selectOption('avg(amount)');
    await drawer.getByLabel('Across').selectOption('channel');
    await page.until(
      async () => /^Average amount by channel and region$/i.test(await page.locator(`[data-panel="${trend}"] h2`).innerText()),
      'the new question in the title',
    );
    // What is tried and written nowhere yet is live all the same.
    const twin = () => drawer.locator('.edit-preview [role="img"]').first().getAttribute('aria-label');
    const said = await twin();
    fs.appendFileSync(
      path.join(server.dir, 'orders.csv'),
      'A-09001,2026-08-06T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,89000.90,89000.90,open\n',
    );
    await page.until(async () => (await twin()) !== said, 'the new average in the preview');
    await drawer.getByLabel('Title').fill('How much, and where');
    await page.until(
      async () => (await page.locator(`[data-panel="${trend}"] h2`).innerText()) === 'How much, and where',
      'the typed title',
    );
    await drawer.locator('button', { hasText: 'Done' }).click();
    // A new panel opens its own drawer.
    await page.locator('.editbar button', { hasText: 'Add a panel' }).click();
    await drawer.getByRole('radio', { name: 'Histogram' }).or(drawer.getByRole('radio', { name: 'Spread' })).click();
    await page.until(
      async () => (await drawer.locator('.edit-preview').getAttribute('data-mark')) === 'histogram',
      'the spread of the first number',
    );
    await page.keyboard.press('Escape');
    assert.equal((await shape(page)).length, before.length + 1);
    await page.locator('.editbar button', { hasText: 'Cancel' }).click();
    await page.until(async () => JSON.stringify(await shape(page)) === JSON.stringify(before), 'as it was');
    assert.equal(fs.existsSync(path.join(server.dir, 'dashira.yaml')), false);
    await page.done();
  } finally {
    await server.end();
  }
});

test('what cannot be saved is said, and nothing of it is lost', async () => {
  const server = await serve(folder('shop'));
  try {
    const page = await open(chromium, `${server.base}d/orders`);
    await page.route('**/api/v1/dashboards/orders', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({
            status: 409,
            contentType: 'application/problem+json',
            body: JSON.stringify({ type: 'x', title: 'x', status: 409, detail: 'There is no room on the disk.' }),
          })
        : route.continue(),
    );
    await page.keyboard.press('e');
    await page.locator('.editbar .input').fill('Kept');
    await page.locator('.editbar button', { hasText: 'Save' }).click();
    await page.getByText('There is no room on the disk.').waitFor();
    assert.equal(await page.locator('.editbar .input').inputValue(), 'Kept');
    await page.done([/409/]);
  } finally {
    await server.end();
  }
});
