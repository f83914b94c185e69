// One open record of the directory: read by its sheet, changed like a part of a study.
import { call } from '../../platform';
import type {
  EntityId,
  JsonValue,
  OrganisationSheet,
  PersonSheet,
  StudyId,
} from '../../platform/contract.gen';
import { t } from '../../lib/words';
import { reconcile } from '../../lib/doc';
import { onChanged } from '../../state/events';
import { StudySession } from '../../state/study.svelte';
import { toasts } from '../../state/toasts.svelte';
import type { EntryKind } from './entries';

interface Sheets {
  individual: PersonSheet;
  organisation: OrganisationSheet;
}

const WAIT_MS = 30;

export class RecordSession<K extends EntryKind> extends StudySession {
  sheet = $state.raw<Sheets[K] | null>(null);
  #wait: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly kind: K,
    readonly record: EntityId,
  ) {
    super('');
  }

  override streamOf(entity: EntityId | null): StudyId {
    const { sheet } = this;
    if (!sheet) return this.id;
    return (entity && sheet.homes[entity]) || sheet.row.directory;
  }

  override async load(): Promise<void> {
    try {
      const ask = this.kind === 'individual' ? 'person.get' : 'organisation.get';
      const sheet = (await call(ask, { id: this.record })) as Sheets[K];
      const isFirst = this.sheet === null;
      const below = [...sheet.credentials, ...('parts' in sheet ? sheet.parts : [])];
      const entities = [sheet.entity, ...sheet.also, ...below];
      this.doc = reconcile(this.doc, { id: sheet.row.directory, entities });
      this.sheet = sheet;
      this.failed = null;
      if (isFirst) await this.#offerDrafts(sheet.row.directory);
    } catch (error) {
      this.failed = error;
    }
  }

  override follow(): () => void {
    void this.load();
    const stop = onChanged(['studies'], () => {
      clearTimeout(this.#wait);
      this.#wait = setTimeout(() => void this.load(), WAIT_MS);
    });
    return () => {
      clearTimeout(this.#wait);
      stop();
    };
  }

  /** Saves, and says how many studies read the change. */
  override async set(
    entity: EntityId,
    field: string,
    value: JsonValue,
    seen: string[],
    why: string | null = null,
  ): Promise<void> {
    await super.set(entity, field, value, seen, why);
    const n = this.sheet?.row.nStudies ?? 0;
    if (n > 0) toasts.say(t('ui.people.touched', { n }));
  }

  /** What was typed and not saved before the program ended. */
  async #offerDrafts(study: StudyId): Promise<void> {
    const found = await call('field.drafts', { study }).catch(() => null);
    if (found) this.drafts = found.drafts;
  }
}
