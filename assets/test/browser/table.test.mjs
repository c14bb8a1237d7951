/** The table over more rows than a browser can lay out: every way to reach, order, find and take away rows. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, serve } from './server.mjs';

// Beyond 375 000 rows the body is taller than what is laid out.
const ROWS = 420_000;
const TOWNS = ['Ulm', 'Bonn', 'Kiel, Hafen', 'Jena'];
const line = (i) => `R-${String(i).padStart(6, '0')},${1_700_000_000 + i},"${TOWNS[i % 4]}",${(i * 7) % 1000}\n`;

let chromium;
let server;
before(async () => {
  chromium = await launch();
  const parts = ['id,seen_at,town,"Pieces, in all"\n'];
  for (let i = 0; i < ROWS; i++) parts.push(line(i));
  server = await serve(folder({ 'log.csv': parts.join('') }));
});
after(async () => {
  await server?.end();
  await chromium?.close();
});

const TABLE = 'section[data-mark="table"]';
const GRID = `${TABLE} .datatable-scroll`;

async function table(query = '') {
  const page = await open(chromium, `${server.base}d/log${query}`);
  await page.locator(GRID).scrollIntoViewIfNeeded();
  await page.locator(`${TABLE} .dt-spread`).first().waitFor();
  const cells = (row) =>
    page.locator(`${TABLE} .dt-body [role="row"][aria-rowindex="${row + 2}"] [role="gridcell"]`).allInnerTexts();
  return Object.assign(page, {
    cells,
    /** Waits until a row shows a text. */
    row: (row, text) => page.until(async () => (await cells(row)).join(' | ').includes(text), `${text} in row ${row}`),
    heads: () => page.locator(`${TABLE} [role="columnheader"] button .truncate`).allInnerTexts(),
    visible: () =>
      page.evaluate((s) => {
        const box = document.querySelector(s).getBoundingClientRect();
        return [...document.querySelectorAll(`${s} .dt-body [role="row"]`)]
          .filter((r) => r.getBoundingClientRect().top >= box.top + 50 && r.getBoundingClientRect().bottom <= box.bottom)
          .map((r) => r.firstElementChild.textContent);
      }, GRID),
  });
}

test('the scroll bar, the keys and the wheel reach the last of very many rows', async () => {
  const page = await table();
  // Newest first: the last row is the first of the file.
  await page.row(0, `R-${ROWS - 1}`);
  const grid = page.locator(GRID);
  await grid.evaluate((n) => n.scrollTo({ top: n.scrollHeight }));
  await page.row(ROWS - 1, 'R-000000');
  assert.ok((await page.visible()).includes('R-000000'));
  await grid.evaluate((n) => n.scrollTo({ top: n.scrollHeight / 2 }));
  await page.until(async () => {
    const [first] = await page.visible();
    return /^R-2[01]\d{4}$/.test(first ?? '') && first;
  }, 'the middle of the table');
  const [before] = await page.visible();
  const box = await grid.boundingBox();
  await page.mouse.move(box.x + 200, box.y + 200);
  await page.mouse.wheel(0, 320);
  const ten = `R-${String(Number(before.slice(2)) - 10).padStart(6, '0')}`;
  await page.until(async () => (await page.visible())[0] === ten, `ten rows further, ${ten}`);
  await grid.focus();
  await page.keyboard.press('Control+End');
  await page.row(ROWS - 1, 'R-000000');
  await page.keyboard.press('Control+Home');
  await page.row(0, `R-${ROWS - 1}`);
  assert.equal(await grid.evaluate((n) => n.scrollTop), 0);
  const n = await page.locator(`${TABLE} .dt-body [role="row"]`).count();
  assert.ok(n < 60, `${n} rows in the document`);
  await page.done();
});

test('rows are found, ordered and taken away as they are shown', async () => {
  const page = await table('?f.town=Kiel%2C Hafen');
  const find = page.locator(`${TABLE} .find input`);
  await find.fill('R-00004');
  await page.row(0, 'R-000046');
  await page.until(
    async () => (await page.locator(GRID).getAttribute('aria-rowcount')) === '3',
    'two rows and the head',
  );
  await page.locator(`${TABLE} [role="columnheader"] button`, { hasText: 'Pieces' }).click();
  await page.row(1, 'R-000042');
  await page.until(() => page.url().includes('v.data.q=R-00004'), 'the search in the address');
  assert.match(page.url(), /v\.data\.sort=-Pieces/);
  await page.hover(`${TABLE} .panel-head`);
  await page.locator(`${TABLE} .panel-tools .tool`).last().click();
  const href = await page.locator('a.menu-item[download]').getAttribute('href');
  const file = await (await fetch(new URL(href, server.base))).text();
  assert.equal(
    file,
    'id,seen_at,town,"Pieces, in all"\n'.concat(
      [46, 42].map((i) => line(i)).join('').replace(/,(17\d+),/g, (_, s) => `,${new Date(s * 1000).toISOString().replace('.000', '')},`),
    ),
    href,
  );
  await page.keyboard.press('Escape');
  await find.fill('nowhere at all');
  await page.getByText('No row holds “nowhere at all”.').waitFor();
  await page.done();
});

test('columns are made wider, moved and hidden, and the address keeps them', async () => {
  const page = await table();
  const all = await page.heads();
  assert.equal(all.length, 4);
  const width = () => page.locator(`${TABLE} [role="columnheader"]`).nth(0).evaluate((n) => n.offsetWidth);
  const was = await width();
  const grip = await page.locator(`${TABLE} .dt-grip`).first().boundingBox();
  await page.mouse.move(grip.x + 4, grip.y + 20);
  await page.mouse.down();
  await page.mouse.move(grip.x + 64, grip.y + 20, { steps: 4 });
  await page.mouse.up();
  assert.equal(await width(), was + 60);
  const first = await page.locator(`${TABLE} [role="columnheader"] button`).nth(0).boundingBox();
  const third = await page.locator(`${TABLE} [role="columnheader"]`).nth(2).boundingBox();
  await page.mouse.move(first.x + 20, first.y + 10);
  await page.mouse.down();
  await page.mouse.move(third.x + third.width - 10, first.y + 10, { steps: 6 });
  await page.mouse.up();
  const moved = [all[1], all[2], all[0], all[3]];
  await page.until(async () => (await page.heads()).join() === moved.join(), 'the column in its new place');
  // By keys: the head of the second column goes one to the left.
  await page.locator(GRID).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Alt+Shift+ArrowLeft');
  await page.until(async () => (await page.heads())[0] === all[2], 'the column moved by keys');
  await page.locator(`${TABLE} button[aria-label="Columns"]`).click();
  await page.getByRole('checkbox', { name: all[1], exact: true }).uncheck();
  await page.until(async () => (await page.heads()).length === 3, 'the hidden column gone');
  const address = page.url();
  const shown = await page.heads();
  await page.goto(address);
  await page.until(async () => (await page.heads()).join() === shown.join(), 'the same columns under the copied address');
  assert.equal(
    await page.locator(`${TABLE} [role="columnheader"]`).nth(1).evaluate((n) => n.offsetWidth),
    was + 60,
    'the width stays in this browser',
  );
  await page.done();
});

test('heads say how their columns are spread, under the filter', async () => {
  const page = await table('?f.town=Ulm&f.town=Bonn');
  const head = page.locator(`${TABLE} [role="columnheader"]`, { hasText: 'Town' });
  await page.until(async () => /2 values/.test(await head.innerText()), 'two towns');
  const path = await head.locator('.dt-spread path').getAttribute('d');
  assert.equal(path.match(/M/g).length, 2);
  await page.done();
});

test('rows that come in above move nothing under the eye', async () => {
  const page = await table();
  const grid = page.locator(GRID);
  await grid.evaluate((n) => n.scrollTo({ top: 32 * 40 }));
  await page.row(40, `R-${ROWS - 41}`);
  for (const at of [40, 5000]) {
    await grid.evaluate((n, at) => n.scrollTo({ top: 32 * at }), at);
    await page.until(async () => (await page.visible()).length > 5 && !(await page.visible()).includes('…'), 'rows');
    const before = await page.visible();
    const { rows } = await json(`${server.base}api/v1/tables/log`);
    fs.appendFileSync(path.join(server.dir, 'log.csv'), line(rows) + line(rows + 1));
    await page.until(
      async () => (await grid.getAttribute('aria-rowcount')) === String(rows + 3),
      'the new rows in the count',
    );
    assert.deepEqual(await page.visible(), before);
  }
  await page.done();
});
