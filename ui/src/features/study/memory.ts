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

/** Brings an entity's field into sight and gives it the focus. */
export function showSpot(panel: HTMLElement, spot: Spot): void {
  const part = panel.querySelector<HTMLElement>(`[data-entity="${CSS.escape(spot.entity)}"]`);
  drawWhole(part);
  const field =
    spot.field &&
    (part ?? panel).querySelector<HTMLElement>(
      `[data-register="${CSS.escape(`${spot.entity}.${spot.field}`)}"]`,
    );
  const target = field || part;
  target?.scrollIntoView({ block: 'center' });
  target?.querySelector<HTMLElement>('[role=button], button')?.focus({ preventScroll: true });
}
