import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { launch } from '../browser.mjs';
import { open } from './page.mjs';
import { folder, json, root, serve } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const order = 'A-09001,2026-11-20T20:30:00,North,web,Tea,C-1001,Assam 250 g,1,8.90,8.90,open\n';

test('a colleague opens the link, sees a live change and nothing else, and is cut off', async () => {
  const server = await serve(folder('shop'));
  try {
    const owner = await open(chromium, `${server.base}d/orders`);
    await owner.getByRole('button', { name: 'Share', exact: true }).click();
    const dialog = owner.getByRole('dialog');
    await dialog.getByRole('button', { name: /create|make/i }).first().click();
    await dialog.getByText(/only this machine/i).first().waitFor();
    const link = await owner.until(
      async () => (await dialog.locator('input').evaluateAll((all) => all.map((i) => i.value))).find((v) => v.includes('/s#')),
      'the link',
    );

    const guest = await open(chromium, link);
    assert.match(guest.url(), /\/v\/[0-9a-z]+\//);
    assert.ok(!guest.url().includes('#'), 'the token is out of the address');
    assert.equal((await guest.kpis()).Orders, '2,475');
    const text = await guest.locator('body').innerText();
    for (const secret of ['plan', 'stock', server.dir]) assert.ok(!text.includes(secret), `the guest reads ${secret}`);
    assert.equal(await guest.getByRole('button', { name: 'Share', exact: true }).count(), 0);

    fs.appendFileSync(path.join(server.dir, 'orders.csv'), order);
    await guest.until(async () => (await guest.kpis()).Orders === '2,476', 'the live change');

    const v = new URL(guest.url()).pathname.match(/^\/v\/[^/]+\//)[0];
    for (const [at, status] of [
      ['d/plan', 404],
      ['api/v1/dashboards/plan/snapshot', 404],
      ['api/v1/tables', 404],
      ['api/v1/tables/orders/rows', 404],
      ['api/v1/sources', 404],
      ['api/v1/history', 404],
      ['api/v1/shares', 404],
      ['api/v1/events', 404],
    ])
      assert.equal(await guest.evaluate((u) => fetch(u).then((r) => r.status), v + at), status, at);

    const { shares } = await json(`${server.base}api/v1/shares`);
    assert.equal(shares[0].viewers, 1);
    const revoked = Date.now();
    const { status } = await fetch(`${server.base}api/v1/shares/${shares[0].id}`, { method: 'DELETE' });
    assert.equal(status, 204);
    await guest.getByText(/link (has )?ended|no longer/i).first().waitFor();
    assert.ok(Date.now() - revoked < 10_000, `cut off after ${Date.now() - revoked} ms`);
    await guest.done([/status of 404/]);
    await owner.done();
  } finally {
    await server.end();
  }
});

test('dashira share makes, lists and ends a link', async () => {
  const server = await serve(folder('shop'));
  const run = (...args) =>
    execFileSync(path.join(root, 'dashira'), ['share', ...args, '--state-dir', server.state], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const link = run('orders', '--expires', '1h', '--password', 'open sesame').trim();
    const guest = await open(chromium, link, { wait: false });
    const input = guest.locator('input[type="password"]');
    await input.fill('wrong');
    await guest.keyboard.press('Enter');
    await guest.getByText('That is not the password.').waitFor();
    await input.fill('open sesame');
    await guest.keyboard.press('Enter');
    await guest.locator('[data-panel]').first().waitFor();
    assert.match(run('--list'), /orders/);
    const [{ id }] = JSON.parse(run('--list', '--json'));
    run('--revoke', id);
    await guest.getByText(/link (has )?ended|no longer/i).first().waitFor();
    assert.throws(() => run('nothing'), /There is no such dashboard/);
    await guest.done([/status of 403/, /status of 404/]);
  } finally {
    await server.end();
  }
});

test('on the network nobody gets in without a link', async () => {
  const server = await serve(folder('shop'), '--lan');
  try {
    const stranger = await open(chromium, server.base, { wait: false });
    await stranger.getByText(/link/i).first().waitFor();
    assert.equal(await stranger.locator('[data-panel]').count(), 0);
    await stranger.done([/status of 401/]);
    const owner = await open(chromium, server.url);
    assert.equal((await owner.kpis()).Orders, '2,475');
    assert.ok(!owner.url().includes('#'));
    await owner.done();
    const again = await open(chromium, server.url, { wait: false });
    await again.getByText(/link/i).first().waitFor();
    assert.equal(await again.locator('[data-panel]').count(), 0, 'the printed link works once');
    await again.done([/status of 401/]);
    const link = execFileSync(path.join(root, 'dashira'), ['share', '--owner', '--state-dir', server.state], { encoding: 'utf8' });
    const other = await open(chromium, link.trim());
    assert.equal((await other.kpis()).Orders, '2,475');
    await other.done();
  } finally {
    await server.end();
  }
});
