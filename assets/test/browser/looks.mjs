/**
 * How a panel looks, in few numbers: a screenshot shrunk to a small grid of brightness. Another build of the same
 * browser, or another smoothing of its text, moves a cell by a level or two; a label, a line or a bar that is gone moves
 * several cells by many.
 */
export const COLUMNS = 24;
export const ROWS = 15;
/** Levels of 255 by which a cell may differ and still look the same. */
const NEAR = 10;
/** Cells of a panel that may differ. */
const FEW = 3;

/** The looks of all panels of a page, by their names, from one screenshot of the whole of it. */
export async function looks(page, selector) {
  const boxes = await page.evaluate(
    (s) =>
      [...document.querySelectorAll(s)].map((n) => {
        const { left, top, width, height } = n.getBoundingClientRect();
        return { name: n.dataset.panel, x: left + scrollX, y: top + scrollY, width, height };
      }),
    selector,
  );
  const shot = (await page.screenshot({ fullPage: true, animations: 'disabled', caret: 'hide' })).toString('base64');
  const cells = await page.evaluate(
    async ({ shot, boxes, columns, rows }) => {
      const bytes = Uint8Array.from(atob(shot), (c) => c.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      return boxes.map((box) => {
        // The mean of each cell, exactly: smoothing by the browser would be its own and not ours.
        const part = new OffscreenCanvas(Math.round(box.width), Math.round(box.height));
        const at = part.getContext('2d');
        at.drawImage(image, -Math.round(box.x), -Math.round(box.y));
        const { data, width, height } = at.getImageData(0, 0, part.width, part.height);
        const sums = new Float64Array(columns * rows);
        const counts = new Float64Array(columns * rows);
        for (let y = 0; y < height; y++)
          for (let x = 0; x < width; x++) {
            const cell = Math.floor((y * rows) / height) * columns + Math.floor((x * columns) / width);
            const i = (y * width + x) * 4;
            sums[cell] += 0.3 * data[i] + 0.59 * data[i + 1] + 0.11 * data[i + 2];
            counts[cell]++;
          }
        return [...sums].map((s, k) => Math.round(s / Math.max(1, counts[k])));
      });
    },
    { shot, boxes, columns: COLUMNS, rows: ROWS },
  );
  return Object.fromEntries(boxes.map((b, i) => [b.name, Buffer.from(cells[i])]));
}

/** How many cells of two looks differ so much that an eye would see it. */
export function differing(a, b) {
  let n = 0;
  for (let i = 0; i < COLUMNS * ROWS; i++) if (Math.abs((a[i] ?? 0) - (b[i] ?? 0)) > NEAR) n++;
  return n;
}

export const alike = (a, b) => differing(a, b) <= FEW;

/** Does a panel show anything beside its own paper? */
export function blank(look) {
  const middle = [...look.subarray(COLUMNS * 4, COLUMNS * (ROWS - 1))];
  return Math.max(...middle) - Math.min(...middle) < 4;
}

/** A look as a picture of characters, to see in a failing test what is gone. */
export function draw(look) {
  const shades = ' .:-=+*#%@';
  const low = Math.min(...look);
  const span = Math.max(1, Math.max(...look) - low);
  const lines = [];
  for (let r = 0; r < ROWS; r++)
    lines.push(
      [...look.subarray(r * COLUMNS, (r + 1) * COLUMNS)]
        .map((v) => shades[Math.round(((v - low) / span) * (shades.length - 1))])
        .join(''),
    );
  return lines.join('\n');
}
