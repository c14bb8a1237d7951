import { useEffect, useRef, useState } from 'preact/hooks';
import { copyText } from '../lib/clipboard';
import { ago, date } from '../lib/format';
import { qrCode } from '../lib/qr';
import { store } from '../state/page';
import { readTerm } from '../state/selection';
import type { Reach, Share, ShareCreated, ShareRequest, Shares } from '../wire';
import { Check, Copy, Globe, Warning } from './icons';
import { Field, Overlay, Segmented } from './Overlay';
import { toast } from './toasts';
import { w } from './words';

function Code({ text }: { text: string }) {
  const grid = qrCode(text);
  if (!grid) return null;
  const size = grid.length + 8;
  const path = grid
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : '')))
    .join('');
  return (
    <figure class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={w('qrOf')} shape-rendering="crispEdges">
        <rect class="qr-paper" width={size} height={size} />
        <path class="qr-ink" d={path} />
      </svg>
      <figcaption>{w('scanToOpen')}</figcaption>
    </figure>
  );
}

/** Who can open an address, said plainly, so that nobody sends one that leads nowhere. */
function Reached({ reach }: { reach: Reach }) {
  if (!reach.local)
    return (
      <p class="help">
        <Check />
        {w('reachable', { where: hostOf(reach.urls[0] ?? '') })}
      </p>
    );
  return (
    <p class="help help-warn">
      <Warning />
      <span>
        <b>{w('onlyHere')}</b>{' '}
        {!reach.hint || reach.hint.includes('--lan') ? w('onlyHereText', { flag: '--lan' }) : reach.hint}
      </span>
    </p>
  );
}

function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

function Address({ created }: { created: ShareCreated }) {
  const input = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [created]);
  return (
    <Field label={w('link')} hint={w('shownOnce')}>
      <div class="copy">
        <Globe />
        <input ref={input} readOnly value={created.url} aria-label={w('link')} />
        <button
          type="button"
          class="button button-primary"
          onClick={async () => {
            if (await copyText(created.url, input.current)) {
              setDone(true);
              toast(w('linkCopied'));
            }
          }}
        >
          {done ? <Check /> : <Copy />}
          {done ? w('copied') : w('copy')}
        </button>
      </div>
      <Reached reach={created.reach} />
      <Code text={created.url} />
    </Field>
  );
}

const EXPIRES = [
  { value: '1h', word: 'oneHour' },
  { value: '1d', word: 'oneDay' },
  { value: '7d', word: 'sevenDays' },
  { value: '30d', word: 'thirtyDays' },
] as const;

const ALLOW = [
  { value: 'filters', word: 'allowFilters' },
  { value: 'rows', word: 'allowRows' },
  { value: 'history', word: 'allowHistory' },
] as const;

function NewLink({ onCreated }: { onCreated: (c: ShareCreated) => void }) {
  const [expires, setExpires] = useState('7d');
  const [allow, setAllow] = useState<ReadonlySet<string>>(new Set(['filters']));
  const [label, setLabel] = useState('');
  const [password, setPassword] = useState('');
  const [lock, setLock] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const filters = store.selection.value.filters;
  const locked = Object.entries(filters).map(([column, values]) => {
    const name = store.told.fields.value.find((f) => f.name === column)?.label || column;
    return `${name} ${values.map((v) => readTerm(v).value ?? v).join(', ')}`;
  });
  const create = async () => {
    setBusy(true);
    setError('');
    const body: ShareRequest = {
      dashboards: [store.slug.value],
      allow: [...allow],
      expires,
      ...(label.trim() ? { label: label.trim() } : {}),
      ...(password ? { password } : {}),
      ...(lock ? { lock: filters } : {}),
    };
    try {
      onCreated(await store.api.post<ShareCreated>('shares', body));
      setLabel('');
      setPassword('');
    } catch (e) {
      setError((e as Error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(e) => {
        e.preventDefault();
        create();
      }}
    >
      <Field label={w('linkEnds')}>
        <Segmented
          label={w('linkEnds')}
          options={EXPIRES.map((x) => ({ value: x.value as string, text: w(x.word) }))}
          value={expires}
          onChange={setExpires}
        />
      </Field>
      <div class="field-row">
        <label class="field">
          <span class="field-label">
            <span>{w('linkLabel')}</span>
            <small>{w('linkLabelHint')}</small>
          </span>
          <input
            class="input"
            value={label}
            maxLength={80}
            onInput={(e) => setLabel(e.currentTarget.value)}
          />
        </label>
        <label class="field">
          <span class="field-label">
            <span>{w('password')}</span>
            <small>{w('optional')}</small>
          </span>
          <input
            class="input"
            autocomplete="off"
            spellcheck={false}
            value={password}
            onInput={(e) => setPassword(e.currentTarget.value)}
          />
        </label>
      </div>
      <fieldset class="checks">
        <legend>{w('allowed')}</legend>
        {ALLOW.map((a) => (
          <label key={a.value}>
            <input
              type="checkbox"
              checked={allow.has(a.value)}
              onChange={(e) => {
                const next = new Set(allow);
                if (e.currentTarget.checked) next.add(a.value);
                else next.delete(a.value);
                setAllow(next);
              }}
            />
            {w(a.word)}
          </label>
        ))}
      </fieldset>
      {locked.length > 0 && (
        <label class="check-line">
          <input type="checkbox" checked={lock} onChange={(e) => setLock(e.currentTarget.checked)} />
          {w('lockFilters', { list: locked.join('; ') })}
        </label>
      )}
      {error && (
        <p class="wrong" role="alert">
          {error}
        </p>
      )}
      <button type="submit" class="button button-primary share-create" disabled={busy}>
        {busy ? w('creating') : w('createLink')}
      </button>
    </form>
  );
}

function Link({ share, onRevoke }: { share: Share; onRevoke: () => void }) {
  const now = Date.now();
  const ends = Date.parse(share.expires);
  const over = share.revoked || ends <= now;
  const name = share.label || w('untitled');
  const facts = [
    share.revoked ? w('revoked') : over ? w('endedAt') : w('endsAt', { when: date(ends) }),
    ...(share.password ? [w('withPassword')] : []),
    ...(share.locked.length ? [w('locked', { names: share.locked.join(', ') })] : []),
    ...(over
      ? []
      : [
          share.viewers
            ? w('lookingNow', { n: share.viewers })
            : share.last_used
              ? w('lastOpened', { when: ago(now - Date.parse(share.last_used)) })
              : w('neverOpened'),
        ]),
  ];
  return (
    <li data-over={over}>
      <i class={`dot ${over ? '' : share.viewers ? 'dot-good' : ''}`} />
      <span class="link-name">
        <b class="truncate">{name}</b>
        <small>{facts.join(' · ')}</small>
      </span>
      {!over && (
        <button type="button" class="button" aria-label={w('revokeNamed', { name })} onClick={onRevoke}>
          {w('revoke')}
        </button>
      )}
    </li>
  );
}

/** How often the list of links is read again while the dialog is open: it says who looks now. */
const AGAIN_MS = 5000;

export function ShareDialog() {
  const [created, setCreated] = useState<ShareCreated | null>(null);
  const [shares, setShares] = useState<Shares | null>(null);
  const [error, setError] = useState('');
  const read = () =>
    store.api.get<Shares>('shares').then(
      (s) => {
        setShares(s);
        setError('');
      },
      (e: Error) => setError(e.message),
    );
  useEffect(() => {
    read();
    const timer = setInterval(read, AGAIN_MS);
    return () => clearInterval(timer);
  }, []);
  const revoke = async (share: Share) => {
    try {
      await store.api.delete(`shares/${encodeURIComponent(share.id)}`);
      toast(w('linkRevoked'));
      if (created?.id === share.id) setCreated(null);
    } catch (e) {
      toast((e as Error).message);
    }
    read();
  };
  const mine = (shares?.shares ?? []).filter((s) => s.dashboards.includes(store.slug.value));
  return (
    <Overlay kind="dialog" title={w('shareTitle')}>
      <p class="lead">{w('shareWhat', { title: store.title.value })}</p>
      {created ? (
        <Address created={created} />
      ) : (
        <>
          <NewLink
            onCreated={(c) => {
              setCreated(c);
              read();
            }}
          />
          {shares?.reach.local && <Reached reach={shares.reach} />}
        </>
      )}
      <h3 class="section">{w('existing')}</h3>
      {error && <p class="wrong">{w('couldNotLoad', { message: error })}</p>}
      {shares && mine.length === 0 && <p class="quiet">{w('noLinks')}</p>}
      <ul class="links">
        {mine.map((s) => (
          <Link key={s.id} share={s} onRevoke={() => revoke(s)} />
        ))}
      </ul>
    </Overlay>
  );
}
