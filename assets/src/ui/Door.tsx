import { useEffect, useState } from 'preact/hooks';
import { ApiError, createApi } from '../lib/api';
import { language } from '../lib/words';
import type { Session, SessionRequest } from '../wire';
import { Logo } from './icons';
import { w } from './words';

type Step =
  | { kind: 'opening' }
  | { kind: 'password'; wrong: boolean }
  | { kind: 'said'; title: string; text: string; again: boolean };

const api = createApi('/');

/** What the server's refusal means for whoever holds the link. */
function refused(e: unknown, tried: boolean): Step {
  if (!(e instanceof ApiError))
    return { kind: 'said', title: w('doorFailed'), text: w('doorFailedText'), again: true };
  const { status, type } = e.problem;
  if (type === '/problems/password') return { kind: 'password', wrong: tried };
  if (status === 401 || status === 404)
    return { kind: 'said', title: w('doorUnknown'), text: w('doorUnknownText'), again: false };
  if (status === 410) return { kind: 'said', title: w('doorEnded'), text: w('endedText'), again: false };
  if (status === 429) return { kind: 'said', title: w('doorMany'), text: w('doorManyText'), again: true };
  return { kind: 'said', title: w('doorFailed'), text: e.problem.detail || w('doorFailedText'), again: true };
}

/**
 * The door of a shared link. The token stands in the fragment, which no server, log or preview ever gets; it is sent
 * once in a request's body and exchanged for a cookie.
 */
export function Door() {
  const [token] = useState(() => location.hash.slice(1));
  const [step, setStep] = useState<Step>(
    token
      ? { kind: 'opening' }
      : { kind: 'said', title: w('doorNoToken'), text: w('doorNoTokenText'), again: false },
  );
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);

  const enter = async (given: string | null) => {
    setBusy(true);
    const body: SessionRequest = { token, ...(given === null ? {} : { password: given }) };
    try {
      const { path } = await api.post<Session>('session', body);
      location.replace(path);
    } catch (e) {
      setStep(refused(e, given !== null));
    } finally {
      setBusy(false);
    }
  };
  useEffect(() => {
    document.documentElement.lang = language.value;
    if (token) enter(null);
  }, []);

  return (
    <main class="door">
      <div class="door-card">
        <p class="brand">
          <Logo />
          dashira
        </p>
        {step.kind === 'opening' && <p role="status">{w('doorTitle')}…</p>}
        {step.kind === 'password' && (
          <form
            onSubmit={(e) => {
              e.preventDefault();
              enter(password);
            }}
          >
            <h1>{w('doorPassword')}</h1>
            {/* A password manager keeps a password under a name; a link has none of its own. */}
            <input type="text" name="username" autocomplete="username" value="dashira" hidden readOnly />
            <label class="picker-field">
              <span>{w('password')}</span>
              <input
                class="input"
                type="password"
                autocomplete="current-password"
                value={password}
                aria-invalid={step.wrong}
                aria-describedby="door-said"
                ref={(node) => node?.focus()}
                onInput={(e) => setPassword(e.currentTarget.value)}
              />
            </label>
            <p id="door-said" class="wrong" role="alert">
              {step.wrong && w('doorWrong')}
            </p>
            <button type="submit" class="button button-primary" disabled={busy}>
              {w('doorOpen')}
            </button>
          </form>
        )}
        {step.kind === 'said' && (
          <>
            <h1>{step.title}</h1>
            <p>{step.text}</p>
            {step.again && (
              <button
                type="button"
                class="button"
                disabled={busy}
                onClick={() => enter(password === '' ? null : password)}
              >
                {w('tryAgain')}
              </button>
            )}
          </>
        )}
      </div>
    </main>
  );
}
