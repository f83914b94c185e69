// Which rounds of questions a submission shows, and where its committee's next points go.
import type { Entity, EntityId, StudyDoc, SubmissionRow } from '../../platform/contract.gen';
import { partsOf, textOf, valueOf } from '../../lib/doc';
import { isEditable } from './ethics';

/** Codes of `decisionResult` after which a re-review follows. */
export const SENT_BACK = ['modify', 'resubmit'];

/** The decision that counts: the one of the latest day. */
export function decisionOf(doc: StudyDoc | null, submission: EntityId): Entity | undefined {
  const decisions = doc ? partsOf(doc, submission, 'decision') : [];
  const known = decisions.filter((one) => textOf(one, 'result') !== '');
  return known.reduce<Entity | undefined>(
    (last, one) => (last && textOf(last, 'date') > textOf(one, 'date') ? last : one),
    undefined,
  );
}

const isSentBack = (doc: StudyDoc, id: EntityId) =>
  SENT_BACK.includes(textOf(decisionOf(doc, id), 'result'));

/** What a field refers to. */
export const referenceOf = (entity: Entity | undefined, field: string): EntityId | null => {
  const value = valueOf(entity, field);
  return value && typeof value === 'object' && '$ref' in value ? String(value.$ref) : null;
};

const find = (doc: StudyDoc, id: EntityId | null) =>
  id ? doc.entities.find((one) => one.id === id) : undefined;

/** The submission that a re-review goes on from. */
export const previousOf = (doc: StudyDoc, id: EntityId) =>
  find(doc, referenceOf(find(doc, id), 'previous'));

/** The rounds of the one before that go along with a re-review, as the host tells them. */
export function carriedOf(doc: StudyDoc, id: EntityId): Entity[] {
  const previous = previousOf(doc, id);
  const rounds = previous ? partsOf(doc, previous.id, 'reply') : [];
  return rounds.filter((round) => {
    const manifest = valueOf(round, 'manifest') as { with?: string } | null;
    return manifest ? manifest.with === id : textOf(round, 'sentOn') === '';
  });
}

/** Below which submission further points for a re-review are noted; null where none are. */
export function pointsAt(doc: StudyDoc, row: SubmissionRow): EntityId | null {
  if (isEditable(row.state)) {
    const previous = previousOf(doc, row.id);
    return previous && isSentBack(doc, previous.id) ? previous.id : null;
  }
  const isDecided = row.state === 'decided' || row.state === 'filed';
  const isAnswered = doc.entities.some(
    (one) =>
      one.kind === 'submission' &&
      referenceOf(one, 'previous') === row.id &&
      valueOf(one, 'manifest') !== null &&
      textOf(one, 'withdrawnOn') === '',
  );
  return isDecided && isSentBack(doc, row.id) && !isAnswered ? row.id : null;
}
