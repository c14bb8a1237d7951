import { parts, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { t } from '../lib/words';
import { alarm, progress } from './aims';
import { comparison, delta } from './compare';
import { Warning } from './icons';
import type { MarkProps } from './mark';
import { col, factsOf, look, num } from './read';
import { Sparkline } from './Sparkline';

/**
 * One figure with its context. Up is neither good nor bad until the owner says so: the arrow is ink, and the word and
 * the sign carry the direction. Without an earlier period it says so instead of showing a zero.
 */
export function Kpi({ item, frame, selection, time, changes }: MarkProps) {
  const y = col(frame, item.encoding.y, 0);
  const value = num(y.cells[0]);
  const how = look(item, y.spec);
  // A figure of four digits and more says nothing by its decimals, and would run into the sparkline; the title has them.
  const round = Math.abs(value) >= 1000 ? Math.round(value) : value;
  const shown = Number.isFinite(value) ? parts(round, how) : { before: '', text: '–', after: '' };
  const facts = factsOf(frame);
  const fresh = useChanges(changes);
  const flash = fresh.cell(y.name, 0) || fresh.row(0);
  const d = delta(item, frame, selection);
  const aim = progress(item, frame);
  const alert = alarm(item, value, how);
  const old = fresh.before(y.name, 0);
  const title = [
    Number.isFinite(value) ? valueText(value, how) : '',
    flash && typeof old === 'number' ? t('before', { value: valueText(old, how) }) : '',
  ];
  return (
    <div class="kpi-mark">
      <div class="kpi-head">
        <div class="kpi-label truncate" title={item.title}>
          {item.title}
        </div>
        {alert && (
          <span class="kpi-alarm num" data-level={alert.level}>
            <Warning />
            {alert.text}
          </span>
        )}
      </div>
      <div class="kpi-row">
        <div class="kpi-figure num" title={title.filter(Boolean).join(', ')}>
          {y.spec.approx && <small aria-hidden="true">≈</small>}
          {shown.before && <small>{shown.before}</small>}
          <span key={flash ? fresh.at : 0} data-fresh={flash}>
            {shown.text}
          </span>
          {shown.after && <small>{shown.after}</small>}
        </div>
        <div class="kpi-sparkline">
          <Sparkline
            values={facts.spark ?? []}
            prior={facts.spark_prior ?? []}
            width={88}
            height={32}
            zero={item.zero}
          />
        </div>
      </div>
      <div class="kpi-delta num" title={d?.full}>
        {changes?.held && typeof old === 'number' ? (
          <b>{t('before', { value: valueText(old, how) })}</b>
        ) : d ? (
          <>
            <b data-good={d.good ?? undefined}>
              {d.arrow} {d.text}
            </b>{' '}
            <span>{d.against}</span>
          </>
        ) : (
          time && comparison(item, selection) !== 'none' && <span>{t('noPrior')}</span>
        )}
      </div>
      {aim && (
        <div class="kpi-target num" title={d?.full === aim.text ? undefined : aim.text}>
          {aim.share !== null && (
            <svg class="kpi-progress" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 4">
              <rect class="kpi-track" width="100" height="4" />
              <rect
                class="kpi-fill"
                data-good={aim.good ?? undefined}
                width={Math.min(100, aim.share * 100)}
                height="4"
              />
            </svg>
          )}
          <span>{aim.text}</span>
        </div>
      )}
    </div>
  );
}
