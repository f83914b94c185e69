// The directory as the host has it: read when a screen shows it, and again when it changed.
import { call } from '../platform';
import type { DirectoryAnswer, EntityId } from '../platform/contract.gen';
import { nameReferences } from '../lib/reference';
import { tData } from '../lib/words';
import { onChanged } from './events';
import { studies } from './studies.svelte';
import { attempt } from './toasts.svelte';

/** More than one person can know; a list beyond it says that it is cut. */
const PEOPLE_MAX = 50_000;
// Several topics change at once; one question answers all.
const WAIT_MS = 60;

class Directory {
  list = $state.raw<DirectoryAnswer | null>(null);
  #users = 0;
  #isStale = true;
  #late: ReturnType<typeof setTimeout> | undefined;

  readonly #names = $derived.by(() => {
    const rows = [...(this.list?.people ?? []), ...(this.list?.organisations ?? [])];
    return new Map(rows.map((row) => [row.id, { zh: row.nameZh, en: row.nameEn }]));
  });

  async load(): Promise<void> {
    this.#isStale = false;
    const list = await attempt(() =>
      call('directory.list', { query: '', archived: true, skip: 0, limit: PEOPLE_MAX }),
    );
    if (list) this.list = list;
  }

  /** The name of a person or organisation; empty when it is not known here. */
  nameOf(id: EntityId): string {
    const name = this.#names.get(id);
    return name ? tData(name) : '';
  }

  /** Keeps the list in step while a component shows it. */
  use(): () => void {
    this.#users += 1;
    if (this.#isStale) void this.load();
    return () => {
      this.#users -= 1;
    };
  }

  /** Notes changes while a vault is open. */
  follow(): () => void {
    this.list = null;
    this.#isStale = true;
    nameReferences((id) => this.nameOf(id) || studyName(id));
    const stop = onChanged(['studies'], () => {
      this.#isStale = true;
      clearTimeout(this.#late);
      this.#late = setTimeout(() => {
        if (this.#users > 0 && this.#isStale) void this.load();
      }, WAIT_MS);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}

/** A credential that is good for one study names it. */
function studyName(id: string): string {
  const row = studies.row(id);
  return row ? tData({ zh: row.titleZh, en: row.titleEn }) : '';
}

export const directory = new Directory();
