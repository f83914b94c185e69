// What wants attention over all studies, as the host has it.
import { call } from '../platform';
import type { CredentialsEnding, Today } from '../platform/contract.gen';
import type { Left } from '../lib/walk';
import { onChanged } from './events';
import { attempt } from './toasts.svelte';

/** How far ahead is looked. Units: days. */
export const DAYS_AHEAD = 30;
// Several topics change at once; one question answers all.
const WAIT_MS = 60;
// The whole directory is read for credentials: not while somebody works.
const REST_MS = 2_000;
// A day ends while the program runs.
const AGAIN_MS = 10 * 60_000;

class TodayList {
  found = $state.raw<Today | null>(null);
  ending = $state.raw<CredentialsEnding>({ credentials: [], n: 0 });
  /** The study that alone is shown; empty for all. */
  study = $state('');
  /** The line that was left last. */
  last: Left | null = null;
  #isFollowing = false;
  #late: ReturnType<typeof setTimeout> | undefined;
  #lateEnding: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    const found = await attempt(() => call('today.get', { days: DAYS_AHEAD }));
    if (found) this.found = found;
  }

  async #loadEnding(): Promise<void> {
    // The vault was locked meanwhile.
    if (!this.#isFollowing) return;
    const ending = await attempt(() => call('credential.ending', {}));
    if (ending) this.ending = ending;
  }

  /** Keeps the list up to date while a vault is open. */
  follow(): () => void {
    this.#isFollowing = true;
    this.found = null;
    this.ending = { credentials: [], n: 0 };
    this.study = '';
    this.last = null;
    void this.load().then(() => this.#loadEnding());
    const stop = onChanged(['studies', 'study:', 'conflicts', 'calendar'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), WAIT_MS);
      clearTimeout(this.#lateEnding);
      this.#lateEnding = setTimeout(() => void this.#loadEnding(), REST_MS);
    });
    const again = setInterval(() => void this.load().then(() => this.#loadEnding()), AGAIN_MS);
    return () => {
      this.#isFollowing = false;
      clearTimeout(this.#late);
      clearTimeout(this.#lateEnding);
      clearInterval(again);
      stop();
    };
  }
}

export const todayList = new TodayList();
