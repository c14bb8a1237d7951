/**
 * node test/page.mjs: the built page in a real browser over the fake server, under the product's content policy: what it
 * shows, what it does when the stream breaks, what the keyboard reaches, and axe in every state. Nothing waits for a
 * time; everything waits for what it is about.
 */
import fs from 'node:fs';
import { launch } from './browser.mjs';
import { createFake } from './fake-server.mjs';

const axe = fs.readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const only = process.argv.slice(2);
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

function expect(what, value) {
  if (!value) throw new Error(`expected ${what}`);
}

/** The text of a place, as soon as it matches. */
async function reads(page, selector, pattern, timeout = 8000) {
  await page.waitForFunction(
    ([s, p]) => [...document.querySelectorAll(s)].some((n) => new RegExp(p).test(n.textContent)),
    [selector, pattern.source],
    { timeout },
  );
}

const kpi = '[data-panel="orders"] .kpi-figure';

const SCENES = {
  async 'the first frame needs no stream'({ open }) {
    const page = await open('/?transport=fetch', { block: '**/events**' });
    await reads(page, kpi, /4,000/);
    await reads(page, '.live', /Connecting|Reconnecting/);
  },
  async 'a change reaches the panels it touches'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    fake.change(3);
    await reads(page, kpi, /4,003/);
    await page.waitForSelector(`${kpi} [data-fresh="true"]`);
    await reads(page, '.source[aria-current="page"] .source-rows', /4,003/);
  },
  async 'ten pages hold one connection'({ open, fake }) {
    const pages = [];
    for (let i = 0; i < 10; i++) pages.push(await open('/', { same: true }));
    for (const p of pages) await reads(p, '.live', /Live/);
    expect('one stream', fake.streams === 1);
    fake.change(1);
    for (const p of pages) {
      await p.bringToFront();
      await reads(p, kpi, /4,001/);
    }
  },
  async 'without a worker one tab leads the others'({ open, fake }) {
    const a = await open('/?transport=eventsource', { same: true });
    await reads(a, '.live', /Live/);
    const b = await open('/?transport=eventsource', { same: true });
    await reads(b, '.live', /Live/);
    expect('one stream', fake.streams === 1);
    fake.change(2);
    await reads(b, kpi, /4,002/);
    await a.close();
    await b.bringToFront();
    await b.waitForFunction(() => document.querySelector('.live-live'));
    for (let i = 0; i < 40 && fake.streams !== 1; i++) await new Promise((r) => setTimeout(r, 50));
    fake.change(1);
    await reads(b, kpi, /4,003/);
  },
  async 'fetch reads the same stream'({ open, fake }) {
    const page = await open('/?transport=fetch');
    await reads(page, '.live', /Live/);
    fake.change(1);
    await reads(page, kpi, /4,001/);
  },
  async 'a connection that breaks comes back, and nothing is lost'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    fake.steer.drop();
    await reads(page, '.live', /Reconnecting/);
    fake.change(5);
    await reads(page, kpi, /4,005/);
    await reads(page, '.live', /Live/);
  },
  async 'a patch that does not fit is healed by a snapshot'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    fake.steer.misfit();
    fake.change(4);
    await reads(page, kpi, /4,004/);
  },
  async 'an unknown event is none of ours'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    fake.steer.unknown();
    fake.change(1);
    await reads(page, kpi, /4,001/);
  },
  async 'a click filters, the address says so, back undoes it'({ open }) {
    const page = await open('/');
    await reads(page, '[data-panel="by-product"] .bar', /Desk lamp/);
    await page.click('[data-panel="by-product"] .bar >> text=Desk lamp');
    await reads(page, '.chip', /Product Desk lamp/);
    await reads(page, '.matched', /of 4,000 rows/);
    expect('the filter in the address', page.url().includes('f.product=Desk+lamp'));
    await page.waitForSelector('.grid[data-pending="false"]');
    await page.goBack();
    await reads(page, kpi, /4,000/);
    expect('no chip', (await page.$$('.chip')).length === 0);
  },
  async 'an address with filters opens under them'({ open }) {
    const page = await open('/d/orders?f.region=EU&range=12mo');
    await reads(page, '.chip', /Region EU/);
    await reads(page, '.filters', /Last 12 months/);
  },
  async 'time, grain and filter by keyboard alone'({ open }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    await page.keyboard.press('t');
    await page.waitForSelector('.popover .picker');
    await page.keyboard.press('y');
    await reads(page, '.filters', /Last 12 months/);
    await page.keyboard.press('g');
    await page.waitForSelector('.popover .menu-item');
    for (let i = 0; i < 5; i++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.search.includes('grain='));
    await page.keyboard.press('f');
    await page.waitForSelector('.value');
    await page.keyboard.type('chan');
    await reads(page, '.menu-item[aria-pressed="true"]', /Channel/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('.popover'));
  },
  async 'the palette finds a value and filters by it'({ open }) {
    const page = await open('/');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-input input:focus');
    await page.keyboard.type('whiteb');
    await reads(page, '.command[aria-selected="true"]', /Whiteboard/);
    await page.keyboard.press('Enter');
    await reads(page, '.chip', /Product Whiteboard/);
  },
  async 'tabs of a panel by arrow keys'({ open }) {
    const page = await open('/');
    await page.focus('[data-panel="by-product"] [role="tab"][aria-selected="true"]');
    await page.keyboard.press('ArrowRight');
    await reads(page, '[data-panel="by-product"] .bar', /North America/);
    await reads(page, '[role="tab"][aria-selected="true"]', /Region/);
  },
  async 'panels by number, as table, at full size, and back'({ open }) {
    const page = await open('/');
    await page.waitForSelector('[data-panel="trend"] .u-over, [data-panel="trend"] canvas');
    await page.keyboard.press('1');
    await page.keyboard.press('v');
    await page.waitForSelector('[data-panel="trend"] [role="table"], [data-panel="trend"] [role="grid"], [data-panel="trend"] table');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog.full');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog.full'));
    expect('the focus back on the panel', await page.evaluate(() => document.activeElement?.getAttribute('data-panel') === 'trend'));
  },
  async 'a pause holds and counts'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    await page.keyboard.press('p');
    await reads(page, '.live', /Paused/);
    fake.change(1);
    fake.change(1);
    await reads(page, '.live', /2 changes waiting/);
    await reads(page, kpi, /4,000/);
    await page.keyboard.press('p');
    await reads(page, kpi, /4,002/);
  },
  async 'a file that breaks is said, and its last good data stay'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.live', /Live/);
    fake.steer.break();
    await reads(page, '.banner', /orders\.csv broke at line 12: a quote is never closed\. Showing the data of/);
    await reads(page, '.live', /Stale/);
    await reads(page, kpi, /4,000/);
    fake.steer.repair();
    await page.waitForFunction(() => !document.querySelector('.banner'));
  },
  async 'an empty folder fills itself'({ open, fake }) {
    const page = await open('/');
    await reads(page, '.message', /Waiting for the first file/);
    await reads(page, '.watched', /\.parquet/);
    fake.steer.appear();
    await reads(page, kpi, /4,000/);
    expect('its address', new URL(page.url()).pathname === '/d/orders');
  },
  async 'a dashboard that is not there'({ open }) {
    const page = await open('/d/nope');
    await reads(page, '.message', /No dashboard “nope”/);
    await page.click('.choices >> text=Orders');
    await reads(page, kpi, /4,000/);
  },
  async 'sharing: create, copy, take back'({ open }) {
    const page = await open('/');
    await page.keyboard.press('s');
    await page.click('.share-create');
    await page.waitForSelector('.qr path');
    await reads(page, '.help', /Only this machine can open this address/);
    await reads(page, '.links', /Without a name/);
    await page.click('.links .button');
    await reads(page, '.links', /taken back/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
  },
  async 'a guest sees one dashboard, and its end'({ open, fake }) {
    const page = await open('/');
    await reads(page, kpi, /4,000/);
    for (const s of ['.sidebar', '.actions .button-primary', '.inferred'])
      expect(`no ${s}`, (await page.$(s)) === null);
    await page.keyboard.press('s');
    await page.keyboard.press('i');
    expect('no dialog', (await page.$('dialog')) === null);
    await reads(page, '.live', /Live/);
    fake.steer.goodbye(new URLSearchParams('reason=revoked'));
    await reads(page, '.message', /This link has ended/);
    expect('nothing left on screen', (await page.$('.kpi-figure')) === null);
  },
  async 'the door: password, wrong password, in'({ open }) {
    const page = await open('/s#secret', { quiet: /403/ });
    await reads(page, '.door', /This link has a password/);
    await page.keyboard.type('nope');
    await page.keyboard.press('Enter');
    await reads(page, '.wrong', /not the password/);
    await page.fill('input[type="password"]', 'open');
    await page.keyboard.press('Enter');
    await reads(page, kpi, /4,000/);
  },
  async 'the door: what a refusal means'({ open }) {
    for (const [hash, said] of [
      ['', /not complete/],
      ['#never', /not valid/],
      ['#old', /has ended/],
      ['#many', /Too many attempts/],
    ]) {
      const page = await open(`/s${hash}`, { quiet: /401|410|429/ });
      await reads(page, '.door', said);
      await page.close();
    }
  },
  async 'the past by arrow keys, and back to now'({ open, fake }) {
    const page = await open('/');
    await page.waitForSelector('.track');
    await page.focus('.track');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
    await reads(page, '.pastbar', /as it was at/);
    await reads(page, '.dock-when', /4 versions back/);
    await reads(page, kpi, /3,952/);
    fake.change(1);
    await page.keyboard.press('End');
    await reads(page, kpi, /4,001/);
  },
  async 'diagnostics say what was noticed and why'({ open }) {
    const page = await open('/');
    await page.keyboard.press('i');
    await reads(page, '.issue', /line 41, 2 times/);
    await reads(page, '.columns', /every value reads as float/);
  },
  async 'German, by the browser and by the palette'({ open }) {
    const page = await open('/', { locale: 'de-AT' });
    await reads(page, '.filters', /nach Monat/);
    expect('its language', (await page.getAttribute('html', 'lang')) === 'de');
    await page.keyboard.press('Control+k');
    await page.waitForSelector('.palette-input input:focus');
    await page.keyboard.type('english');
    await page.keyboard.press('Enter');
    await reads(page, '.filters', /by month/);
  },
};

const FAKE = {
  'an empty folder fills itself': { empty: true },
  'a guest sees one dashboard, and its end': { guest: true },
};

/** What axe looks at: a state of the page and how to get there. */
const press = (key, wait) => async (page) => {
  await page.keyboard.press(key);
  await page.waitForSelector(wait);
};
const STATES = [
  { name: 'start' },
  { name: 'filtered', path: '/d/orders?f.region=EU&range=12mo' },
  { name: 'time', act: press('t', '.picker') },
  { name: 'grain', act: press('g', '.menu-alone') },
  { name: 'filter', act: press('f', '.value') },
  { name: 'palette', act: press('Control+k', '.command') },
  { name: 'share', act: press('s', '.share-create') },
  {
    name: 'shared',
    act: async (page) => {
      await page.keyboard.press('s');
      await page.click('.share-create');
      await page.waitForSelector('.qr path');
    },
  },
  { name: 'diagnostics', act: press('i', '.columns') },
  { name: 'keys', act: press('?', '.keys') },
  {
    name: 'broken',
    act: async (page, fake) => {
      fake.steer.break();
      await page.waitForSelector('.banner');
    },
  },
  {
    name: 'past',
    act: async (page) => {
      await page.waitForSelector('.track');
      await page.focus('.track');
      await page.keyboard.press('ArrowLeft');
      await page.waitForSelector('.pastbar');
    },
  },
  {
    name: 'panel menu',
    act: async (page) => {
      await page.hover('[data-panel="trend"]');
      await page.click('[data-panel="trend"] .panel-tools .tool:last-child');
      await page.waitForSelector('.why-menu');
    },
  },
  {
    name: 'full panel',
    act: async (page) => {
      await page.keyboard.press('1');
      await page.keyboard.press('Enter');
      await page.waitForSelector('dialog.full');
    },
  },
  { name: 'empty', fake: { empty: true }, wait: '.watched' },
  { name: 'nowhere', path: '/d/nope', wait: '.choices' },
  { name: 'guest', fake: { guest: true } },
  { name: 'door', path: '/s#secret', wait: 'input[type="password"]', quiet: /403/ },
];

const { browser, close } = await launch();
const problems = [];
let checks = 0;

async function world(options) {
  const fake = createFake(options);
  const url = await fake.listen();
  const contexts = [];
  let shared = null;
  const open = async (path, { block, quiet, same, locale, size = DESKTOP, theme = 'light', where = '' } = {}) => {
    let context = same ? shared : null;
    if (!context) {
      context = await browser.newContext({ viewport: size, locale: locale ?? 'en-US', colorScheme: theme, hasTouch: size === PHONE });
      contexts.push(context);
      if (same) shared = context;
    }
    const page = await context.newPage();
    page.on('console', (m) => {
      if (['error', 'warning'].includes(m.type()) && !quiet?.test(m.text()) && !/ERR_(INCOMPLETE|CONNECTION|FAILED|EMPTY)/.test(m.text()))
        problems.push(`${where}: console: ${m.text()}`);
    });
    page.on('pageerror', (e) => problems.push(`${where}: ${e.stack}`));
    if (block) await context.route(block, (route) => route.abort());
    await page.goto(url + path, { waitUntil: 'domcontentloaded' });
    await page.waitForSelector('.app[data-conn], .door');
    return page;
  };
  return {
    fake,
    open,
    async end() {
      for (const c of contexts) await c.close();
      fake.close();
    },
  };
}

for (const [name, scene] of Object.entries(SCENES)) {
  if (only.length && !only.some((o) => name.includes(o))) continue;
  const w = await world(FAKE[name]);
  const open = (path, options) => w.open(path, { ...options, where: name });
  try {
    await scene({ ...w, open });
    console.log(`ok    ${name}`);
  } catch (e) {
    problems.push(`${name}: ${e.message.split('\n')[0]}`);
    console.log(`FAIL  ${name}`);
  }
  await w.end();
}

if (!only.length || only.includes('axe'))
  for (const theme of ['light', 'dark'])
    for (const [sizeName, size] of [
      ['desktop', DESKTOP],
      ['phone', PHONE],
    ])
      for (const state of sizeName === 'phone' ? STATES.filter((s) => ['start', 'share', 'filtered', 'door'].includes(s.name)) : STATES) {
        const where = `${theme} ${sizeName} ${state.name}`;
        const w = await world(state.fake);
        try {
          const page = await w.open(state.path ?? '/', { size, theme, where, quiet: state.quiet });
          await page.waitForSelector(state.wait ?? '[data-panel="by-product"] .bar');
          await state.act?.(page, w.fake);
          await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => {}))));
          // axe comes over CDP, so that the page's policy stays as strict as in production.
          await page.evaluate(axe);
          const { violations, passes } = await page.evaluate(() =>
            globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] }),
          );
          checks += passes.length;
          for (const v of violations)
            problems.push(`${where}: axe ${v.impact} ${v.id} x${v.nodes.length}: ${v.nodes[0].target} ${v.nodes[0].any[0]?.message ?? v.nodes[0].failureSummary}`);
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) problems.push(`${where}: ${over} px sideways scroll`);
        } catch (e) {
          problems.push(`${where}: ${e.message.split('\n')[0]}`);
        }
        await w.end();
      }

await close();
if (checks) console.log(`axe: ${checks} rule passes`);
for (const p of new Set(problems)) console.log(`  ${p}`);
console.log(problems.length ? `${problems.length} problems` : 'clean');
process.exit(problems.length ? 1 : 0);
