import type { ComponentChildren } from 'preact';

/** 16 px grid, 1.5 px round strokes: the few signs that charts carry themselves. */
const icon = (children: ComponentChildren) => () => (
  <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
    {children}
  </svg>
);

export const TypeText = icon(<path d="M4 4.5h8M8 4.5v7.5" />);
export const TypeNumber = icon(<path d="M6.5 3 5 13m6-10L9.5 13M3.5 6.2h9.5M3 9.8h9.5" />);
export const TypeDate = icon(
  <path d="M2.5 4.5a1 1 0 0 1 1-1h9a1 1 0 0 1 1 1v8a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-8Zm0 2.5h11M5.5 2v2.5m5-2.5v2.5" />,
);
export const TypeTime = icon(<path d="M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11ZM8 5v3.2l2 1.3" />);
export const TypeBool = icon(<path d="m3.5 8.5 3 3 6-7" />);
export const TypeNested = icon(
  <path d="M6 2.5c-3 0-1 5.5-3.5 5.5C5 8 3 13.5 6 13.5m4-11c3 0 1 5.5 3.5 5.5C11 8 13 13.5 10 13.5" />,
);
export const TypeId = icon(<path d="M3 4v8m2.5-8v8M8 4v8m3-8v8m2-8v8" />);
export const SortUp = icon(<path d="M8 12.5v-9M4.5 7 8 3.5 11.5 7" />);
export const SortDown = icon(<path d="M8 3.5v9M4.5 9 8 12.5 11.5 9" />);
export const Warning = icon(<path d="M8 2.5 14.2 13H1.8L8 2.5Zm0 4v3m0 1.8v.01" />);
export const Waiting = icon(<path d="M2 11.5 6 7l3 2.5 5-6" />);
