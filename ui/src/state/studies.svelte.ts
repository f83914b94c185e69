// The list of studies, as the host has it.
import { call } from '../platform';
import type { Finding, StudyId, StudyRow } from '../platform/contract.gen';
import { onChanged } from './events';
import { attempt } from './toasts.svelte';

class Studies {
  rows = $state.raw<StudyRow[]>([]);
  findings = $state.raw<Finding[]>([]);
  loaded = $state(false);

  async load(): Promise<void> {
    const list = await attempt(() => call('study.list', {}));
    if (!list) return;
    this.rows = list.rows;
    this.findings = list.findings;
    this.loaded = true;
  }

  row(id: StudyId): StudyRow | undefined {
    return this.rows.find((row) => row.id === id);
  }

  /** Keeps the list up to date while a vault is open. */
  follow(): () => void {
    this.loaded = false;
    this.rows = [];
    void this.load();
    return onChanged(['studies'], () => void this.load());
  }
}

export const studies = new Studies();
