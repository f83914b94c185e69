// An import from files: reading, preview, choice, run, report.
import { call } from '../platform';
import type { ImportEntry } from '../platform/contract.gen';
import { on } from './events';
import { attempt } from './toasts.svelte';

export interface Progress {
  stage: string;
  done: number;
  total: number;
  what: string;
}

type Stage = 'idle' | 'reading' | 'preview' | 'running' | 'done';

class Imports {
  stage = $state<Stage>('idle');
  progress = $state.raw<Progress | null>(null);
  entries = $state.raw<ImportEntry[]>([]);
  chosen = $state.raw<Set<number>>(new Set());
  cancelled = $state(false);
  /** How a reading ended that has no preview. */
  ended = $state<'cancelled' | 'failed' | null>(null);
  #job = 0;
  #asked = false;

  follow(): () => void {
    // What was read for another vault is not shown in this one.
    this.reset();
    const stops = [
      on('progress', (event) => {
        if (event.job === this.#job || this.#job === 0) this.progress = event;
      }),
      on('import', (event) => {
        if (event.job !== this.#job && this.#job !== 0) return;
        this.#arrived(event.preview, event.cancelled, event.report.entries);
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  #previewJob = 0;

  #arrived(preview: boolean, cancelled: boolean, entries: ImportEntry[]): void {
    this.progress = null;
    this.cancelled = cancelled;
    if (preview && cancelled) {
      const ended = this.#asked ? 'cancelled' : 'failed';
      this.reset();
      this.ended = ended;
      return;
    }
    // The report also names what could not be read; the host was not asked to run it.
    const unread = preview ? [] : this.entries.filter((entry) => entry.status === 'refused');
    this.entries = [...entries, ...unread];
    this.stage = preview ? 'preview' : 'done';
    if (!preview) return;
    const wanted = (entry: ImportEntry) =>
      entry.status === 'imported' || entry.status === 'updated';
    this.chosen = new Set(entries.flatMap((entry, place) => (wanted(entry) ? [place] : [])));
  }

  async read(paths: string[]): Promise<void> {
    // A run goes on to its end; its report is not lost to files that are dropped meanwhile.
    if (paths.length === 0 || this.stage === 'running') return;
    this.reset();
    this.stage = 'reading';
    const started = await attempt(() => call('import.read', { paths }));
    if (!started) this.reset();
    else this.#job = this.#previewJob = started.job;
  }

  async pick(folder: boolean): Promise<void> {
    const purpose = folder ? 'importFolder' : 'importFiles';
    const picked = await attempt(() => call('file.pick', { purpose, name: '' }));
    if (picked) await this.read(picked.paths);
  }

  toggle(place: number): void {
    const next = new Set(this.chosen);
    if (!next.delete(place)) next.add(place);
    this.chosen = next;
  }

  async run(): Promise<void> {
    this.stage = 'running';
    this.#job = 0;
    const chosen = [...this.chosen].sort((a, b) => a - b);
    const started = await attempt(() => call('import.run', { job: this.#previewJob, chosen }));
    if (!started) this.stage = 'preview';
    else if ((this.stage as Stage) === 'running') this.#job = started.job;
  }

  async cancel(): Promise<void> {
    this.#asked = true;
    await attempt(() => call('job.cancel', { job: this.#job }));
  }

  reset(): void {
    this.stage = 'idle';
    this.progress = null;
    this.entries = [];
    this.chosen = new Set();
    this.cancelled = false;
    this.ended = null;
    this.#asked = false;
    this.#job = 0;
  }
}

export const imports = new Imports();
