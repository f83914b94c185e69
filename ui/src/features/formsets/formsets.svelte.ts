// The form sets that are here, and what a person chose among them.
import type {
  FormSet,
  FormSetChoices,
  FormSetFault,
  FormSetRow,
  FormSetSheet,
  StudyId,
} from '../../platform/contract.gen';
import { call } from '../../platform';
import { onChanged } from '../../state/events';
import { attempt } from '../../state/toasts.svelte';
import { studies } from '../../state/studies.svelte';
import { draftName, labelOf } from './formset';

export const PARTS = ['lists', 'forms', 'rules', 'preview'] as const;
export type Part = (typeof PARTS)[number];
const STEPS_MAX = 100;
const LATE_MS = 250;

/** A set that is being changed: its steps, and how it looks on a study. */
export class Draft {
  set = $state.raw<FormSet>() as FormSet;
  sheet = $state.raw<FormSetSheet | null>(null);
  part = $state<Part>('lists');
  /** The type of submission that lists and preview show. */
  kind = $state('initial');
  study = $state<StudyId | ''>('');
  list = $state(0);
  /** Key of the item, or `PART/FIELD`, that the detail shows. */
  at = $state('');
  form = $state('');
  #before = $state.raw<FormSet[]>([]);
  #after = $state.raw<FormSet[]>([]);
  #asked = 0;
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(
    set: FormSet,
    /** The row that it was opened from; nothing for one that was read from a file. */
    readonly row: FormSetRow | null,
    faults: FormSetFault[] = [],
  ) {
    this.set = set;
    this.form = set.forms[0]?.key ?? '';
    this.study = studies.rows.find((one) => !one.archived)?.id ?? '';
    if (faults.length)
      this.sheet = { faults, list: [], forms: [], blanks: [], names: [], version: set.version };
    void this.look();
  }

  get isChanged(): boolean {
    return this.#before.length > 0 || this.row === null;
  }
  get canUndo(): boolean {
    return this.#before.length > 0;
  }
  get canRedo(): boolean {
    return this.#after.length > 0;
  }
  /** Whether saving makes a set of its own: what comes along is copied. */
  get isCopy(): boolean {
    return this.row !== null && this.row.entry === null;
  }

  /** One step: a change of a copy, which then stands. */
  change(step: (set: FormSet) => void): void {
    const next = structuredClone(this.set);
    step(next);
    if (JSON.stringify(next) === JSON.stringify(this.set)) return;
    this.#before = [...this.#before.slice(1 - STEPS_MAX), this.set];
    this.#after = [];
    this.#show(next);
  }
  undo(): void {
    const last = this.#before.at(-1);
    if (!last) return;
    this.#before = this.#before.slice(0, -1);
    this.#after = [...this.#after, this.set];
    this.#show(last);
  }
  redo(): void {
    const next = this.#after.at(-1);
    if (!next) return;
    this.#after = this.#after.slice(0, -1);
    this.#before = [...this.#before, this.set];
    this.#show(next);
  }
  #show(set: FormSet): void {
    this.set = set;
    clearTimeout(this.#late);
    this.#late = setTimeout(() => void this.look(), LATE_MS);
  }

  /** Asks how the set looks now. */
  async look(): Promise<void> {
    const asked = ++this.#asked;
    const study = this.study || null;
    const sheet = await attempt(() =>
      call('formset.preview', { set: this.set, kind: this.kind, study, site: null }),
    );
    if (sheet && asked === this.#asked) this.sheet = sheet;
  }

  /** What is wrong at a place, or within it. */
  faultsAt(place: string, within = false): FormSetFault[] {
    const all = this.sheet?.faults ?? [];
    return all.filter(
      (one) => one.place === place || (within && one.place.startsWith(`${place}/`)),
    );
  }
}

class FormSets {
  rows = $state.raw<FormSetRow[] | null>(null);
  choices = $state.raw<FormSetChoices | null>(null);
  /** What is open; it stays while the person looks at something else. */
  draft = $state.raw<Draft | null>(null);
  #late: ReturnType<typeof setTimeout> | undefined;

  async load(): Promise<void> {
    const found = await attempt(() => call('formset.list', {}));
    if (found) this.rows = found.rows;
  }

  /** Keeps the list in step while a component shows it. */
  use(): () => void {
    void this.load();
    const stop = onChanged(['studies'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), 60);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }

  /** Opens a version; what was begun with it is taken up again. */
  async open(row: FormSetRow): Promise<void> {
    await this.#offer();
    const same = this.draft?.row;
    const is_same = same && labelOf(same.set) === labelOf(row.set) && same.entry === row.entry;
    if (!is_same) this.draft = new Draft(row.set, row);
  }

  /** Opens a copy of a version under a key of its own. */
  async copy(row: FormSetRow): Promise<void> {
    await this.#offer();
    const draft = new Draft(row.set, { ...row, entry: null, directory: null });
    draft.change((set) => {
      set.name = draftName(row.set.name);
    });
    this.draft = draft;
  }

  /** Opens what a file holds. */
  async read(path: string): Promise<boolean> {
    await this.#offer();
    const found = await attempt(() => call('formset.read', { path }));
    if (!found) return false;
    if (found.known && found.set) {
      const key = labelOf(found.set);
      const row = this.rows?.find((one) => labelOf(one.set) === key);
      if (row) this.draft = new Draft(row.set, row);
      return row !== undefined;
    }
    if (found.set) this.draft = new Draft(found.set, null, found.faults);
    return found.set !== null;
  }

  async #offer(): Promise<void> {
    this.choices ??= (await attempt(() => call('formset.choices', {}))) ?? null;
  }
}

export const formSets = new FormSets();
