/** Lists of names as the address and the API write them: commas between, a backslash before a comma or a backslash of a name. */
export function splitList(text: string): string[] {
  if (text === '') return [];
  const names: string[] = [];
  let name = '';
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === '\\' && i + 1 < text.length) name += text.charAt(++i);
    else if (c === ',') {
      names.push(name);
      name = '';
    } else name += c;
  }
  return [...names, name];
}

export const joinList = (names: readonly string[]): string =>
  names.map((name) => name.replace(/[\\,]/g, (c) => `\\${c}`)).join(',');
