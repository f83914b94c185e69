// Saving the text: drafts twice a second, one commit when a block is left, at rest, or when asked.
import type { Node as PmNode } from 'prosemirror-model';
import type { JsonValue, Lang } from '../../../../platform/contract.gen';
import { sameValue } from '../../../../lib/entry';
import { errorText } from '../../../../lib/failures';
import type { StudySession } from '../../../../state/study.svelte';
import { openText, type Base } from './base';
import { afterSave, changesOf, isMoved, typedIn } from './changes';

const DRAFT_MS = 500;
const REST_MS = 20_000;
const RETRY_MS = 10_000;

export interface SaverDoors {
  doc: () => PmNode;
  lang: () => Lang;
  isComposing: () => boolean;
}

export class Saver {
  /** Why the last save failed; empty when it did not. */
  problem = $state('');
  base: Base = {
    held: new Map(),
    sections: [],
    blocks: new Map(),
    entities: new Map(),
    archived: new Set(),
  };
  #draft: ReturnType<typeof setTimeout> | undefined;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  #isWanted = false;
  /** Drafts that the host keeps, by entity and register, with their value. */
  #drafted = new Map<string, { entity: string; field: string; value: JsonValue; seen: string[] }>();

  constructor(
    private readonly session: StudySession,
    private readonly doors: SaverDoors,
  ) {}

  get isBusy(): boolean {
    return this.#running !== null;
  }

  /** Lays the ground for a text just opened, and gives it. */
  open(lang: Lang): PmNode {
    const { doc, base } = openText(this.session.doc!, lang);
    this.base = base;
    return doc;
  }

  /** Notes that the person changed something. */
  changed(): void {
    this.#draft ??= setTimeout(() => void this.keep(), DRAFT_MS);
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.flush(), REST_MS);
  }

  /** Whether parts were added, moved or archived and not saved yet. */
  get isMoved(): boolean {
    return isMoved(this.base, this.doors.doc());
  }

  /** Keeps typing as drafts, and forgets those whose text was taken back. */
  async keep(): Promise<void> {
    clearTimeout(this.#draft);
    this.#draft = undefined;
    const typed = typedIn(this.base, this.doors.doc(), this.doors.lang());
    const work: Promise<void>[] = [];
    const open = new Set<string>();
    for (const [entity, fields] of typed) {
      for (const [field, value] of Object.entries(fields)) {
        if (!/^(text|title)\./.test(field)) continue;
        const key = `${entity} ${field}`;
        open.add(key);
        const before = this.#drafted.get(key);
        if (before && sameValue(before.value, value)) continue;
        const seen = this.base.held.get(entity)?.seen[field] ?? [];
        this.#drafted.set(key, { entity, field, value, seen });
        work.push(this.session.keep(entity, field, value ?? '', seen));
      }
    }
    for (const [key, draft] of this.#drafted) {
      if (open.has(key)) continue;
      this.#drafted.delete(key);
      work.push(this.session.keep(draft.entity, draft.field, null, draft.seen));
    }
    await Promise.all(work);
  }

  /** Saves everything that differs; asked during an input method's composition, afterwards. */
  async flush(even = false): Promise<void> {
    if (this.doors.isComposing() && !even) {
      this.#isWanted = true;
      return;
    }
    if (this.#running) {
      await this.#running;
      return this.flush(even);
    }
    this.#isWanted = false;
    this.#running = this.#save().finally(() => (this.#running = null));
    await this.#running;
  }

  /** After a composition: what was asked for meanwhile. */
  async resume(): Promise<void> {
    if (this.#isWanted) await this.flush();
  }

  async #save(): Promise<void> {
    clearTimeout(this.#rest);
    const doc = this.doors.doc();
    const lang = this.doors.lang();
    const changes = changesOf(this.base, doc, lang);
    if (changes.length === 0) {
      this.problem = '';
      if (this.#drafted.size > 0) await this.keep();
      return;
    }
    try {
      const before = this.session.doc;
      const registers = await this.session.saveText(changes);
      this.base = afterSave(this.base, doc, changes, registers, lang);
      this.#adopt(
        before,
        registers.map((register) => register.entity),
      );
      for (const change of changes)
        if (change.do === 'set') this.#drafted.delete(`${change.entity} ${change.field}`);
      this.problem = '';
      // What was typed while saving is kept with the ground as it is now.
      this.#draft ??= setTimeout(() => void this.keep(), DRAFT_MS);
    } catch (error) {
      this.problem = errorText(error);
      void this.keep();
      this.#rest = setTimeout(() => void this.flush(), RETRY_MS);
    }
  }

  /** Entities as the session holds them now, so that an own save is not read as news. */
  #adopt(before: StudySession['doc'], ids: string[]): void {
    const was = new Map(before?.entities.map((entity) => [entity.id, entity]));
    const is = new Map(this.session.doc?.entities.map((entity) => [entity.id, entity]));
    for (const id of new Set(ids)) {
      const now = is.get(id);
      if (now && was.get(id) === this.base.entities.get(id)) this.base.entities.set(id, now);
    }
  }

  stop(): void {
    clearTimeout(this.#draft);
    clearTimeout(this.#rest);
  }
}
