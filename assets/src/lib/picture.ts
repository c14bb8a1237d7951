/** What decides how an SVG shape looks; a file that stands alone has no stylesheet to say it. */
const STYLE = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'letter-spacing',
  'text-anchor',
  'dominant-baseline',
  'paint-order',
];

const NS = 'http://www.w3.org/2000/svg';

/** The drawings of a panel: those in SVG and those on canvas, in the order in which they lie over each other. */
const layers = (body: Element) =>
  [...body.querySelectorAll<SVGSVGElement | HTMLCanvasElement>('svg:not(.icon), canvas')].filter((node) => {
    const box = node.getBoundingClientRect();
    return box.width > 40 && box.height > 40 && !node.parentElement?.closest('svg');
  });

/** Is there anything to save as a picture? Lists and tables are text. */
export const hasPicture = (body: Element | null): boolean => body !== null && layers(body).length > 0;

function copyStyle(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of STYLE) {
    const value = style.getPropertyValue(name);
    if (value) to.setAttribute(name, value);
  }
  to.removeAttribute('class');
  const a = from.children;
  const b = to.children;
  for (let i = 0; i < a.length; i++) {
    const x = a[i];
    const y = b[i];
    if (x && y) copyStyle(x, y);
  }
}

function text(
  content: string,
  x: number,
  y: number,
  size: number,
  weight: number,
  fill: string,
): SVGTextElement {
  const node = document.createElementNS(NS, 'text');
  for (const [key, value] of Object.entries({ x, y, fill, 'font-size': size, 'font-weight': weight }))
    node.setAttribute(key, String(value));
  node.setAttribute('font-family', 'Inter, system-ui, sans-serif');
  node.textContent = content;
  return node;
}

const HEAD = 56;
const PAD = 16;

/**
 * The panel as one SVG that needs nothing else: its drawings with their colours resolved, canvases as images, its
 * texts that are not part of a drawing (labels beside a line, legends), title and note above.
 */
export function panelToSVG(
  body: HTMLElement,
  title: string,
  note: string,
): { svg: string; width: number; height: number } {
  const box = body.getBoundingClientRect();
  const width = Math.ceil(box.width) + 2 * PAD;
  const height = Math.ceil(box.height) + HEAD + PAD;
  const root = document.documentElement;
  const token = (name: string) => getComputedStyle(root).getPropertyValue(`--${name}`).trim();
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('xmlns', NS);
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  const paper = document.createElementNS(NS, 'rect');
  paper.setAttribute('width', '100%');
  paper.setAttribute('height', '100%');
  paper.setAttribute('fill', token('panel'));
  svg.append(paper, text(title, PAD, 26, 13, 600, token('ink')));
  if (note) svg.append(text(note, PAD, 44, 12, 400, token('ink-3')));

  const drawn = layers(body);
  for (const node of drawn) {
    const at = node.getBoundingClientRect();
    const x = at.left - box.left + PAD;
    const y = at.top - box.top + HEAD;
    if (node instanceof HTMLCanvasElement) {
      const image = document.createElementNS(NS, 'image');
      image.setAttribute('href', node.toDataURL('image/png'));
      for (const [key, value] of Object.entries({ x, y, width: at.width, height: at.height }))
        image.setAttribute(key, String(value));
      svg.append(image);
      continue;
    }
    const copy = node.cloneNode(true) as SVGSVGElement;
    copyStyle(node, copy);
    for (const [key, value] of Object.entries({ x, y, width: at.width, height: at.height }))
      copy.setAttribute(key, String(value));
    svg.append(copy);
  }

  // Texts in HTML, each at its place and in its own type.
  const walk = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  for (let n = walk.nextNode(); n; n = walk.nextNode()) {
    const parent = n.parentElement;
    const content = n.textContent?.trim();
    if (!content || !parent || parent.closest('svg, .sr, button.tool')) continue;
    const range = document.createRange();
    range.selectNodeContents(n);
    const at = range.getBoundingClientRect();
    if (at.width === 0 || at.height === 0) continue;
    const style = getComputedStyle(parent);
    const size = Number.parseFloat(style.fontSize);
    svg.append(
      text(
        content,
        at.left - box.left + PAD,
        at.top - box.top + HEAD + at.height / 2 + size * 0.36,
        size,
        Number(style.fontWeight),
        style.color,
      ),
    );
  }
  return { svg: new XMLSerializer().serializeToString(svg), width, height };
}

/** The same as PNG at twice the size. */
export async function panelToPNG(body: HTMLElement, title: string, note: string): Promise<Blob> {
  const { svg, width, height } = panelToSVG(body, title, note);
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * 2;
    canvas.height = height * 2;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.scale(2, 2);
    context.drawImage(image, 0, 0, width, height);
    return await new Promise<Blob>((resolve, reject) =>
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no image'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(url);
  }
}
