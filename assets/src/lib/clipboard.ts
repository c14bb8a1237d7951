/** Copies text; false where the browser does not allow it. On plain HTTP in a network there is only the old way. */
export async function copyText(text: string, field?: HTMLInputElement | null): Promise<boolean> {
  try {
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: try the selection.
  }
  if (!field) return false;
  field.focus();
  field.select();
  return document.execCommand('copy');
}
