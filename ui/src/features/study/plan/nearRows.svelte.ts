// Which rows of a long table are near enough to the view to be drawn with all that they can do.
import { flushSync } from 'svelte';
import { SvelteSet } from 'svelte/reactivity';
import { DRAW } from '../../../lib/drawn';

/** How many columns there is room for. */
export type Columns = 'all' | 'some' | 'few' | 'tight';

/** How far above and below the view rows are drawn whole. Units: CSS pixels. */
const NEAR_PX = 600;
/** What holds a row as it is: where one types, and where Tab comes back to. */
const HELD = 'input, textarea, dialog[open]';

/** Rows by name; the others are there as text, as high as they were when they were whole. */
export class NearRows {
  #whole = new SvelteSet<string>();
  #heights = new Map<string, number>();
  #names = new WeakMap<Element, string>();
  #watches = new Map<string, (row: HTMLElement) => () => void>();
  #observer: IntersectionObserver | undefined;

  has(name: string): boolean {
    return this.#whole.has(name);
  }

  /** How high a row was when it was whole; undefined for one that never was. */
  height(name: string): string | undefined {
    const px = this.#heights.get(name);
    return px === undefined ? undefined : `${px}px`;
  }

  /** Follows a row from when it is put into the page. */
  watch(name: string): (row: HTMLElement) => () => void {
    const known = this.#watches.get(name);
    if (known) return known;
    const watch = (row: HTMLElement) => {
      // Whoever comes by keys or from elsewhere needs it at once.
      const draw = () => flushSync(() => this.#whole.add(name));
      this.#names.set(row, name);
      row.addEventListener(DRAW, draw);
      this.#follow(row).observe(row);
      return () => {
        row.removeEventListener(DRAW, draw);
        this.#observer?.unobserve(row);
      };
    };
    this.#watches.set(name, watch);
    return watch;
  }

  #follow(row: HTMLElement): IntersectionObserver {
    this.#observer ??= new IntersectionObserver((entries) => this.#take(entries), {
      root: row.closest('[role=tabpanel]'),
      rootMargin: `${NEAR_PX}px 0px`,
    });
    return this.#observer;
  }

  #take(entries: IntersectionObserverEntry[]): void {
    for (const { target, isIntersecting } of entries) {
      const name = this.#names.get(target);
      if (name === undefined) continue;
      if (isIntersecting) this.#whole.add(name);
      else if (this.#whole.has(name) && !isHeld(target)) {
        this.#heights.set(name, target.getBoundingClientRect().height);
        this.#whole.delete(name);
      }
    }
  }
}

function isHeld(row: Element): boolean {
  if (row.contains(document.activeElement) || row.querySelector(HELD)) return true;
  const stops = [...row.querySelectorAll<HTMLElement>('[role="button"][tabindex], button')];
  return stops.some((stop) => stop.tabIndex === 0 && !stop.closest('.tools'));
}
