// What was kept for review, over all studies.
import { call } from '../platform';
import type { HeldCommit, StudyId } from '../platform/contract.gen';
import { onChanged } from './events';
import { attempt } from './toasts.svelte';

class Reviews {
  held = $state.raw<HeldCommit[]>([]);
  decides = $state.raw<StudyId[]>([]);
  loaded = $state(false);

  /** What waits for a decision of this person. */
  get yours(): HeldCommit[] {
    return this.held.filter((one) => one.state === 'open' && this.decides.includes(one.study));
  }

  async load(): Promise<void> {
    const list = await attempt(() => call('review.list', {}));
    if (!list) return;
    this.held = list.held;
    this.decides = list.decides;
    this.loaded = true;
  }

  /** Keeps the list up to date while a vault is open. */
  follow(): () => void {
    this.held = [];
    this.decides = [];
    this.loaded = false;
    void this.load();
    return onChanged(['studies', 'study:'], () => void this.load());
  }
}

export const reviews = new Reviews();
