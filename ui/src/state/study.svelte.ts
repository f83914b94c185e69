// One open study: its document, its unsaved typing, and every way to change it.
import { getContext, setContext } from 'svelte';
import { call } from '../platform';
import type {
  Draft,
  Entity,
  EntityId,
  JsonValue,
  ProtocolChange,
  Register,
  SavedRegister,
  StudyDoc,
  StudyId,
  StudyRow,
} from '../platform/contract.gen';
import { reconcile, rootOf, seenOfAll } from '../lib/doc';
import { t } from '../lib/words';
import { onChanged } from './events';
import { saving } from './sync.svelte';
import { attempt, toasts } from './toasts.svelte';

/** What the drawer beside the study shows. */
export interface HistoryScope {
  entity: EntityId | null;
  field: string | null;
  title: string;
}

export class StudySession {
  doc = $state.raw<StudyDoc | null>(null);
  row = $state.raw<StudyRow | null>(null);
  failed = $state<unknown>(null);
  drafts = $state.raw<Draft[]>([]);
  history = $state.raw<HistoryScope | null>(null);
  #offered = false;
  #late: ReturnType<typeof setTimeout> | undefined;
  /** Saves of text begun and ended: an answer that was asked for before one of them is old. */
  #n_saves = 0;
  #isSavingText = false;
  #isStale = false;

  constructor(readonly id: StudyId) {}

  get root(): Entity | undefined {
    return this.doc ? rootOf(this.doc) : undefined;
  }

  /** The stream that an entity stands in: the study, unless it is a record of the directory. */
  streamOf(_entity: EntityId | null): StudyId {
    return this.id;
  }

  async load(): Promise<void> {
    try {
      const n_saves = this.#n_saves;
      const answer = await call('study.get', { study: this.id });
      if (this.#isSavingText || n_saves !== this.#n_saves) {
        this.#isStale = true;
        if (!this.#isSavingText) this.#loadSoon();
        return;
      }
      this.#isStale = false;
      this.doc = reconcile(this.doc, answer.doc);
      this.row = answer.row;
      // Drafts found at opening are offered; later ones are this sitting's own.
      if (!this.#offered) this.drafts = answer.drafts;
      this.#offered = true;
    } catch (error) {
      this.failed = error;
    }
  }

  follow(): () => void {
    void this.load();
    const stop = onChanged([`study:${this.id}`], () => {
      this.#loadSoon();
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }

  #loadSoon(): void {
    clearTimeout(this.#late);
    this.#late = setTimeout(() => void this.load(), 30);
  }

  draftOf(entity: EntityId, field: string): Draft | undefined {
    return this.drafts.find((draft) => draft.entity === entity && draft.field === field);
  }

  /** Saves a value; the promise ends when it is durable. */
  async set(
    entity: EntityId,
    field: string,
    value: JsonValue,
    seen: string[],
    why: string | null = null,
  ): Promise<void> {
    const saved = await saving.during(() =>
      call('field.set', { study: this.streamOf(entity), entity, field, value, seen, why }),
    );
    if (saved.register) this.#patch(entity, field, saved.register);
    this.#forget(entity, field);
  }

  /** Saves all changes of one moment in the text of the protocol, as one commit. */
  async saveText(changes: ProtocolChange[], why: string | null = null): Promise<SavedRegister[]> {
    this.#n_saves += 1;
    this.#isSavingText = true;
    const { registers } = await saving
      .during(() => call('protocol.save', { study: this.id, changes, why }))
      .finally(() => {
        this.#isSavingText = false;
        this.#n_saves += 1;
        if (this.#isStale) this.#loadSoon();
      });
    const byEntity = new Map<EntityId, Record<string, Register>>();
    for (const { entity, field, register } of registers) {
      if (register) byEntity.set(entity, { ...byEntity.get(entity), [field]: register });
      this.#forget(entity, field);
    }
    if (this.doc)
      this.doc = {
        id: this.doc.id,
        entities: this.doc.entities.map((entity) => {
          const fields = byEntity.get(entity.id);
          return fields ? { ...entity, fields: { ...entity.fields, ...fields } } : entity;
        }),
      };
    return registers;
  }

  /** Keeps what is being typed; null forgets it. */
  async keep(entity: EntityId, field: string, value: JsonValue, seen: string[]): Promise<void> {
    if (value === null) this.#forget(entity, field);
    const study = this.streamOf(entity);
    await call('field.draft', { study, entity, field, value, seen }).catch(() => undefined);
  }

  async add(
    kind: string,
    parent: EntityId | null,
    fields: Record<string, JsonValue>,
    after: EntityId | null = null,
  ): Promise<EntityId | undefined> {
    const added = await attempt(() =>
      saving.during(() =>
        call('entity.add', { study: this.streamOf(parent), kind, parent, fields, after }),
      ),
    );
    if (added) await this.load();
    return added?.entity;
  }

  /** Archives a part, with everything that is on screen of it as seen. */
  async archive(entity: EntityId): Promise<void> {
    const doc = this.doc;
    if (!doc) return;
    const done = await attempt(() =>
      saving.during(() =>
        call('entity.archive', {
          study: this.streamOf(entity),
          entity,
          seen: seenOfAll(doc, entity),
        }),
      ),
    );
    if (!done) return;
    await this.load();
    toasts.say(t('ui.toast.archived'), {
      label: t('ui.undo'),
      run: () => void this.restore(entity),
    });
  }

  async restore(entity: EntityId): Promise<void> {
    const doc = this.doc;
    if (!doc) return;
    await attempt(() =>
      saving.during(() =>
        call('entity.restore', {
          study: this.streamOf(entity),
          entity,
          seen: seenOfAll(doc, entity),
        }),
      ),
    );
    await this.load();
  }

  async move(entity: EntityId, after: EntityId | null): Promise<void> {
    await attempt(() =>
      saving.during(() => call('entity.move', { study: this.streamOf(entity), entity, after })),
    );
    await this.load();
  }

  #patch(id: EntityId, field: string, register: Register): void {
    if (!this.doc) return;
    const entities = this.doc.entities.map((entity) =>
      entity.id === id ? { ...entity, fields: { ...entity.fields, [field]: register } } : entity,
    );
    this.doc = { id: this.doc.id, entities };
  }

  #forget(entity: EntityId, field: string): void {
    this.drafts = this.drafts.filter((draft) => draft.entity !== entity || draft.field !== field);
  }
}

const KEY = Symbol('study');

export const setStudy = (session: () => StudySession) => setContext(KEY, session);

/** The study that a component stands in. */
export const useStudy = () => getContext<() => StudySession>(KEY);
