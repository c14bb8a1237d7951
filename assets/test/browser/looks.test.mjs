/** Every mark of the gallery in every state looks as it did when somebody last looked at it and found it good. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { createFake } from '../fake-server.mjs';
import { alike, blank, differing, draw, looks } from './looks.mjs';
import { root } from './server.mjs';

const known = path.join(import.meta.dirname, 'looks.json');
const shots = path.join(root, 'test-results');
/** UPDATE_LOOKS=1 takes what is there for good; the photographs below test-results are for reading first. */
const update = process.env.UPDATE_LOOKS === '1';
const wanted = fs.existsSync(known) ? JSON.parse(fs.readFileSync(known, 'utf8')) : {};
const taken = {};

let chromium;
let server;
let base;
before(async () => {
  chromium = await launch();
  server = createFake();
  base = await server.listen();
  fs.mkdirSync(shots, { recursive: true });
});
after(async () => {
  await chromium?.close();
  server?.close();
  if (update) fs.writeFileSync(known, `${JSON.stringify(taken, null, 1)}\n`);
});

const VARIANTS = {
  light: 'theme=light',
  dark: 'theme=dark',
  narrow: 'theme=light&narrow',
  loading: 'theme=light&state=loading',
  empty: 'theme=light&state=empty',
  nomatch: 'theme=dark&state=nomatch',
  error: 'theme=light&state=error',
  stale: 'theme=light&state=stale',
  table: 'theme=light&state=table',
};

/** The looks of a page that has come to rest: two in a row that are the same. */
async function still(page) {
  let last = await looks(page, '.gallery-panel');
  for (let i = 0; i < 40; i++) {
    const next = await looks(page, '.gallery-panel');
    if (Object.keys(next).every((p) => last[p]?.equals(next[p]))) return next;
    last = next;
  }
  throw new Error('the gallery does not come to rest');
}

for (const [name, query] of Object.entries(VARIANTS))
  test(`every mark looks as it should: ${name}`, async () => {
    const context = await chromium.browser.newContext({
      viewport: { width: 1440, height: 5600 },
      locale: 'en-US',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    await page.goto(`${base}/gallery.html?${query}`);
    // Everything is there when nothing loads, no picture of a chart is still to come, and two frames look the same.
    await page.waitForFunction(
      (loading) =>
        document.querySelectorAll('.gallery-panel').length > 25 &&
        (loading
          ? [...document.querySelectorAll('.gallery-panel')].every((p) => p.querySelector('.pstate-load svg'))
          : !document.querySelector('.pstate-load')) &&
        [...document.querySelectorAll('.plot')].every((p) => p.querySelector('canvas')) &&
        document.fonts.status === 'loaded',
      name === 'loading',
    );
    const before = await still(page);
    await page.screenshot({ path: path.join(shots, `gallery-${name}.png`), fullPage: true });
    taken[name] = Object.fromEntries(Object.entries(before).map(([p, look]) => [p, look.toString('base64')]));

    const wide = await page.evaluate(() =>
      [...document.querySelectorAll('.gallery-panel')]
        .filter((p) =>
          [...p.querySelectorAll('.panel-body *')].some((n) => {
            if (n.closest('.datatable-scroll, .pivot-scroll, .sr, .board, .u-wrap')) return false;
            const box = n.getBoundingClientRect();
            const own = p.getBoundingClientRect();
            return box.width > 0 && (box.right > own.right + 2 || box.left < own.left - 2);
          }),
        )
        .map((p) => p.dataset.panel),
    );
    assert.deepEqual(wide, [], 'nothing reaches out of its panel');
    for (const [panel, look] of Object.entries(before)) {
      // Words have nothing to say where there are none.
      if (panel === 'note' && (name === 'empty' || name === 'nomatch')) continue;
      assert.ok(!blank(look), `${panel} is blank:\n${draw(look)}`);
    }
    if (!update) {
      assert.deepEqual(Object.keys(before).sort(), Object.keys(wanted[name] ?? {}).sort(), 'the panels of the gallery');
      const off = (now) =>
        Object.entries(now)
          .map(([panel, look]) => ({ panel, look, was: Buffer.from(wanted[name][panel], 'base64') }))
          .filter(({ look, was }) => !alike(look, was));
      // On a busy machine a page can stand still before it has drawn everything: it may look again for a while.
      let left = off(before);
      for (const end = performance.now() + 20_000; left.length && performance.now() < end; )
        left = off(await looks(page, '.gallery-panel'));
      assert.equal(
        left.length,
        0,
        left
          .map(({ panel, look, was }) => `${panel} (${differing(look, was)} cells)\nnow\n${draw(look)}\nwas\n${draw(was)}`)
          .join('\n\n'),
      );
    }
    await context.close();
  });

test('what is gone is seen: labels, a legend, bars, a line', async () => {
  const page = await chromium.browser.newPage({ viewport: { width: 1440, height: 5600 }, reducedMotion: 'reduce', locale: 'en-US' });
  await page.goto(`${base}/gallery.html?theme=light`);
  await page.waitForFunction(
    () =>
      !document.querySelector('.pstate-load') &&
      [...document.querySelectorAll('.plot')].every((p) => p.querySelector('canvas')) &&
      document.fonts.status === 'loaded',
  );
  const before = await still(page);
  const without = async (selector, panel) => {
    await page.evaluate((s) => {
      for (const n of document.querySelectorAll(s)) n.style.visibility = 'hidden';
    }, selector);
    const now = await still(page);
    assert.ok(!alike(now[panel], before[panel]), `${panel} without ${selector}:\n${draw(now[panel])}`);
  };
  await without('.endlabel', 'trend');
  await without('.timeseries canvas', 'cost');
  await without('.bar-fill', 'operator');
  await without('.legend', 'share');
  await without('.pivot td', 'pivot');
  await page.close();
});
