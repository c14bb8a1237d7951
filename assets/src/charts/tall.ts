/**
 * Scrolling through more rows than a browser can lay out. Elements end at some 33 million pixels (17 in Firefox), a
 * million rows of 32 px; a taller body is cut into pages that overlap. Small moves scroll by pixels within a page, and a
 * move across pages shifts the offset between what the scroll bar says and where the rows really are.
 */
export const TALLEST = 12_000_000;

/** Where a body stands: the real height, what is laid out, and how far the rows are moved up beside the scroll bar. */
export interface Tall {
  real: number;
  laid: number;
  offset: number;
}

export const tall = (real: number, offset = 0): Tall => ({ real, laid: Math.min(real, TALLEST), offset });

/** Rows are cut into so many pages. */
const PAGES = 100;

const page = (t: Tall) => t.laid / PAGES;
const pages = (t: Tall) => Math.max(1, Math.floor(t.real / page(t)));
const step = (t: Tall) => (t.real - t.laid) / Math.max(1, pages(t) - 1);

/** A jump to a real position: the scroll bar's place and the new offset. */
export function jump(t: Tall, to: number, view: number): { top: number; offset: number } {
  const at = Math.max(0, Math.min(to, t.real - view));
  if (t.real <= t.laid) return { top: at, offset: 0 };
  const p = Math.min(pages(t) - 1, Math.floor(at / page(t)));
  const offset = Math.min(Math.round(p * step(t)), t.real - t.laid);
  const top = at - offset;
  // At either end the bar and the rows must end together.
  return top < 0 ? { top: 0, offset: at } : { top, offset };
}

/**
 * What a scroll event means: the scroll bar went from `before` to `top`. A move of less than a window is one of the
 * wheel or a finger and keeps the offset, unless it comes to an end of the bar; a longer one is one of the bar.
 */
export function moved(t: Tall, before: number, top: number, view: number): { top: number; offset: number } {
  if (t.real <= t.laid) return { top, offset: 0 };
  const end = t.laid - view;
  const near = Math.abs(top - before) < view;
  if (near && top > 0 && top < end) return { top, offset: t.offset };
  if (top <= 0) return near && t.offset > 0 ? jump(t, t.offset + top, view) : { top: 0, offset: 0 };
  if (top >= end)
    return near && t.offset < t.real - t.laid
      ? jump(t, t.offset + top, view)
      : { top: end, offset: t.real - t.laid };
  // The share of the bar is the share of the rows.
  const share = top / end;
  return { top, offset: Math.round(share * (t.real - view)) - top };
}
