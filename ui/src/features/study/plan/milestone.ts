// What a milestone says, as soon as it is written: its place, its dates, what follows from them.
import type { Entity, Lang, StudyDoc } from '../../../platform/contract.gen';
import { daysBetween, isDate, lastDay, today } from '../../../lib/dates';
import { isShown, textIn, textOf } from '../../../lib/doc';

export type MilestoneState = 'done' | 'overdue' | 'soon' | 'planned' | 'undated' | 'na';

export interface Milestone {
  entity: Entity;
  name: string;
  /** Id of the site; empty for the study's own. */
  siteId: string;
  site: string;
  planned: string;
  actual: string;
  state: MilestoneState;
}

const SOON_DAYS = 30;

/** The state that follows from the dates; a partial date counts to its last day. */
export function stateOf(
  planned: string,
  actual: string,
  notApplicable: boolean,
  base = today(),
): MilestoneState {
  if (actual) return 'done';
  if (notApplicable) return 'na';
  if (!planned || !isDate(planned)) return 'undated';
  const left = daysBetween(base, lastDay(planned));
  if (left < 0) return 'overdue';
  return left <= SOON_DAYS ? 'soon' : 'planned';
}

/** Milestones of a study and its sites, in their order. */
export function milestonesOf(doc: StudyDoc, lang: Lang, base = today()): Milestone[] {
  const sites = new Map(
    doc.entities.filter((part) => part.kind === 'site').map((site) => [site.id, site]),
  );
  return doc.entities
    .filter((part) => part.kind === 'milestone' && isShown(part))
    .flatMap((entity) => {
      const site = sites.get(entity.parent ?? '');
      if (site && !isShown(site)) return [];
      const [planned, actual] = [textOf(entity, 'planned'), textOf(entity, 'actual')];
      return {
        entity,
        planned,
        actual,
        name: textIn(entity, 'name', lang),
        siteId: site?.id ?? '',
        site: site ? textIn(site, 'facility', lang) : '',
        state: stateOf(planned, actual, textOf(entity, 'notApplicable') !== '', base),
      };
    });
}
