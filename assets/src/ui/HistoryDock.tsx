import { useEffect, useRef, useState } from 'preact/hooks';
import { byFinger, tip } from '../charts/tip';
import { clock, exact } from '../lib/format';
import { useSize } from '../lib/useSize';
import { store } from '../state/page';
import { NOTHING, took, type Version, versionsOf } from '../state/versions';
import type { History as Wire } from '../wire';
import { Close, History, Play, StepBack, StepForward } from './icons';
import { toast } from './toasts';
import { w } from './words';

const WAIT_MS = 700;
const REPLAY_MS = 700;

/**
 * Reads the history when the data has moved, at most so often, and only what is new: what it had stays, without what the
 * server keeps no more. Revisions of other tables change nothing here.
 */
function useVersions(): Version[] {
  const [list, setList] = useState<Version[]>([]);
  const table = store.told.table.value;
  const revision = store.told.revision.value;
  const epoch = store.told.epoch.value;
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const kept = useRef(NOTHING);
  const wanted = useRef({ table, epoch });
  wanted.current = { table, epoch };
  const refresh = async () => {
    const { table, epoch } = wanted.current;
    const before = kept.current;
    const newest = before.epoch === epoch ? (before.list.at(-1)?.revision ?? 0) : 0;
    try {
      kept.current = took(before, await store.api.get<Wire>(`history${newest ? `?after=${newest}` : ''}`));
    } catch {
      kept.current = NOTHING;
    }
    setList(versionsOf(kept.current.list, table));
  };
  useEffect(() => {
    if (!table || timer.current) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      refresh();
    }, WAIT_MS);
  }, [table, revision]);
  useEffect(
    () => () => {
      if (timer.current) clearTimeout(timer.current);
    },
    [],
  );
  return list;
}

/** The bars as one path per kind, before and after the moment that is shown: hundreds of versions stay six nodes. */
function bars(list: Version[], at: number, width: number, size: (n: number) => number) {
  const paths = new Map<string, { kind: string; later: boolean; d: string }>();
  const last = Math.max(1, list.length - 1);
  list.forEach((v, i) => {
    const x = ((i / last) * width).toFixed(1);
    const later = at >= 0 && i > at;
    const add = (kind: string, y: number, h: number) => {
      if (h <= 0) return;
      const key = kind + later;
      const path = paths.get(key) ?? { kind, later, d: '' };
      path.d += `M${x} ${y.toFixed(1)}h3v${h.toFixed(1)}h-3z`;
      paths.set(key, path);
    };
    add('added', 22 - size(v.added), size(v.added));
    add('changed', 22 - size(v.added) - size(v.changed), size(v.changed));
    add('removed', 23, Math.min(8, size(v.removed)));
  });
  return [...paths.values()];
}

function Ticks({ list, at, size }: { list: Version[]; at: number; size: (n: number) => number }) {
  const [ref, { width }] = useSize<HTMLDivElement>();
  return (
    <div ref={ref}>
      <svg
        width={width}
        height="32"
        viewBox={`0 0 ${width || 1} 32`}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        <line class="axis" x1="0" x2={width} y1="22.5" y2="22.5" />
        {bars(list, at, width, size).map((b) => (
          <path key={b.kind + b.later} class={b.later ? `${b.kind} later` : b.kind} d={b.d} />
        ))}
      </svg>
    </div>
  );
}

/** What a version did, in signs: "+2, −1". */
const said = (v: Version): string =>
  [
    v.added ? `+${exact(v.added)}` : '',
    v.changed ? `±${exact(v.changed)}` : '',
    v.removed ? `−${exact(v.removed)}` : '',
  ]
    .filter(Boolean)
    .map((text) => `, ${text}`)
    .join('');

/** Every version of the table that is kept, one bar each. Drag or arrow through them; Live is the right end. */
export function HistoryDock() {
  const list = useVersions();
  const [playing, setPlaying] = useState(false);
  // On a phone the bar opens to a sheet with room for a finger.
  const [open, setOpen] = useState(false);
  const past = store.past.value;
  const last = list.length - 1;
  // The revision that was asked for; the dashboard follows when its snapshot is here.
  const [want, setWant] = useState<number | null>(null);
  const at = want === null ? -1 : list.findIndex((v) => v.revision === want);
  const now = at < 0 ? last : at;
  const aim = useRef(now);
  aim.current = now;
  useEffect(() => {
    setWant(past?.revision ?? null);
  }, [past]);

  const go = async (i: number) => {
    const v = i >= last ? undefined : list[Math.max(0, i)];
    aim.current = v ? Math.max(0, i) : last;
    setWant(v?.revision ?? null);
    if (await store.travel(v ?? null)) return;
    toast(w('pastGone'));
    setWant(store.past.peek()?.revision ?? null);
  };
  const goRef = useRef(go);
  goRef.current = go;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      if (aim.current >= last) setPlaying(false);
      else goRef.current(aim.current + 1);
    }, REPLAY_MS);
    return () => clearInterval(timer);
  }, [playing, last]);

  const first = list[0];
  const newest = list[last];
  if (!first || !newest || list.length < 2) return null;
  const span = newest.at - first.at || 1;
  // The bars stand in order and not in time where many came at once: then none hides another.
  const place = (i: number) => (last ? (i / last) * 100 : 100);
  const nearest = (x: number, box: DOMRect) =>
    Math.max(0, Math.min(last, Math.round(((x - box.left) / Math.max(1, box.width)) * last)));
  // The first version is the whole file: beside it every change would be nothing.
  const max = Math.max(1, ...list.slice(1).map((v) => v.added + v.changed + v.removed));
  const size = (n: number) => (n ? Math.max(2, Math.min(1, Math.sqrt(n / max)) * 18) : 0);
  const current = at < 0 ? undefined : list[at];
  const replay = () => {
    if (playing) setPlaying(false);
    else {
      if (now >= last) go(Math.max(0, last - 60));
      setPlaying(true);
    }
  };
  const show = (i: number, x: number, top: number) => {
    const v = list[i];
    tip.value = v
      ? {
          x,
          y: top - 40,
          touch: byFinger(),
          title: clock(v.at),
          rows: [
            ...(v.added ? [{ label: w('rowsAdded'), value: `+${exact(v.added)}`, slot: 1 }] : []),
            ...(v.changed ? [{ label: w('rowsChanged'), value: exact(v.changed), slot: 5 }] : []),
            ...(v.removed ? [{ label: w('rowsRemoved'), value: `−${exact(v.removed)}`, slot: 2 }] : []),
          ],
        }
      : null;
  };
  return (
    <aside
      class="dock"
      data-past={at >= 0}
      data-span={span}
      data-open={open}
      aria-label={w('history')}
      onKeyDown={(e) => {
        if (e.key !== 'Escape' || !open) return;
        e.stopPropagation();
        setOpen(false);
      }}
    >
      <div class="dock-tools">
        <button type="button" class="tool" aria-label={w('versionBack')} onClick={() => go(now - 1)}>
          <StepBack />
        </button>
        <button
          type="button"
          class="tool"
          aria-label={playing ? w('stopReplay') : w('replay')}
          aria-pressed={playing}
          onClick={replay}
        >
          <Play />
        </button>
        <button type="button" class="tool" aria-label={w('versionForward')} onClick={() => go(now + 1)}>
          <StepForward />
        </button>
      </div>
      <p class="dock-when num">
        {current ? (
          <>
            <b>{clock(current.at)}</b>
            <span>
              {w('versionsBack', { n: last - at })}
              {open && said(current)}
            </span>
          </>
        ) : (
          <>
            <b>
              <History />
              {w('versions', { n: list.length })}
            </b>
            <span>{w('sinceWhen', { when: clock(first.at).slice(0, 5) })}</span>
          </>
        )}
      </p>
      <div
        class="track"
        role="slider"
        tabIndex={0}
        aria-label={w('version')}
        aria-valuemin={0}
        aria-valuemax={last}
        aria-valuenow={now}
        aria-valuetext={current ? clock(current.at) : w('live')}
        onKeyDown={(e) => {
          const from = aim.current;
          const to = {
            ArrowLeft: from - 1,
            ArrowRight: from + 1,
            PageUp: from - 10,
            PageDown: from + 10,
            Home: 0,
            End: last,
          }[e.key];
          if (to !== undefined) {
            e.preventDefault();
            go(to);
          } else if (e.key.toLowerCase() === 'r') replay();
        }}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          go(nearest(e.clientX, e.currentTarget.getBoundingClientRect()));
        }}
        onPointerMove={(e) => {
          const box = e.currentTarget.getBoundingClientRect();
          const i = nearest(e.clientX, box);
          show(i, e.clientX, box.top);
          if (e.buttons & 1 && i !== aim.current) go(i);
        }}
        onPointerLeave={() => {
          tip.value = null;
        }}
      >
        <Ticks list={list} at={at} size={size} />
        <span class="playhead" style={{ left: `${place(now)}%` }} />
      </div>
      <button
        type="button"
        class="tool dock-open"
        aria-label={w(open ? 'closeHistory' : 'openHistory')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {open ? <Close /> : <History />}
      </button>
      <button type="button" class="button go-live" disabled={at < 0} onClick={() => go(last)}>
        {at < 0 ? w('live') : w('backToLive')}
      </button>
    </aside>
  );
}
