import fs from 'node:fs';

/** Orders of a year, written as a program writes them: n rows of eight columns. */
export function orders(file, n) {
  const out = fs.openSync(file, 'w');
  fs.writeSync(out, 'order_id,ordered_at,region,channel,customer_id,quantity,unit_price,amount\n');
  let seed = 1;
  const random = (k) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return seed % k;
  };
  const start = Date.UTC(2025, 10, 1);
  for (let i = 0; i < n; ) {
    let part = '';
    for (const end = Math.min(n, i + 20_000); i < end; i++) {
      const at = new Date(start + Math.floor((i / n) * 365 * 86_400) * 1000).toISOString().slice(0, 19);
      const quantity = 1 + random(6);
      const price = (500 + random(9500)) / 100;
      part += `A-${String(i).padStart(8, '0')},${at},${['North', 'South', 'West', 'East'][random(4)]},${['web', 'shop', 'phone'][random(3)]},C-${1000 + random(5000)},${quantity},${price.toFixed(2)},${(quantity * price).toFixed(2)}\n`;
    }
    fs.writeSync(out, part);
  }
  fs.closeSync(out);
}
