// Where the protocol of the open study stands, kept up to date.
import { call } from '../../platform';
import { getContext, setContext } from 'svelte';
import type { Standing, StudyId } from '../../platform/contract.gen';
import { onChanged } from '../../state/events';
import { NOTHING } from './standing';

export class StudyVersions {
  standing = $state.raw<Standing>(NOTHING);
  loaded = $state(false);
  failed = $state.raw<unknown>(null);
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly study: StudyId) {}

  async load(): Promise<void> {
    try {
      this.standing = await call('version.standing', { study: this.study });
      this.failed = null;
      this.loaded = true;
    } catch (error) {
      this.failed = error;
    }
  }

  follow(): () => void {
    void this.load();
    // Typing saves often; where the protocol stands may follow a moment later.
    const stop = onChanged([`study:${this.study}`], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), 150);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}

const KEY = Symbol('versions');

export const setVersions = (versions: () => StudyVersions) => setContext(KEY, versions);

/** The versions of the study that a component stands in. */
export const useVersions = () => getContext<() => StudyVersions>(KEY);
