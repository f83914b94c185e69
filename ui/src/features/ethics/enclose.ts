// Files of a submission: put to an item of the committee's list.
import type { EntityId, SubmissionItem } from '../../platform/contract.gen';
import type { StudySession } from '../../state/study.svelte';
import { addFile, addFiles } from '../study/documents/documentFile';

const fieldsOf = (item: SubmissionItem) => ({
  'title.zh': item.name.zh,
  'title.en': item.name.en,
});
const kindOf = (item: SubmissionItem) => item.kinds[0] ?? 'other';

/** An item without a kind of its own is answered by naming the document. */
async function name(
  session: StudySession,
  submission: EntityId,
  item: SubmissionItem,
  id: EntityId,
) {
  if (item.kinds.length > 0) return;
  const document = { $ref: id };
  await session.add('enclosure', submission, { item: item.key, document, status: 'have' });
}

/** Asks for a file and puts it to an item. */
export async function enclose(session: StudySession, submission: EntityId, item: SubmissionItem) {
  const id = await addFile(session, kindOf(item), fieldsOf(item));
  if (id) await name(session, submission, item, id);
}

/** Puts files to an item; several keep their own names. Gives how many were taken. */
export async function encloseAll(
  session: StudySession,
  submission: EntityId,
  item: SubmissionItem,
  paths: string[],
): Promise<number> {
  let taken = 0;
  for (const path of paths) {
    const title = titleOf(path);
    const fields = paths.length > 1 ? { 'title.zh': title, 'title.en': title } : fieldsOf(item);
    const made = await addFiles(session, kindOf(item), fields, [path]);
    for (const id of made) await name(session, submission, item, id);
    taken += made.length;
  }
  return taken;
}

/** The name of a file without its folder and its end. */
export function titleOf(path: string): string {
  const name = path.split(/[\\/]/u).at(-1) ?? path;
  return name.replace(/\.[^.]{1,5}$/u, '') || name;
}
