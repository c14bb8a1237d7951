import assert from 'node:assert/strict';
import { until } from './server.mjs';

/**
 * A page in a context of its own that has shown its first dashboard. Every error and warning on its console,
 * a violation of the policy among them, fails the test when it is done; `expected` lets a test name what it provokes.
 */
export async function open(chromium, url, options = {}) {
  const context = await chromium.browser.newContext({
    viewport: { width: options.width ?? 1440, height: options.height ?? 900 },
    colorScheme: options.theme ?? 'light',
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    ...(options.reducedMotion ? { reducedMotion: options.reducedMotion } : {}),
    ...(options.touch ? { hasTouch: true, isMobile: true } : {}),
  });
  if (options.init) await context.addInitScript(options.init);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const said = [];
  const asked = [];
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') said.push(`${m.type()}: ${m.text()}`);
  });
  page.on("pageerror", (e) => said.push(`error: ${e.stack}`));
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(url);
  if (options.wait !== false)
    // The marks come as chunks of their own: the page is there when its first figure is.
    await page.locator('.kpi .kpi-figure').first().waitFor({ state: 'visible', timeout: 30_000 });
  return Object.assign(page, {
    asked,
    said,
    until,
    /** The figures of the KPI strip by their label. */
    async kpis() {
      return page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll('.kpi')].map((k) => [
            k.querySelector('.kpi-label')?.textContent ?? '',
            k.querySelector('.kpi-figure')?.textContent?.trim() ?? '',
          ]),
        ),
      );
    },
    tab: (name) => page.getByRole('tab', { name, exact: true }).first().click(),
    /** Clicks a category of a ranked list. */
    choose: (name) => page.locator('[data-mark="ranked"] button', { hasText: name }).first().click(),
    async done(expected = []) {
      await context.close();
      const surprising = said.filter((s) => !expected.some((e) => e.test(s)));
      assert.deepEqual(surprising, [], 'the console is not empty');
    },
  });
}
