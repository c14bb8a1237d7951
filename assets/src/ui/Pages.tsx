import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { bytes, percent } from '../lib/format';
import { store } from '../state/page';
import { writeSelection } from '../state/selection';
import type { Source } from '../wire';
import { troubleOf } from './Banners';
import { FileText, Warning } from './icons';
import { follow } from './navigate';
import { share } from './sources';
import { w } from './words';

/** A page that has something to say instead of a dashboard. */
export function Message({
  title,
  text,
  bad,
  children,
}: {
  title: string;
  text?: string;
  bad?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <main class="message" id="main" tabIndex={-1}>
      <div class={bad ? 'state state-bad' : 'state'}>
        {bad ? <Warning /> : <FileText />}
        <h2>{title}</h2>
        {text && <p>{text}</p>}
        {children}
      </div>
    </main>
  );
}

/** How far each file is that takes long to read. */
function ReadingList({ sources }: { sources: Source[] }) {
  return (
    <ul class="readings">
      {sources.map(
        ({ name, label, progress }) =>
          progress && (
            <li key={name}>
              <span class="truncate">{label || name}</span>
              <progress max={progress.total} value={progress.bytes} aria-label={label || name} />
              <span class="num">
                {w('readingShare', { share: percent(share(progress), 0), size: bytes(progress.total) })}
              </span>
            </li>
          ),
      )}
    </ul>
  );
}

function Troubles({ list }: { list: string[] }) {
  if (!list.length) return null;
  return (
    <ul class="troubles">
      {list.map((t) => (
        <li key={t}>{t}</li>
      ))}
    </ul>
  );
}

/** Nothing in the folder that could be shown: what is watched for, or why the files that are there failed. */
export function EmptyFolder() {
  const sources = store.sources.value;
  const reading = sources.filter((s) => s.state === 'reading');
  const troubles = sources.flatMap((s) => troubleOf(s) ?? []);
  if (reading.length)
    return (
      <Message title={w('readingTitle')} text={w('readingText')}>
        <ReadingList sources={reading} />
      </Message>
    );
  return (
    <Message
      title={troubles.length ? w('brokenTitle') : w('emptyTitle')}
      text={w('emptyText', { folder: store.boot.root || w('folder') })}
      bad={troubles.length > 0}
    >
      <Troubles list={troubles} />
      <p class="watched">
        <span>{w('emptyWatched')}</span>
        {store.boot.extensions.map((e) => (
          <code key={e}>{e}</code>
        ))}
      </p>
    </Message>
  );
}

export function NoDashboard() {
  const list = store.dashboards.value;
  // A dashboard that somebody wrote is not there while what they wrote is wrong.
  const wrong = store.sources.value.filter((s) => s.format === 'dashira').flatMap((s) => troubleOf(s) ?? []);
  return (
    <Message
      title={w('noDashboard', { name: store.slug.value })}
      {...(wrong.length ? { bad: true } : { text: w('noDashboardText') })}
    >
      <Troubles list={wrong} />
      {list.length > 0 && (
        <>
          <h3 class="section">{w('theseExist')}</h3>
          <ul class="choices">
            {list.map((d) => (
              <li key={d.slug}>
                <a class="button" href={store.href(d.slug)} onClick={(e) => follow(e, d.slug)}>
                  {d.title}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </Message>
  );
}

/** The address asks for what the dashboard does not have: what that is, and the way out. */
function BadAddress() {
  const [detail, setDetail] = useState('');
  const q = writeSelection(store.selection.value);
  const slug = store.slug.value;
  useEffect(() => {
    store.api.get(`dashboards/${encodeURIComponent(slug)}/snapshot?${q}`).then(
      () => {},
      (e: Error) => setDetail(e.message),
    );
  }, [slug, q]);
  return (
    <Message title={w('badAddress')} text={detail || w('badAddressText')} bad>
      <div class="state-actions">
        <button type="button" class="button" onClick={() => store.clear()}>
          {w('clearAll')}
        </button>
      </div>
    </Message>
  );
}

/** Nothing more comes: the numbers are taken off the screen, because whoever shared them has said so. */
export function Ended({ reason }: { reason: string }) {
  if (reason === 'selection') return <BadAddress />;
  if (!store.boot.guest) return <Message title={w('endedOwner')} text={w('endedOwnerText')} bad />;
  const text =
    reason === 'revoked'
      ? w('endedRevoked')
      : reason === 'expired'
        ? w('endedExpired')
        : reason === 'gone'
          ? w('endedGone')
          : w('endedText');
  return <Message title={w('endedTitle')} text={text} />;
}
