/** What is said on the page, in the viewer's language, and the theme in which it is born and printed. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

/** A German file, in the words and the numbers of Germans. */
function orders() {
  const day = (i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10).split('-').reverse().join('.');
  const lines = ['Bestelldatum;Region;Warengruppe;Umsatz EUR;Menge;Lieferzeit Tage'];
  for (let i = 0; i < 400; i++)
    lines.push(
      [
        day(i % 200),
        ['Nord', 'Süd', 'Ost'][(i * 7) % 3],
        ['Möbel', 'Technik', 'Garten', 'Küche'][(i * 5) % 4],
        (20 + ((i * 37) % 90) + 0.5).toFixed(2).replace('.', ','),
        1 + (i % 6),
        1 + ((i * 11) % 17),
      ].join(';'),
    );
  return `${lines.join('\n')}\nkaputt;;;;;\n`;
}

/** English words that no German sentence has. */
const ENGLISH =
  /\b(by|over|the|of|and|with|rows?|distribution|average|share|highest|holds?|is|are|was|other|more|column|value|values|number|numbers|date|dates|line|cell|empty|loading|time|week|month)\b/i;

test('a German page speaks German', async () => {
  const server = await serve(folder({ 'bestellungen.csv': orders() }));
  try {
    for (const width of [1440, 390]) {
      const page = await open(chromium, `${server.base}d/bestellungen?lang=de`, { width });
      await page.until(() => page.evaluate(() => document.documentElement.lang === 'de'), 'the language');
      await page.until(
        async () => /im Zeitverlauf/.test(await page.locator('section[data-mark="line"] h2').first().innerText()),
        'a German title',
      );
      await page.evaluate(async () => {
        for (let y = 0; y < document.documentElement.scrollHeight; y += 400) {
          scrollTo(0, y);
          await new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)));
        }
      });
      const english = async (where) => {
        const said = await page.evaluate(
          (s) =>
            [...document.querySelectorAll(s)].flatMap((n) => [
              ...n.innerText.split('\n'),
              ...[n, ...n.querySelectorAll('[aria-label], [title]')].flatMap((x) => [x.ariaLabel ?? '', x.title ?? '']),
            ]),
          where,
        );
        assert.ok(said.length > 5, `${where} says something`);
        return [...new Set(said)].filter((line) => ENGLISH.test(line));
      };
      assert.deepEqual(await english('#app'), [], `English at ${width}`);
      if (width === 1440) {
        // Why a panel was chosen, and what was noticed in the file.
        const panel = page.locator('section.panel[data-panel]').first();
        await panel.hover();
        await panel.locator('.panel-tools button').last().click();
        await page.locator('.popover .why').waitFor();
        assert.deepEqual(await english('.popover'), [], 'English in the menu of a panel');
        await page.keyboard.press('Escape');
        await page.locator('.sidebar button', { hasText: 'Diagnose' }).click();
        await page.locator('.remark').first().waitFor();
        await page.locator('.columns li').first().waitFor();
        const left = await page.evaluate(() =>
          [...document.querySelectorAll('dialog.drawer :is(.remark p, .columns li, h3, dt)')].map((n) => n.innerText),
        );
        assert.deepEqual(left.filter((line) => ENGLISH.test(line)), [], 'English in the diagnostics');
      }
      await page.done();
    }
  } finally {
    await server.end();
  }
});

test('a written theme is there from the first picture, and paper is light', async () => {
  const server = await serve(
    folder({
      'points.csv': `x,y\n${Array.from({ length: 60 }, (_, i) => `${i},${(i * 29) % 60}`).join('\n')}\n`,
      'dashira.yaml':
        'theme: {mode: dark}\ndashboards:\n  points:\n    rows:\n      - items: [{mark: kpi, y: count()}]\n      - items: [{mark: scatter, x: x, y: y, name: cloud, width: 12}]\n',
    }),
  );
  try {
    const page = await open(chromium, `${server.base}d/points`, {
      theme: 'light',
      init: () => {
        globalThis.themes = [];
        new MutationObserver(() => {
          const now = document.documentElement?.dataset.theme;
          if (now && now !== globalThis.themes.at(-1)) globalThis.themes.push(now);
        }).observe(document, { attributes: true, subtree: true, attributeFilter: ['data-theme'] });
      },
    });
    // The colours of the dots, as they are most of the time.
    const dots = () =>
      page.evaluate(() => {
        const canvas = document.querySelector('[data-panel="cloud"] canvas');
        if (!canvas?.width) return '';
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
        const counts = new Map();
        for (let i = 0; i < data.length; i += 4)
          // Blue, and not the rim that sets dots apart.
          if (data[i + 3] > 200 && data[i + 2] > data[i] + 60) {
            const key = data[i + 2] > 0xe8 ? 'dark' : 'light';
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
      });
    await page.until(async () => (await dots()) === 'dark', 'dots in the colour of the dark theme');
    assert.deepEqual(await page.evaluate(() => globalThis.themes), ['dark'], 'no other theme before it');
    // A print from the browser's menu gives no frame to draw in: what is there when the event is over is printed.
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    assert.equal(await dots(), 'light', 'the dots on paper');
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await dots(), 'dark', 'the dots after it');
    await page.done([/willReadFrequently/]);
  } finally {
    await server.end();
  }
});
