/**
 * Writes .gz and .br beside every text file of dist, as small as both can make it. The bytes depend on the content alone
 * (a gzip head without time or name), so that a rebuild of the same sources changes nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const TEXT = /\.(html|js|css|svg|json|txt|map)$/;
const dist = path.resolve('dist');

for (const entry of fs.readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || !TEXT.test(entry.name)) continue;
  const body = fs.readFileSync(file);
  const gz = zlib.gzipSync(body, { level: 9, memLevel: 9 });
  gz[9] = 255; // The operating system that packed it: unknown, on every machine.
  fs.writeFileSync(`${file}.gz`, gz);
  fs.writeFileSync(
    `${file}.br`,
    zlib.brotliCompressSync(body, {
      params: {
        [zlib.constants.BROTLI_PARAM_QUALITY]: zlib.constants.BROTLI_MAX_QUALITY,
        [zlib.constants.BROTLI_PARAM_LGWIN]: zlib.constants.BROTLI_MAX_WINDOW_BITS,
        [zlib.constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  );
}

// An embedded folder must never be empty, and the build has just emptied it.
fs.writeFileSync(path.join(dist, '.keep'), '\n');
