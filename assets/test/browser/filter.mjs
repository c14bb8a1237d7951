/** What every panel of a page shows, by its name: its words, what is chosen in it, and the pixels of its canvases. */
export const shown = (page) =>
  page.evaluate(() => {
    const all = {};
    for (const panel of document.querySelectorAll('[data-panel]')) {
      const pixels = [...panel.querySelectorAll('canvas')].map((c) => (c.width ? c.toDataURL() : ''));
      const chosen = [...panel.querySelectorAll('[aria-pressed="true"]')].map((e) => e.textContent);
      all[panel.dataset.panel] = [panel.textContent, ...chosen, ...pixels].join('\n');
    }
    return all;
  });

/** The names of the panels that show something else than before. */
export const moved = (before, after) => Object.keys(after).filter((name) => after[name] !== before[name]);

/** Turns every chart into the table of its values, and returns the words of every panel. */
export const tables = (page) =>
  page.evaluate(async () => {
    for (const button of [...document.querySelectorAll('button[aria-label$="Show as table"]')]) button.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return Object.fromEntries([...document.querySelectorAll('[data-panel]')].map((p) => [p.dataset.panel, p.textContent]));
  });
