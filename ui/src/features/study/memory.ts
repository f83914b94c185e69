// Scroll places of this sitting, and bringing a found value into sight.
import { drawWhole } from '../../lib/drawn';
import type { Spot } from '../../state/route.svelte';

const places = new Map<string, number>();

/** Puts a panel where it was left and remembers where it goes. */
export function keepScroll(panel: HTMLElement, key: string, restore: boolean): () => void {
  if (restore) panel.scrollTop = places.get(key) ?? 0;
  const note = () => places.set(key, panel.scrollTop);
  panel.addEventListener('scroll', note, { passive: true });
  return () => panel.removeEventListener('scroll', note);
}

/** How long a place is waited for that is still being read. Units: milliseconds. */
const PATIENCE = 3000;

const named = (panel: HTMLElement, what: string, name: string) =>
  panel.querySelector<HTMLElement>(`[data-${what}="${CSS.escape(name)}"]`);

/** The field itself; a register of a bilingual field stands for the field around it. */
function fieldOf(panel: HTMLElement, spot: Spot): HTMLElement | null {
  const found = spot.field ? named(panel, 'register', `${spot.entity}.${spot.field}`) : null;
  return found?.hidden ? found.parentElement : found;
}

function take(target: HTMLElement): void {
  target.scrollIntoView({ block: 'center' });
  const first = target.querySelector<HTMLElement>(
    ':is([role=button], button, select, input, textarea):not(:disabled)',
  );
  const text = target.closest<HTMLElement>('[contenteditable="true"]');
  // What holds nothing to act on is reached all the same.
  if (!first && !text && !target.hasAttribute('tabindex')) target.tabIndex = -1;
  (first ?? text ?? target).focus({ preventScroll: true });
}

/** Brings an entity's field into sight and gives it the focus; says whether it was there. */
export function showSpot(panel: HTMLElement, spot: Spot): boolean {
  // A row far off is text until it is asked for.
  drawWhole(named(panel, 'entity', spot.entity));
  const field = fieldOf(panel, spot);
  const target = field ?? named(panel, 'entity', spot.entity);
  if (target) take(target);
  return field !== null || (target !== null && !spot.field);
}

/**
 * Brings a spot into sight, also one that is shown only after more was read; gives up when the
 * person does something else meanwhile. Returns what ends the wait.
 */
export function seekSpot(panel: HTMLElement, spot: Spot): () => void {
  if (showSpot(panel, spot)) return () => {};
  const wanted = spot.field
    ? () => fieldOf(panel, spot)
    : () => named(panel, 'entity', spot.entity);
  const seen = new MutationObserver(() => {
    const target = wanted();
    if (!target) return;
    stop();
    take(target);
  });
  const late = setTimeout(() => stop(), PATIENCE);
  const acts = ['pointerdown', 'keydown', 'wheel'] as const;
  function stop(): void {
    clearTimeout(late);
    seen.disconnect();
    for (const act of acts) window.removeEventListener(act, stop);
  }
  for (const act of acts) window.addEventListener(act, stop, { passive: true });
  seen.observe(panel, { childList: true, subtree: true });
  return stop;
}
