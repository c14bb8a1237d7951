import { percent, shortText, valueText } from '../lib/format';
import { useChanges } from '../lib/useFresh';
import { useSize } from '../lib/useSize';
import { t } from '../lib/words';
import { GREY, palette } from './colour';
import type { MarkProps } from './mark';
import { textWidth } from './measure';
import { capital, chosen, factsOf, filterText, look, nameOf, nounOf, num, slices, spell } from './read';
import { modeOf, type Spot, Stage } from './Stage';
import { summary } from './summary';
import { hideTip, tip } from './tip';
import { useRoving } from './useRoving';

/** More slices than this cannot be told apart by their angle: the smallest become one. */
const SLICES = 5;

interface Slice {
  /** Filter spelling; null for what is left over. */
  text: string | null;
  name: string;
  value: number;
  slot: number;
  row: number;
  from: number;
  to: number;
}

/** An annular sector; a whole turn is drawn as two halves, because an arc cannot end where it starts. */
export function sector(from: number, to: number, inner: number, outer: number): string {
  const a = Math.min(to, from + Math.PI * 1.999) - from;
  const at = (angle: number, r: number) => `${r * Math.sin(angle)} ${-r * Math.cos(angle)}`;
  const big = a > Math.PI ? 1 : 0;
  const end = from + a;
  return `M${at(from, outer)}A${outer} ${outer} 0 ${big} 1 ${at(end, outer)}L${at(end, inner)}A${inner} ${inner} 0 ${big} 0 ${at(from, inner)}Z`;
}

/** Shares of a whole, only where someone chose it: up to five slices, each with its name, its share and the total inside. */
export function Donut(props: MarkProps) {
  const { item, frame, selection, time, changes, onFilter } = props;
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const fresh = useChanges(changes);
  const { names, values } = slices(frame, item);
  const how = look(item, values.spec);
  const facts = factsOf(frame);
  const ranked = names.cells
    .map((cell, row) => ({ cell, row, value: num(values.cells[row]) }))
    .filter((s) => s.value > 0)
    .sort((a, b) => b.value - a.value);
  const many = ranked.length > SLICES || (facts.other_count ?? 0) > 0;
  const kept = ranked.slice(0, many ? SLICES - 1 : SLICES);
  const rest = ranked.slice(kept.length);
  const left = rest.reduce((s, x) => s + x.value, facts.other_value ?? 0);
  const total = kept.reduce((s, x) => s + x.value, left);
  const slots = palette(
    names.name,
    kept.map((s) => filterText(s.cell)),
  );
  let angle = 0;
  const turn = (value: number) => {
    const from = angle;
    angle += (value / (total || 1)) * Math.PI * 2;
    return { from, to: angle };
  };
  const parts: Slice[] = kept.map(({ cell, row, value }) => {
    const text = filterText(cell);
    return {
      text,
      name: nameOf(cell, names.spec),
      value,
      row,
      slot: slots.get(text) ?? GREY,
      ...turn(value),
    };
  });
  if (left > 0)
    parts.push({
      text: null,
      name: t('other', { n: rest.length + (facts.other_count ?? 0) }),
      value: left,
      row: -1,
      slot: GREY,
      ...turn(left),
    });
  // The names stand beside the ring while that leaves them room, else below it.
  const beside = width > 220 && width > height;
  const space = beside ? width * 0.46 : width;
  const outer = Math.max(24, Math.min(space, beside ? height : height - 24 * parts.length) / 2 - 6);
  const inner = outer * 0.62;
  const cx = beside ? outer + 6 : width / 2;
  const cy = beside ? height / 2 : outer + 6;
  const picked = chosen(selection, item.filter);
  const noun = nounOf(item, values.spec);

  const show = (i: number, box: DOMRect, touch: boolean) => {
    const s = parts[i];
    if (!s) return;
    const mid = (s.from + s.to) / 2;
    tip.value = {
      x: box.left + cx + outer * Math.sin(mid),
      y: box.top + cy - outer * Math.cos(mid),
      title: s.text || s.name,
      rows: [
        { label: capital(noun), value: valueText(s.value, how), slot: s.slot },
        { label: t('share'), value: percent(s.value / (total || 1)) },
      ],
      touch,
    };
  };
  const pick = (i: number, e: { altKey: boolean; ctrlKey: boolean; metaKey: boolean }) => {
    const text = parts[i]?.text;
    if (item.filter && text != null) onFilter(item.filter, spell(text), modeOf(e));
  };
  const spot = ({ x, y, box, touch }: Spot) => {
    const r = Math.hypot(x - cx, y - cy);
    let i: number;
    if (r <= outer + 4 && r >= inner - 4) {
      const a = (Math.atan2(x - cx, cy - y) + Math.PI * 2) % (Math.PI * 2);
      i = parts.findIndex((s) => a >= s.from && a < s.to);
    } else {
      i = parts.findIndex(
        (_, k) => Math.abs(y - labelY(k)) < 11 && (beside ? x > cx + outer : y > cy + outer),
      );
    }
    if (i < 0) return null;
    show(i, box, touch);
    return i;
  };
  const keys = useRoving({
    count: parts.length,
    onEnter: pick,
    onMove: (i) => {
      const box = ref.current?.getBoundingClientRect();
      if (i === null || !box) hideTip();
      else show(i, box, false);
    },
  });
  const labelX = beside ? cx + outer + 20 : 0;
  const labelY = (k: number) => (beside ? cy + (k - (parts.length - 1) / 2) * 24 : cy + outer + 20 + k * 24);
  const a = keys.active;
  const on = a === null ? undefined : parts[a];

  return (
    <Stage
      label={`${t('donut')}. ${item.title}. ${summary(item, frame, time)}. ${t(item.filter ? 'walkEnter' : 'walk')}.`}
      class={item.filter ? 'pickable' : ''}
      version={frame}
      inner={ref}
      onSpot={spot}
      onPick={pick}
      onKeyDown={keys.keyDown}
      onBlur={keys.blur}
      said={on ? `${on.name}: ${valueText(on.value, how)}, ${percent(on.value / (total || 1))}` : null}
    >
      <svg width={width} height={height} aria-hidden="true">
        {width > 0 && (
          <g transform={`translate(${cx} ${cy})`}>
            {parts.map((s, i) => (
              <path
                key={s.text ?? 'other'}
                class={`slice slot-fill-${s.slot}`}
                data-dim={picked.any && !picked.values.has(s.text ?? '\0')}
                data-flash={s.row >= 0 && fresh.any(s.row)}
                data-on={a === i}
                d={sector(s.from, s.to, inner, outer)}
              />
            ))}
            {textWidth(shortText(total, how), 17, 600) < inner * 1.8 && (
              <text class="donut-total num" text-anchor="middle" y={inner > 34 ? 2 : 5}>
                {shortText(total, how)}
              </text>
            )}
            {inner > 34 && (
              <text class="tick" text-anchor="middle" y={18}>
                {noun}
              </text>
            )}
          </g>
        )}
        {parts.map((s, k) => (
          <g key={s.text ?? 'other'} class="donut-label">
            <rect class={`slot-fill-${s.slot}`} x={labelX} y={labelY(k) - 4} width={8} height={8} rx={4} />
            <text x={labelX + 15} y={labelY(k) + 4}>
              {s.name}
            </text>
            <text class="donut-share num" x={width} y={labelY(k) + 4} text-anchor="end">
              {percent(s.value / (total || 1))}
            </text>
          </g>
        ))}
      </svg>
    </Stage>
  );
}
