// Where files that are dropped on the window go: to the place under the pointer that takes them.
import type { Event } from '../platform/contract.gen';

type Dropped = Extract<Event, { type: 'dropped' }>;
/** Takes files at an element; says whether they found a place there. */
type Taker = (paths: string[], at: Element | null) => boolean;

const takers: Taker[] = [];

export const dropPlace = {
  /** Takes files while a component is shown; gives back how to stop. */
  while(taker: Taker): () => void {
    takers.push(taker);
    return () => void takers.splice(takers.indexOf(taker), 1);
  },
  /** Hands files to the innermost place; false when none wants them. */
  take(event: Dropped): boolean {
    const at = document.elementFromPoint?.(event.x, event.y) ?? null;
    return takers.toReversed().some((taker) => taker(event.paths, at));
  },
};
