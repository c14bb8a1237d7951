/** Fails when the first load of the page has grown beyond its budget. Run after the build. */
import fs from 'node:fs';
import path from 'node:path';

const KB = 1024;
const BUDGET = { js: 85 * KB, css: 12 * KB, font: 30 * KB, html: 6 * KB };

const dist = path.resolve('dist');
const html = fs.readFileSync(path.join(dist, 'index.html'), 'utf8');
const packed = (name) => fs.statSync(path.join(dist, `${name}.gz`)).size;
const plain = (name) => fs.statSync(path.join(dist, name)).size;

/** What the page names: its scripts, the modules that are loaded with them, and its styles. */
const named = [...html.matchAll(/(?:src|href)="\/([^"]+)"/g)].map((m) => m[1]);
const scripts = named.filter((n) => n.endsWith('.js'));
const styles = named.filter((n) => n.endsWith('.css'));
const fonts = fs
  .readdirSync(path.join(dist, 'assets'))
  .filter((n) => n.endsWith('.woff2'))
  .map((n) => `assets/${n}`);

const sum = (list, size) => list.reduce((total, name) => total + size(name), 0);
const found = {
  js: sum(scripts, packed),
  css: sum(styles, packed),
  font: sum(fonts, plain),
  html: packed('index.html'),
};

let over = false;
for (const [kind, bytes] of Object.entries(found)) {
  const budget = BUDGET[kind];
  const bad = bytes > budget;
  over ||= bad;
  console.log(
    `${kind.padEnd(5)} ${(bytes / KB).toFixed(1).padStart(6)} of ${String(budget / KB).padStart(3)} KB${bad ? '  too much' : ''}`,
  );
}
process.exit(over ? 1 : 0);
