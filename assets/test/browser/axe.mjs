import fs from 'node:fs';
import path from 'node:path';
import { root } from './server.mjs';

const axe = fs.readFileSync(path.join(root, 'assets/node_modules/axe-core/axe.min.js'), 'utf8');

/** What axe has against the page once its colours have come to rest, one line for each rule that is broken. */
export async function faults(page) {
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY);
    return Promise.all(ending.map((a) => a.finished.catch(() => {})));
  });
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  return violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html).join(' | ')}`);
}
