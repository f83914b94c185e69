// The life of one edit: what is typed, from which values it started, drafts twice a second, saving.
import type { Draft, Field, JsonValue, Register } from '../platform/contract.gen';
import { seenOf } from '../lib/doc';
import { fromEntry, sameValue, toEntry } from '../lib/entry';
import { errorText } from '../lib/failures';
import { t } from '../lib/words';
import { noteEdit } from '../state/openEdits';

const DRAFT_MS = 500;

export interface EditDoors {
  field: () => Field;
  register: () => Register | undefined;
  save: (value: JsonValue, seen: string[]) => Promise<void>;
  keep: (value: JsonValue, seen: string[]) => Promise<void>;
}

export class FieldEdit {
  editing = $state(false);
  typed = $state('');
  busy = $state(false);
  problem = $state('');
  /** The operations that were on screen when the edit began: the form token. */
  #seen: string[] = [];
  #before: JsonValue = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #kept = false;
  #touched = false;
  #forget: (() => void) | undefined;

  constructor(private readonly doors: EditDoors) {}

  begin(draft?: Draft): void {
    const register = this.doors.register();
    this.#seen = draft ? draft.seen : seenOf(register);
    this.#before = register?.heads[0]?.value ?? null;
    this.#kept = Boolean(draft);
    this.typed = toEntry(this.doors.field(), draft ? draft.value : this.#before);
    this.problem = '';
    this.#touched = false;
    this.editing = true;
    this.#forget ??= noteEdit(() => this.keepNow());
  }

  /** Notes that something was typed; a draft follows within half a second. */
  touched(): void {
    this.problem = '';
    this.#touched = true;
    this.#forget ??= noteEdit(() => this.keepNow());
    this.#timer ??= setTimeout(() => void this.keepNow(), DRAFT_MS);
  }

  /** Keeps what was typed as a draft; an edit without typing leaves none. */
  async keepNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.editing || !this.#touched) return;
    this.#kept = true;
    await this.doors.keep(this.typed, this.#seen);
  }

  /** Leaves without saving; what stood there stands. */
  restore(): void {
    this.#stop();
    this.editing = false;
    this.problem = '';
    if (this.#kept) void this.doors.keep(null, this.#seen);
  }

  /** Saves what is typed; true when the edit is over. */
  async finish(): Promise<boolean> {
    if (!this.editing || this.busy) return false;
    const entry = fromEntry(this.doors.field(), this.typed);
    if (!entry.ok) {
      this.problem = t(entry.why);
      return false;
    }
    return this.put(entry.value);
  }

  /** Saves a value chosen from a list. */
  async put(value: JsonValue): Promise<boolean> {
    if (sameValue(value, this.#before)) {
      this.restore();
      return true;
    }
    this.#stop();
    this.busy = true;
    try {
      await this.doors.save(value, this.#seen);
      if (this.#kept) void this.doors.keep(null, this.#seen);
      this.editing = false;
      this.problem = '';
      return true;
    } catch (error) {
      // The text stays, as a draft too, so that nothing typed is lost.
      this.problem = errorText(error);
      this.#touched = true;
      void this.keepNow();
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** The component goes away in the middle of an edit: the draft is kept. */
  leave(): void {
    if (this.#timer && this.editing) void this.keepNow();
    this.editing = false;
    this.#stop();
  }

  #stop(): void {
    this.#forget?.();
    this.#forget = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
