// What wants attention over all studies, as the host has it.
import { call } from '../platform';
import type { Today } from '../platform/contract.gen';
import type { Left } from '../lib/walk';
import { onChanged } from './events';
import { attempt } from './toasts.svelte';

/** How far ahead is looked. Units: days. */
export const DAYS_AHEAD = 30;
// Several topics change at once; one question answers all.
const WAIT_MS = 60;
// A day ends while the program runs.
const AGAIN_MS = 10 * 60_000;

class TodayList {
  found = $state.raw<Today | null>(null);
  /** The study that alone is shown; empty for all. */
  study = $state('');
  /** The line that was left last. */
  last: Left | null = null;
  #late: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    const found = await attempt(() => call('today.get', { days: DAYS_AHEAD }));
    if (found) this.found = found;
  }

  /** Keeps the list up to date while a vault is open. */
  follow(): () => void {
    this.found = null;
    this.study = '';
    this.last = null;
    void this.load();
    const stop = onChanged(['studies', 'study:', 'conflicts', 'calendar'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), WAIT_MS);
    });
    const again = setInterval(() => void this.load(), AGAIN_MS);
    return () => {
      clearTimeout(this.#late);
      clearInterval(again);
      stop();
    };
  }
}

export const todayList = new TodayList();
