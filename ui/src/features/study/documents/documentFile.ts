// The file of a document: chosen, attached, given out again.
import type { Entity, EntityId, JsonValue } from '../../../platform/contract.gen';
import { seenOf, textOf, valueOf } from '../../../lib/doc';
import { call } from '../../../platform';
import type { StudySession } from '../../../state/study.svelte';
import { saving } from '../../../state/sync.svelte';
import { attempt } from '../../../state/toasts.svelte';
import { writeChosen } from '../../table/written';

/** What is known of a document's file; nothing when it has none. */
export function fileOf(document: Entity | undefined): { name: string; size: number } | null {
  const value = valueOf(document, 'file');
  if (!value || typeof value !== 'object' || Array.isArray(value)) return null;
  return { name: String(value.name ?? ''), size: Number(value.size ?? 0) };
}

/** Whether a document is there with its file, only noted, lacking, or not wanted. */
export function stateOf(document: Entity): 'have' | 'recorded' | 'lack' | 'notApplicable' {
  const status = textOf(document, 'status');
  if (status === 'na') return 'notApplicable';
  if (status === 'lack') return 'lack';
  return fileOf(document) ? 'have' : 'recorded';
}

/** A size as people read it. */
export function showSize(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Asks for a file; gives its path. */
export async function pick(): Promise<string | undefined> {
  const answer = await attempt(() => call('file.pick', { purpose: 'openDocument', name: '' }));
  return answer?.paths[0];
}

async function put(
  session: StudySession,
  document: EntityId,
  path: string,
  seen: string[],
): Promise<boolean> {
  const done = await attempt(() =>
    saving.during(() => call('document.attach', { study: session.id, document, path, seen })),
  );
  if (done) await session.load();
  return done !== undefined;
}

/** Attaches a chosen file to a document, in place of the one that is there. */
export async function attach(session: StudySession, document: Entity): Promise<void> {
  const path = await pick();
  if (path) await put(session, document.id, path, seenOf(document.fields.file));
}

/** A new document with a chosen file; nothing when none was chosen. */
export async function addFile(
  session: StudySession,
  kind: string,
  fields: Record<string, JsonValue>,
): Promise<EntityId | undefined> {
  const path = await pick();
  if (!path) return undefined;
  const [id] = await addFiles(session, kind, fields, [path]);
  return id;
}

/** Asks for files of one kind of document, or takes those that were dropped; gives the documents. */
export async function addFiles(
  session: StudySession,
  kind: string,
  fields: Record<string, JsonValue>,
  paths: string[],
  parent: EntityId | null = null,
): Promise<EntityId[]> {
  const made: EntityId[] = [];
  for (const path of paths) {
    const id = await session.add('document', parent, { kind, status: 'have', ...fields });
    if (!id) continue;
    // A record without its file would say that something is there.
    if (await put(session, id, path, [])) made.push(id);
    else await session.archive(id);
  }
  return made;
}

/** Writes the exact bytes of a document's file where a person wants them. */
export async function saveCopy(session: StudySession, document: Entity): Promise<void> {
  const file = fileOf(document);
  if (!file) return;
  await writeChosen('saveDocument', file.name, (path) =>
    call('document.save', { study: session.id, document: document.id, path }),
  );
}
