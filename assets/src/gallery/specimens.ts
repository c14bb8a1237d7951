/** Everything that the gallery shows, in the order in which one looks at it. */
import { against, combo, goals, pivotTable, planned } from './combined';
import {
  average,
  binned,
  box,
  calendar,
  candles,
  donut,
  filteredHistogram,
  heatmap,
  histogram,
  hourly,
  kpis,
  many,
  mystery,
  note,
  ranked,
  type Specimen,
  scatter,
  signed,
  single,
  stacked,
  table,
  trend,
  weekday,
} from './frames';
import { small } from './small';

export const specimens: { name: string; list: Specimen[] }[] = [
  { name: 'Figures', list: kpis },
  {
    name: 'Over time',
    list: [
      trend,
      single,
      average,
      hourly,
      stacked('area', 'area', 'zero', 'Revenue by channel'),
      stacked('share', 'area', 'normalize', 'Share of revenue'),
      combo,
      planned,
      against,
      candles,
      calendar,
    ],
  },
  { name: 'Categories', list: [ranked, signed, weekday, goals, many, donut, pivotTable] },
  { name: 'Distributions', list: [histogram, filteredHistogram, box, heatmap] },
  { name: 'Two measures', list: [scatter, binned] },
  { name: 'Small charts', list: small },
  { name: 'Rows and words', list: [table, note, mystery] },
];
