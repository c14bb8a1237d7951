import { signal } from '@preact/signals';
import { Close } from './icons';
import { w } from './words';

interface Toast {
  id: number;
  text: string;
}

const toasts = signal<Toast[]>([]);
let next = 1;

const STAYS_MS = 5000;

/** Says something that happened, for a moment, without taking the focus. */
export function toast(text: string): void {
  const id = next++;
  toasts.value = [...toasts.value.slice(-2), { id, text }];
  setTimeout(() => drop(id), STAYS_MS);
}

function drop(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map((t) => (
        <p key={t.id} class="toast">
          {t.text}
          <button type="button" class="tool" aria-label={w('dismiss')} onClick={() => drop(t.id)}>
            <Close />
          </button>
        </p>
      ))}
    </div>
  );
}
