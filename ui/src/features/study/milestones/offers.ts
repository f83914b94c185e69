// Milestones that templates propose and that are not here yet.
import type { Entity, StudyDoc, TemplateMilestone } from '../../../platform/contract.gen';
import { partsOf, textOf } from '../../../lib/doc';
import { templates } from '../../../lib/reference';

/** Proposals for the study itself or for one of its sites. */
export function offersFor(doc: StudyDoc, parent: Entity): TemplateMilestone[] {
  const here = new Set(
    partsOf(doc, parent.id, 'milestone', true).map((part) => textOf(part, 'key')),
  );
  const type = textOf(
    doc.entities.find((part) => part.id === doc.id),
    'studyType',
  );
  const fitting = templates().filter(
    (template) => !template.fields.studyType || !type || template.fields.studyType === type,
  );
  const offers = new Map<string, TemplateMilestone>();
  for (const template of fitting) {
    for (const offer of parent.kind === 'site' ? template.siteMilestones : template.milestones) {
      if (!here.has(offer.key) && !offers.has(offer.key)) offers.set(offer.key, offer);
    }
  }
  return [...offers.values()];
}
