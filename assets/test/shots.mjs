/** node test/shots.mjs FOLDER [name...]: photographs the built page over the fake server, and tells what the console said. */
import path from 'node:path';
import { launch } from './browser.mjs';
import { createFake } from './fake-server.mjs';

const [folder, ...wanted] = process.argv.slice(2);
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const press = (key) => async (page) => page.keyboard.press(key);
const SHOTS = [
  { name: 'light-1440', size: DESKTOP, theme: 'light', act: async (_, fake) => fake.change(3) },
  { name: 'dark-1440', size: DESKTOP, theme: 'dark', act: async (_, fake) => fake.change(3) },
  { name: 'full-light', size: { width: 1440, height: 1420 }, theme: 'light' },
  { name: 'phone-light', size: { width: 390, height: 3300 }, theme: 'light' },
  { name: 'phone-dark', size: PHONE, theme: 'dark' },
  { name: 'medium-1024', size: { width: 1024, height: 1500 }, theme: 'light' },
  { name: 'filtered', size: DESKTOP, theme: 'light', path: '/d/orders?f.region=EU&range=12mo' },
  { name: 'time', size: DESKTOP, theme: 'light', act: press('t') },
  { name: 'grain', size: DESKTOP, theme: 'light', act: press('g') },
  { name: 'filter', size: DESKTOP, theme: 'dark', act: press('f') },
  { name: 'palette', size: DESKTOP, theme: 'dark', act: async (page) => {
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-input input');
    await page.keyboard.type('chair');
    await page.waitForTimeout(400);
  } },
  { name: 'share', size: DESKTOP, theme: 'light', act: press('s') },
  { name: 'share-made', size: DESKTOP, theme: 'light', act: async (page) => {
    await page.keyboard.press('s');
    await page.click('.share-create');
    await page.waitForSelector('.qr');
  } },
  { name: 'diagnostics', size: DESKTOP, theme: 'light', act: press('i') },
  { name: 'keys', size: DESKTOP, theme: 'light', act: press('?') },
  { name: 'broken', size: DESKTOP, theme: 'light', act: async (_, fake) => fake.steer.break() },
  { name: 'paused', size: DESKTOP, theme: 'light', act: async (page, fake) => {
    await page.keyboard.press('p');
    fake.change(2);
    await page.waitForTimeout(300);
  } },
  { name: 'reconnecting', size: DESKTOP, theme: 'light', act: async (_, fake) => fake.close(), late: true },
  { name: 'past', size: DESKTOP, theme: 'light', act: async (page) => {
    await page.waitForSelector('.track');
    await page.focus('.track');
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('.pastbar');
  } },
  { name: 'panel-menu', size: DESKTOP, theme: 'light', act: async (page) => {
    await page.hover('[data-panel="trend"]');
    await page.click('[data-panel="trend"] .panel-tools .tool:last-child');
  } },
  { name: 'as-table', size: DESKTOP, theme: 'light', act: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('v');
  } },
  { name: 'full-panel', size: DESKTOP, theme: 'dark', act: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('Enter');
    await page.waitForTimeout(400);
  } },
  { name: 'empty', size: DESKTOP, theme: 'light', fake: { empty: true } },
  { name: 'nowhere', size: DESKTOP, theme: 'light', path: '/d/nope' },
  { name: 'guest', size: DESKTOP, theme: 'light', fake: { guest: true } },
  { name: 'ended', size: DESKTOP, theme: 'light', fake: { guest: true }, act: async (_, fake) => fake.steer.goodbye(new URLSearchParams('reason=revoked')) },
  { name: 'door', size: DESKTOP, theme: 'light', path: '/s#secret' },
  { name: 'phone-menu', size: PHONE, theme: 'light', act: async (page) => page.click('.menu') },
  { name: 'phone-time', size: PHONE, theme: 'light', act: async (page) => page.click('.filters .button') },
  { name: 'phone-share', size: PHONE, theme: 'dark', act: async (page) => page.click('.actions .button-primary') },
  { name: 'german', size: DESKTOP, theme: 'light', locale: 'de-DE' },
];

const { browser, close } = await launch();
const said = new Set();
for (const shot of SHOTS.filter((s) => !wanted.length || wanted.includes(s.name))) {
  const fake = createFake(shot.fake);
  const url = await fake.listen();
  const context = await browser.newContext({
    viewport: shot.size,
    deviceScaleFactor: 1,
    hasTouch: shot.size === PHONE,
    locale: shot.locale ?? 'en-US',
    colorScheme: shot.theme,
  });
  const page = await context.newPage();
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && said.add(`${shot.name}: ${m.text()}`));
  page.on('pageerror', (e) => said.add(`${shot.name}: ${e.stack}`));
  try {
    await page.goto(url + (shot.path ?? '/'), { waitUntil: 'domcontentloaded' });
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(1200);
    await shot.act?.(page, fake);
    await page.waitForTimeout(shot.late ? 1500 : 700);
  } catch (e) {
    said.add(`${shot.name}: ${e.message}`);
  }
  await page.screenshot({ path: path.join(folder, `${shot.name}.png`) });
  await context.close();
  fake.close();
}
await close();
for (const line of said) console.log(line);
process.exit(said.size ? 1 : 0);
