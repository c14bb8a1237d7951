import type { Cell, Frame } from '../wire';

/** A cell that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
function field(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell !== 'string') return typeof cell === 'object' ? quote(JSON.stringify(cell)) : String(cell);
  const number = cell !== '' && /^[-+]?\d+(\.\d+)?$/.test(cell);
  return quote(!number && /^[=+\-@\t\r\n\0＝＋－＠]/.test(cell) ? `'${cell}` : cell);
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A frame as comma separated values with a head of labels, by RFC 4180. */
export function frameToCSV(frame: Frame): string {
  const head = frame.columns.map((c) => quote(c.label || c.name));
  const rows = (frame.values[0] ?? []).map((_, i) =>
    frame.columns.map((_, c) => field(frame.values[c]?.[i] ?? null)).join(','),
  );
  return `${[head.join(','), ...rows].join('\r\n')}\r\n`;
}

/** Hands a file to the viewer. */
export function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** A title as a file name. */
export const fileOf = (title: string, ending: string) =>
  `${
    title
      .normalize('NFC')
      .replace(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 80) || 'chart'
  }.${ending}`;
