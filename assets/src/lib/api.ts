import type { Problem } from '../wire';

/** An answer of the API that is no success. `problem` is what the server says about it, where it says something. */
export class ApiError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail || problem.title);
    this.name = 'ApiError';
    this.problem = problem;
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const kind = response.headers.get('content-type') ?? '';
  let problem: Problem = { type: 'about:blank', title: response.statusText, status: response.status };
  if (kind.includes('json')) {
    try {
      problem = { ...problem, ...((await response.json()) as Partial<Problem>) };
    } catch {
      // The status says enough.
    }
  }
  throw new ApiError({ ...problem, status: response.status });
}

/** The API below `base`, which is "/" for the owner and "/v/{share}/" for a guest. */
export function createApi(base: string) {
  const url = (path: string) => `${base}api/v1/${path}`;
  const send = (method: string, body?: unknown): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    url,
    get: <T>(path: string, signal?: AbortSignal): Promise<T> =>
      fetch(url(path), { headers: { accept: 'application/json' }, ...(signal ? { signal } : {}) }).then((r) =>
        answer<T>(r),
      ),
    /** Rows, and how many there are in all where the server counted them. */
    rows: async (path: string): Promise<{ rows: unknown; total: number | null }> => {
      const response = await fetch(url(path), { headers: { accept: 'application/json' } });
      const counted = response.headers.get('Dashira-Rows');
      return { rows: await answer<unknown>(response), total: counted === null ? null : Number(counted) };
    },
    post: <T>(path: string, body: unknown): Promise<T> =>
      fetch(url(path), send('POST', body)).then((r) => answer<T>(r)),
    put: (path: string, body: unknown): Promise<void> =>
      fetch(url(path), send('PUT', body)).then((r) => answer<void>(r)),
    delete: (path: string): Promise<void> => fetch(url(path), send('DELETE')).then((r) => answer<void>(r)),
  };
}

export type Api = ReturnType<typeof createApi>;

/** A query string of what is not empty, without the question mark. */
export function query(parts: Record<string, string | number | undefined>, rest = ''): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(parts))
    if (value !== undefined && value !== '') q.set(key, String(value));
  return [q.toString(), rest].filter(Boolean).join('&');
}
