// Files of a submission: put to an item of the committee's list.
import type { Entity, EntityId, StudyDoc, SubmissionItem } from '../../platform/contract.gen';
import { partsOf, textOf, valueOf } from '../../lib/doc';
import type { StudySession } from '../../state/study.svelte';
import { addFiles, pick } from '../study/documents/documentFile';

/** The submission whose list is answered. */
export interface Listed {
  submission: EntityId;
  site: EntityId;
}

const fieldsOf = (item: SubmissionItem) => ({
  'title.zh': item.name.zh,
  'title.en': item.name.en,
});
const kindOf = (item: SubmissionItem) => item.kinds[0] ?? 'other';

/**
 * Names what answers an item, where that does not follow from kinds of documents: an item without
 * kinds; further material that a person is asked about, which no document answers by itself; one
 * that is named already; one that documents of the whole study answer, which a document of the site
 * alone would stand in front of.
 */
async function name(session: StudySession, at: Listed, item: SubmissionItem, ids: EntityId[]) {
  const entity = (id: EntityId) => session.doc?.entities.find((one) => one.id === id);
  const isNamed = item.enclosures.some((id) => valueOf(entity(id), 'document'));
  const follows = item.kinds.length > 0 && !(item.ask && kindOf(item) === 'other');
  if (follows && !isNamed && item.documents.length === 0) return;
  for (const id of isNamed ? ids : [...item.documents, ...ids]) {
    const document = { $ref: id };
    await session.add('enclosure', at.submission, { item: item.key, document, status: 'have' });
  }
}

/** Asks for a file and puts it to an item. */
export async function enclose(session: StudySession, at: Listed, item: SubmissionItem) {
  const path = await pick();
  return path ? encloseAll(session, at, item, [path]) : 0;
}

/**
 * Puts files to an item, as documents of that site alone; several keep their own names. Gives how
 * many were taken.
 */
export async function encloseAll(
  session: StudySession,
  at: Listed,
  item: SubmissionItem,
  paths: string[],
): Promise<number> {
  const made: EntityId[] = [];
  for (const path of paths) {
    const title = titleOf(path);
    const fields = paths.length > 1 ? { 'title.zh': title, 'title.en': title } : fieldsOf(item);
    made.push(...(await addFiles(session, kindOf(item), fields, [path], at.site)));
  }
  if (made.length > 0) await name(session, at, item, made);
  return made.length;
}

/** Further material that is there and was not put to an item that a person is asked about. */
export function further(doc: StudyDoc, at: Listed, item: SubmissionItem): Entity[] {
  if (!item.ask || kindOf(item) !== 'other') return [];
  return [at.site, doc.id].flatMap((parent) =>
    partsOf(doc, parent, 'document').filter(
      (one) => textOf(one, 'kind') === 'other' && !item.documents.includes(one.id),
    ),
  );
}

/** The name of a file without its folder and its end. */
export function titleOf(path: string): string {
  const name = path.split(/[\\/]/u).at(-1) ?? path;
  return name.replace(/\.[^.]{1,5}$/u, '') || name;
}
