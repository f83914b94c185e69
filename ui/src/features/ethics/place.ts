// Where a finding is settled: the tab, the view of a submission, and the thing itself.
import type {
  Entity,
  EntityId,
  FactPlace,
  StudyDoc,
  SubmissionItem,
} from '../../platform/contract.gen';
import { textOf } from '../../lib/doc';
import { tabOf, type Spot, type StudyTab } from '../../state/route.svelte';
import type { EthicsView } from './ethics.svelte';

/** The submission that is looked at. */
export interface At {
  study: EntityId;
  submission: EntityId;
  site: EntityId;
  list: Pick<SubmissionItem, 'key' | 'kinds'>[];
}

export interface Goal {
  tab: StudyTab;
  spot?: Spot;
}

/** The view of a submission that shows one of its registers, or one of its parts. */
export function viewOf(kind: string, field = ''): EthicsView {
  if (kind === 'enclosure') return 'list';
  if (kind === 'answer') return 'forms';
  if (kind === 'point' || kind === 'reply') return 'questions';
  if (kind !== 'submission') return 'details';
  if (field === 'questions') return 'questions';
  if (field === '' || field.startsWith('item:')) return 'list';
  return field.includes('/') ? 'forms' : 'details';
}

/** The submission that an entity belongs to, itself included. */
export function submissionOf(doc: StudyDoc, id: EntityId): Entity | undefined {
  let entity = doc.entities.find((one) => one.id === id);
  while (entity && entity.kind !== 'submission')
    entity = doc.entities.find((one) => one.id === entity?.parent);
  return entity;
}

/** Where to go for a place that a finding names. */
export function goalOf(doc: StudyDoc, at: At, place: FactPlace): Goal {
  const { kind, field } = place;
  const entity = doc.entities.find((one) => one.id === place.entity);
  const id = place.entity ?? at.study;
  const spot: Spot = { entity: id, field: field || undefined };
  const tab = tabOf(kind, field);
  const item = (key: string): Goal => ({
    tab: 'submissions',
    spot: { entity: at.submission, field: `item:${key}` },
  });
  if (kind === 'answer')
    return { tab, spot: { entity: submissionOf(doc, id)?.id ?? at.submission, field } };
  if (kind === 'enclosure') return item(textOf(entity, 'item'));
  if (kind === 'submission' && field === 'lead') {
    // The lead committee's letter settles it, where the list asks for one.
    const asked = at.list.find((one) => one.kinds.includes('leadApproval'));
    if (asked) return item(asked.key);
  }
  if (kind === 'submission' && field === 'formsVersion')
    return { tab, spot: { entity: id, field: 'forms' } };
  if (kind === 'contact' && !place.entity) return { tab, spot: { entity: at.site } };
  if (kind === 'enrolment') return { tab, spot: { ...spot, entity: place.entity ?? at.site } };
  // What the study has none of yet is written into its text.
  if (!place.entity && kind !== 'study') return { tab };
  return { tab, spot };
}
