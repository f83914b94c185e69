// The connection to the center, and whether work is being saved.
import { call } from '../platform';
import type { SyncStatus } from '../platform/contract.gen';
import { on, onChanged } from './events';
import { attempt, toasts } from './toasts.svelte';

const OFF: SyncStatus = {
  connected: false,
  url: null,
  user: null,
  state: 'off',
  waiting: 0,
  filesToSend: 0,
  filesToReceive: 0,
  filesElsewhere: 0,
  conflicts: 0,
  lastContact: null,
  note: null,
  noteParams: {},
};

class Sync {
  status = $state.raw<SyncStatus>(OFF);
  conflicts = $state(0);

  async load(): Promise<void> {
    const status = await attempt(() => call('sync.status', {}));
    if (status) this.take(status);
  }

  async loadConflicts(): Promise<void> {
    const list = await attempt(() => call('conflict.list', {}));
    if (list) this.conflicts = list.rows.length;
  }

  take(status: SyncStatus): void {
    this.status = status;
  }

  /** Keeps the state up to date while a vault is open. */
  follow(): () => void {
    this.status = OFF;
    this.conflicts = 0;
    void this.load();
    void this.loadConflicts();
    const stops = [
      on('sync', (event) => this.take(event.status)),
      onChanged(['conflicts'], () => void this.loadConflicts()),
      onChanged(['study:', 'studies'], () => void this.load()),
    ];
    return () => stops.forEach((stop) => stop());
  }
}

export const sync = new Sync();

/** How many values are on their way to the disk, and when the last one arrived. */
class Saving {
  open = $state(0);
  savedAt = $state<string | null>(null);

  async during<T>(work: () => Promise<T>): Promise<T> {
    this.open += 1;
    toasts.dropUndo();
    try {
      const result = await work();
      this.savedAt = new Date().toISOString();
      return result;
    } finally {
      this.open -= 1;
    }
  }
}

export const saving = new Saving();
