/** The charts of the page: a mark is a function of a frame, what the viewer chose, and what has just changed. */
export { Aside } from './Aside';
export { Mark, markFor, marks, TableTwin } from './Mark';
export type { Changes, FilterMode, MarkComponent, MarkProps } from './mark';
export { RangeStrip } from './RangeStrip';
export { PanelState, type StateKind } from './States';
export { summary } from './summary';
export { hideTip, TipLayer, tip } from './tip';
