/** What one browser keeps for itself: widths of columns, saved views. Storage may be full, forbidden or broken. */
export function recall<T>(key: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`dashira.${key}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

export function remember(key: string, value: unknown): void {
  try {
    if (value === null) localStorage.removeItem(`dashira.${key}`);
    else localStorage.setItem(`dashira.${key}`, JSON.stringify(value));
  } catch {
    // The page works as well without.
  }
}
