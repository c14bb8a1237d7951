import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { build } from 'vite';
import { launch } from '../browser.mjs';
import { folder, root, serve, until } from './server.mjs';

let chromium;
before(async () => {
  chromium = await launch();
});
after(() => chromium?.close());

const cases = JSON.parse(fs.readFileSync(path.join(root, 'dashboard/hub/sse/testdata/whatwg.json'), 'utf8'));
const bytesOf = (c) => (c.base64 ? Buffer.from(c.base64, 'base64') : Buffer.from(c.stream));

/** The page's own transports as one module, so that Chromium runs what the page runs. */
async function transports() {
  const made = await build({
    root: path.join(root, 'assets'),
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry: 'src/stream/transport.ts', formats: ['es'], fileName: 'transport' } },
  });
  return [made].flat()[0].output[0].code;
}

/** Sends the bytes of a case as they are, whole or one after the other. */
async function rawServer() {
  const code = await transports();
  const server = http.createServer(async (request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/') {
      response.setHeader('content-type', 'text/html');
      return response.end('<!doctype html><title>standard</title>');
    }
    if (url.pathname === '/transport.js') {
      response.setHeader('content-type', 'text/javascript');
      return response.end(code);
    }
    const one = cases[Number(url.pathname.slice(1))];
    if (!one) {
      response.statusCode = 404;
      return response.end();
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.socket.setNoDelay(true);
    response.flushHeaders();
    const bytes = bytesOf(one);
    const step = url.searchParams.get('cut') === 'bytes' ? Math.ceil(bytes.length / 400) : bytes.length;
    for (let i = 0; i < bytes.length; i += step) {
      response.write(bytes.subarray(i, i + step));
      if (step < bytes.length) await new Promise((r) => setImmediate(r));
    }
    response.end();
  });
  await new Promise((r) => server.listen(0, '127.0.0.1', r));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((r) => server.close(r)) };
}

/** Reads a stream to its end with the browser's EventSource and with the page's fetch reader. */
const readBoth = async ({ address, names }) => {
  const { viaFetch } = await import('/transport.js');
  const native = await new Promise((resolve) => {
    const got = [];
    const source = new EventSource(address);
    for (const name of names) source.addEventListener(name, (e) => got.push([e.type, e.data, e.lastEventId]));
    source.onerror = () => {
      source.close();
      resolve(got);
    };
  });
  const ours = await new Promise((resolve) => {
    const got = [];
    viaFetch(address, '', {
      opened: () => {},
      message: (event, data, id) => got.push([event, data, id]),
      failed: () => resolve(got),
    });
  });
  return { native, ours };
};

test("the standard's cases: Chromium and the page's reader find the same events", async () => {
  const raw = await rawServer();
  const context = await chromium.browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(raw.url);
    for (const [i, one] of cases.entries()) {
      if (one.last) continue; // an EventSource cannot be told what it had before
      const names = [...new Set(['message', 'test', 'a', ...one.events.map((e) => e[0])])];
      for (const cut of ['whole', 'bytes']) {
        const { native, ours } = await page.evaluate(readBoth, { address: `/${i}?cut=${cut}`, names });
        assert.deepEqual(native, one.events, `Chromium, ${one.name}, ${cut}`);
        assert.deepEqual(ours, one.events, `the page, ${one.name}, ${cut}`);
      }
    }
  } finally {
    await context.close();
    await raw.close();
  }
});

/** Cells that would break a stream which is written carelessly. */
const NASTY = [
  'line\nfeed',
  'carriage\rreturn',
  'both\r\n\r\nof them',
  'data: forged\n\nevent: goodbye\ndata: {"retry":0}\n\n',
  ': no comment',
  'id: 7',
  '\u2028 \u2029 \u0085',
  '\uFEFFmark',
  'quote " and \\ and </script>',
  'aé€😀'.repeat(20_000), // letters of one to four bytes, across every piece that is written at once
  ' spaces ',
];

test('through the real server every value arrives as it is, whichever way the stream is read', async () => {
  const dir = folder({ 'nasty.json': JSON.stringify([{ n: 0, text: 'first' }]) });
  const server = await serve(dir);
  const context = await chromium.browser.newContext();
  try {
    const code = await transports();
    const page = await context.newPage();
    await page.route('**/transport.js', (route) => route.fulfill({ contentType: 'text/javascript', body: code }));
    await page.goto(server.base);
    await page.evaluate(async () => {
      const { viaFetch } = await import('/transport.js');
      const got = { native: [], ours: [] };
      globalThis.got = got;
      const take = (list) => (name, data, id) => {
        const d = JSON.parse(data);
        if (name === 'reset') list.push(['reset', d.rows, id !== '']);
        if (name === 'append') list.push(['append', d.values[1], id !== '']);
      };
      const address = '/api/v1/tables/nasty/events';
      const source = new EventSource(address);
      for (const name of ['reset', 'append'])
        source.addEventListener(name, (e) => take(got.native)(name, e.data, e.lastEventId));
      const end = viaFetch(address, '', { opened: () => {}, message: take(got.ours), failed: () => got.ours.push(['failed']) });
      globalThis.end = () => {
        end();
        source.close();
      };
    });
    const both = (n) =>
      until(
        () => page.evaluate((k) => globalThis.got.native.length >= k && globalThis.got.ours.length >= k && globalThis.got, n),
        `${n} events in both readers`,
      );
    await both(1);
    const rows = [{ n: 0, text: 'first' }, ...NASTY.map((text, i) => ({ n: i + 1, text }))];
    fs.writeFileSync(path.join(dir, 'nasty.json'), JSON.stringify(rows));
    const got = await both(2);
    for (const [who, list] of Object.entries(got)) {
      assert.deepEqual(
        list.map(([name, , hasId]) => [name, hasId]),
        [
          ['reset', true],
          ['append', true],
        ],
        who,
      );
      for (const [i, text] of NASTY.entries()) assert.ok(list[1][1][i] === text, `${who}, ${text.slice(0, 30)}`);
    }
    await page.evaluate(() => globalThis.end());
  } finally {
    await context.close();
    await server.end();
  }
});
