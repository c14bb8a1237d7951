import type { RefObject } from 'preact';
import { summary } from '../charts';
import { shownColumns } from '../charts/tableColumns';
import { fileOf, frameToCSV, save } from '../lib/csv';
import { ago, clock } from '../lib/format';
import { hasPicture, panelToPNG, panelToSVG } from '../lib/picture';
import { store } from '../state/page';
import type { Frame, Item } from '../wire';
import { second } from './clockTick';
import { Download, Expand, Sparkles, TableIcon } from './icons';
import { Popover } from './Popover';
import { full, toggleTable } from './panelViews';
import { toast } from './toasts';
import { w } from './words';

interface Props {
  anchor: RefObject<HTMLElement | null>;
  item: Item;
  body: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** All rows that a table scrolls through, as it shows them: its columns, its order, what is searched for. */
function rowsFile(item: Item, frame: Frame): string {
  const view = store.view(item.panel).value;
  const all = item.encoding.columns?.length ? item.encoding.columns : frame.columns.map((c) => c.name);
  return store.rowsFile(shownColumns(all, view.cols), view.sort ?? frame.facts?.sort ?? '', view.q ?? '');
}

/** When the panel last changed, to the second. */
export function Freshness({ panel }: { panel: string }) {
  const at = store.movedAt(panel);
  if (!Number.isFinite(at)) return null;
  return (
    <p class="freshness num">
      {w('changedAt', { time: clock(at), ago: ago(Math.max(0, second.value - at)) })}
    </p>
  );
}

/** Why the chart is there, and what can be taken away from it. */
export function PanelMenu({ anchor, item, body, onClose }: Props) {
  const frame = store.frame(item.panel).value;
  const note = frame ? summary(item, frame, store.seen.time.value) : '';
  const rows = item.mark === 'table' && (!store.boot.guest || store.can('rows'));
  const act = (run: () => void | Promise<void>) => () => {
    onClose();
    Promise.resolve(run()).catch((e: Error) => toast(w('couldNotLoad', { message: e.message })));
  };
  return (
    <Popover anchor={anchor} label={item.title} onClose={onClose} end>
      {item.why && (
        <p class="why why-menu">
          <Sparkles />
          <span>
            <b>{w('whyThis')}.</b> {item.why}
          </span>
        </p>
      )}
      <Freshness panel={item.panel} />
      <ul class="menu-list menu-alone">
        {item.mark !== 'table' && (
          <li class="only-narrow">
            <button type="button" class="menu-item" onClick={act(() => toggleTable(item.panel))}>
              <TableIcon />
              <span>{w('showTable')}</span>
            </button>
          </li>
        )}
        <li class="only-narrow">
          <button
            type="button"
            class="menu-item"
            onClick={act(() => {
              full.value = item;
            })}
          >
            <Expand />
            <span>{w('fullScreen')}</span>
          </button>
        </li>
        {frame && (
          <li>
            {rows ? (
              <a class="menu-item" download href={rowsFile(item, frame)} onClick={onClose}>
                <Download />
                <span>{w('saveCSV')}</span>
              </a>
            ) : (
              <button
                type="button"
                class="menu-item"
                onClick={act(() =>
                  save(
                    fileOf(item.title, 'csv'),
                    new Blob(['\uFEFF', frameToCSV(frame)], { type: 'text/csv' }),
                  ),
                )}
              >
                <Download />
                <span>{w('saveCSV')}</span>
              </button>
            )}
          </li>
        )}
        {hasPicture(body.current) && (
          <>
            <li>
              <button
                type="button"
                class="menu-item"
                onClick={act(async () => {
                  if (body.current)
                    save(fileOf(item.title, 'png'), await panelToPNG(body.current, item.title, note));
                })}
              >
                <Download />
                <span>{w('savePNG')}</span>
              </button>
            </li>
            <li>
              <button
                type="button"
                class="menu-item"
                onClick={act(() => {
                  if (!body.current) return;
                  const { svg } = panelToSVG(body.current, item.title, note);
                  save(fileOf(item.title, 'svg'), new Blob([svg], { type: 'image/svg+xml' }));
                })}
              >
                <Download />
                <span>{w('saveSVG')}</span>
              </button>
            </li>
          </>
        )}
      </ul>
    </Popover>
  );
}
