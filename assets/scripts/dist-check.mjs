/**
 * The committed dist is what the sources build: the page is built again beside it and compared file by file. Compressed
 * files are compared by what they hold, since another version of zlib may pack the same bytes another way.
 */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';

const committed = path.resolve('dist');
const built = fs.mkdtempSync(path.join(os.tmpdir(), 'dashira-dist-'));
execFileSync('npx', ['vite', 'build', '--outDir', built, '--emptyOutDir', '--logLevel', 'error'], {
  stdio: 'inherit',
});

const list = (dir) =>
  fs
    .readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name !== '.keep')
    .map((e) => path.relative(dir, path.join(e.parentPath ?? e.path, e.name)))
    .sort();

const packed = /\.(gz|br)$/;
const have = list(committed);
const faults = [];
const want = list(built);
for (const name of want) {
  if (!have.includes(name)) faults.push(`${name} is not in dist`);
  else if (!fs.readFileSync(path.join(built, name)).equals(fs.readFileSync(path.join(committed, name))))
    faults.push(`${name} differs`);
}
for (const name of have) {
  if (!packed.test(name)) {
    if (!want.includes(name)) faults.push(`${name} is built by nothing`);
    continue;
  }
  const plain = path.join(committed, name.replace(packed, ''));
  const body = fs.readFileSync(path.join(committed, name));
  const unpacked = name.endsWith('.gz') ? zlib.gunzipSync(body) : zlib.brotliDecompressSync(body);
  if (!fs.existsSync(plain) || !unpacked.equals(fs.readFileSync(plain)))
    faults.push(`${name} holds something else`);
}
fs.rmSync(built, { recursive: true, force: true });
if (faults.length) {
  console.error(
    `assets/dist is not what the sources build; run make page and commit it:\n  ${faults.join('\n  ')}`,
  );
  process.exit(1);
}
