import { signal } from '@preact/signals';

/** Date.now(), once a second while somebody looks: ages and countdowns read it. */
export const second = signal(Date.now());

const tick = () => {
  if (!document.hidden) second.value = Date.now();
};
setInterval(tick, 1000);
addEventListener('visibilitychange', tick);
