/** Small charts of one scale, and lines through rows: read on a phone, pointed at, walked, filtered, and live. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, serve } from './server.mjs';

const YAML = `dashboards:
  places:
    table: readings
    rows:
      - items:
          - {mark: kpi, y: count(), name: rows}
      - items:
          - {mark: line, y: sum(energy), facet: place, name: small, width: 12}
      - items:
          - {mark: line, y: energy, name: points, width: 12}
      - items:
          - {mark: histogram, x: energy, facet: place, name: spread}
          - {mark: box, x: energy, y: kind, facet: place, name: boxes}
          - {mark: scatter, x: hour, y: energy, facet: place, name: cloud}
`;
const LINE = (i, place) =>
  `${new Date(Date.UTC(2026, 0, 1) + i * 780_000).toISOString().slice(0, 19).replace('T', ' ')},${place},${'AB'[i % 2]},${1 + ((i * 7919) % 97)},${(i * 13) % 24}\n`;
const PLACES = Array.from({ length: 14 }, (_, i) => `Place ${String(i + 1).padStart(2, '0')}`);

let chromium;
let server;
before(async () => {
  chromium = await launch();
  let csv = 'at,place,kind,energy,hour\n';
  for (let i = 0; i < 5000; i++) csv += LINE(i, PLACES[(i * i + (i >> 4)) % 14] ?? PLACES[0]);
  server = await serve(folder({ 'readings.csv': csv, 'dashira.yaml': YAML }));
});
after(async () => {
  await server?.end();
  await chromium?.close();
});

const shownPlaces = (page) => page.locator('[data-panel="small"] .facet-name').allTextContents();

test('small charts are read at 300 pixels, walked, chosen and opened', async () => {
  const page = await open(chromium, `${server.base}d/places`, { width: 300, height: 900 });
  const panel = page.locator('[data-panel="small"]');
  await panel.scrollIntoViewIfNeeded();
  await panel.locator('.facet').first().waitFor();
  const names = await shownPlaces(page);
  assert.ok(names.length >= 6 && names.length <= 12, `${names.length} charts`);
  const beside = await panel.locator('.facet').evaluateAll((list) => new Set(list.map((g) => g.getAttribute('transform').match(/[\d.]+/)[0])).size);
  assert.equal(beside, 2, 'two beside one another');
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing runs out of the page');
  // By keyboard to the first of them and into the filters.
  await panel.locator('[role="img"]').focus();
  await page.keyboard.press('ArrowRight');
  await panel.locator('.facet .ring').waitFor();
  await page.keyboard.press('Enter');
  await page.until(() => new URL(page.url()).searchParams.get('f.place') === names[0], 'the first place in the address');
  await page.done();
});

test('a small chart tells its values, and moves with its file', async () => {
  const page = await open(chromium, `${server.base}d/places`);
  const panel = page.locator('[data-panel="small"]');
  await panel.locator('.facet').first().waitFor();
  const box = await panel.locator('[role="img"]').boundingBox();
  await page.mouse.move(box.x + 60, box.y + 40);
  const first = (await shownPlaces(page))[0];
  await page.until(async () => (await page.locator('.tip').innerText().catch(() => '')).includes(first), 'the name of the chart in its tooltip');
  const picture = () => panel.locator('.facet').first().locator('path').first().getAttribute('d');
  const old = await picture();
  fs.appendFileSync(path.join(server.dir, 'readings.csv'), LINE(5100, first).replace(/\d+,\d+\n$/, '900,5\n'));
  await page.until(async () => (await picture()) !== old, 'the new reading in its chart');
  await page.done();
});

test('a line through rows has as many points as the window shows', async () => {
  const points = async (page) => {
    const panel = page.locator('[data-panel="points"]');
    await panel.scrollIntoViewIfNeeded();
    const note = await panel.locator('.panel-note').innerText().catch(() => '');
    return Number(/^([\d,]+) (?:of [\d,]+ )?points/.exec(note)?.[1]?.replace(',', '') ?? 0);
  };
  const wide = await open(chromium, `${server.base}d/places`, { width: 1000, height: 900 });
  const many = await wide.until(() => points(wide), 'how many points a wide window has');
  // The first picture is the server's own choice; a window that it does not fit asks for its own at once.
  const narrow = await open(chromium, `${server.base}d/places`, { width: 500, height: 900 });
  await narrow.until(async () => {
    const n = await points(narrow);
    return n > 600 && n < many;
  }, `fewer points than ${many} in a narrow window`);
  await narrow.done();
  await wide.done();
});

test('histograms, boxes and clouds stand in small charts as well', async () => {
  const page = await open(chromium, `${server.base}d/places`, { width: 1440, height: 1400 });
  for (const [name, shape, tells] of [
    ['spread', 'rect.mark', /Value[\s\S]*Share/],
    ['boxes', '.whisker', /Median/],
    ['cloud', 'rect[class^="seq-"]', /Energy[\s\S]*Hour/],
  ]) {
    const panel = page.locator(`[data-panel="${name}"]`);
    await panel.scrollIntoViewIfNeeded();
    await panel.locator('.facet').first().waitFor();
    const drawn = await panel.locator('.facet').evaluateAll(
      (list, s) => list.map((g) => g.querySelectorAll(s).length),
      shape,
    );
    assert.ok(drawn.length >= 6 && drawn.every((n) => n > 0), `${name}: ${drawn} shapes`);
    // Each is as much in its place as the others, and tells what lies under the pointer.
    const mark = await panel.locator(`.facet ${shape}`).first().boundingBox();
    await page.mouse.move(mark.x + mark.width / 2, mark.y + Math.max(1, mark.height / 2));
    await page.until(async () => tells.test(await page.locator('.tip').innerText().catch(() => '')), `the tooltip of ${name}`);
    await page.mouse.move(2, 2);
  }
  const more = page.locator('[data-panel="spread"] .facets-more');
  await more.click();
  await page.until(
    async () => (await page.locator('[data-panel="spread"] .facet').count()) === PLACES.length,
    'all places',
  );
  await page.done();
});
