import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, root, serve } from './server.mjs';

// Photographs of every example land here, for a person to look at.
const shots = path.join(root, 'test-results');
const axe = fs.readFileSync(path.join(root, 'assets/node_modules/axe-core/axe.min.js'), 'utf8');

let chromium;
before(async () => {
  chromium = await launch();
  fs.mkdirSync(shots, { recursive: true });
});
after(() => chromium?.close());

for (const example of ['shop', 'sensors', 'trouble'])
  test(`${example} at both widths, in both themes: no sideways scroll, nothing for axe`, async () => {
    const server = await serve(folder(example));
    try {
      const { dashboards } = await json(`${server.base}api/v1/dashboards`);
      for (const width of [1440, 390])
        for (const theme of ['light', 'dark']) {
          const page = await open(chromium, server.url, { width, height: 900, theme, reducedMotion: 'reduce' });
          for (const d of dashboards.slice(0, 4)) {
            await page.goto(`${server.base}d/${d.slug}`);
            await page.locator('[data-panel]').first().waitFor();
            // Panels are built as they come near the screen: walk down once.
            await page.evaluate(async () => {
              for (let y = 0; y < document.documentElement.scrollHeight; y += 500) {
                scrollTo(0, y);
                await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
              }
              scrollTo(0, 0);
            });
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `${d.slug} at ${width}: ${wide} px too wide`);
            assert.equal(await page.getByText('This panel has no answer').count(), 0, `${d.slug}: a panel has no answer`);
            await page.evaluate(axe);
            const found = await page.evaluate(() => globalThis.axe.run());
            const bad = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`);
            assert.deepEqual(bad, [], `${d.slug} at ${width}, ${theme}`);
            await page.screenshot({ path: path.join(shots, `${example}-${d.slug}-${width}-${theme}.png`), fullPage: true });
          }
          await page.done();
        }
    } finally {
      await server.end();
    }
  });
