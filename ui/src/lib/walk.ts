// Walking a list of lines by keys, whatever has the focus: J, K, arrows, Home, End; Enter opens.
import { isEnter, placeAfter, takesText } from './keys';

/** The lines of a page, in the order in which they are read. */
export const linesIn = (page: ParentNode | undefined) => [
  ...(page?.querySelectorAll<HTMLElement>('[data-line]') ?? []),
];

/** Moves the focus to the line that a key leads to, or opens the one that has it; nothing happens when the key belongs to something else. */
export function walk(event: KeyboardEvent, page: ParentNode | undefined): void {
  if (
    takesText(event.target) ||
    event.target instanceof HTMLSelectElement ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    (event.target as HTMLElement).closest?.('[data-own-keys]') ||
    document.querySelector('dialog[open]')
  )
    return;
  const all = linesIn(page);
  if (isEnter(event) && all.includes(event.target as HTMLElement)) {
    // Opened here and once: what has the focus afterwards would take the same key press for its own.
    event.preventDefault();
    if (!event.repeat) (event.target as HTMLElement).click();
    return;
  }
  const place = placeAfter(event.key, all.indexOf(event.target as HTMLElement), all.length);
  if (place === null) return;
  event.preventDefault();
  all[place]?.focus();
  all[place]?.scrollIntoView?.({ block: 'nearest' });
}

/** A line that was left, and the place that it had. */
export interface Left {
  key: string;
  place: number;
}

/** Notes the line that is left for where it is settled. */
export const leave = (page: ParentNode | undefined, key: string): Left => ({
  key,
  place: linesIn(page).findIndex((line) => line.dataset.line === key),
});

/**
 * Puts the focus on the line that was left, unless something else has it; where it was settled, on
 * the one that took its place.
 */
export function comeBack(page: ParentNode | undefined, left: Left | null): void {
  const focused = document.activeElement;
  if (!left || (focused && focused !== document.body)) return;
  const all = linesIn(page);
  const same = all.find((line) => line.dataset.line === left.key);
  (same ?? all[Math.min(left.place, all.length - 1)])?.focus();
}
