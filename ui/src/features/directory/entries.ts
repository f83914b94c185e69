// Adding and putting aside people and organisations, from the list or from their page.
import { call } from '../../platform';
import type { Entity, EntityId, JsonValue, StudyId } from '../../platform/contract.gen';
import { seenOf } from '../../lib/doc';
import { t } from '../../lib/words';
import { directory } from '../../state/directory.svelte';
import { saving } from '../../state/sync.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';

export type EntryKind = 'individual' | 'organisation';

/** A pointer into the directory, as a study keeps it. */
export const pointer = (id: EntityId, directory: StudyId): JsonValue => ({
  $ref: id,
  stream: directory,
});

/** Adds an entry; gives its id when it is durable. */
export async function addEntry(
  home: StudyId,
  kind: EntryKind,
  fields: Record<string, JsonValue>,
): Promise<EntityId | undefined> {
  const added = await attempt(() =>
    saving.during(() =>
      call('entity.add', { study: home, kind, parent: null, fields, after: null }),
    ),
  );
  return added?.entity;
}

/** Adds a partner hospital, or finds it; the list knows it when this is done. */
export async function addPartner(code: string): Promise<EntityId | undefined> {
  const added = await attempt(() => saving.during(() => call('directory.partner', { code })));
  if (added) await directory.load();
  return added?.entity;
}

/** Adds whoever works here, or finds her; the list knows her when this is done. */
export async function addOwn(): Promise<EntityId | undefined> {
  const added = await attempt(() => saving.during(() => call('directory.own', {})));
  if (added) await directory.load();
  return added?.entity;
}

/** Adds a hospital by the name that was typed; the list knows it when this is done. */
export async function addHospital(home: StudyId, name: string): Promise<EntityId | undefined> {
  const field = /\p{Script=Han}/u.test(name) ? 'name.zh' : 'name.en';
  const id = await addEntry(home, 'organisation', { kind: 'HOSPITAL', [field]: name });
  if (id) await directory.load();
  return id;
}

/** Puts an entry aside with everything below it, and offers the way back. */
export async function archiveEntry(kind: EntryKind, id: EntityId): Promise<void> {
  const sheet = await attempt(async () => {
    const command = kind === 'individual' ? 'person.get' : 'organisation.get';
    const found = await call(command, { id });
    const below: Entity[] = [...found.credentials, ...('parts' in found ? found.parts : [])];
    const seen = [found.entity, ...below].flatMap((one) =>
      Object.values(one.fields).flatMap(seenOf),
    );
    return { study: found.row.directory, entity: found.entity.id, seen };
  });
  if (!sheet) return;
  const done = await attempt(() => saving.during(() => call('entity.archive', sheet)));
  if (done)
    toasts.say(t('ui.toast.archived'), {
      label: t('ui.undo'),
      run: () => void restoreEntry(sheet.study, sheet.entity, sheet.seen),
    });
}

/** Takes an entry that was put aside into use again. */
export async function restoreEntry(
  study: StudyId,
  entity: EntityId,
  seen: string[] = [],
): Promise<void> {
  await attempt(() => saving.during(() => call('entity.restore', { study, entity, seen })));
}
