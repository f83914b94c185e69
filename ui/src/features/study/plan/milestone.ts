// What a milestone says: its place, its dates, how far off it is.
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
  baseline: string;
  state: MilestoneState;
  /** Days later than the baseline or plan; null when it cannot be said. */
  slip: number | null;
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

/** Days between what was first planned and what stands now. */
export function slipOf(planned: string, actual: string, baseline: string): number | null {
  const now = actual || planned;
  const first = baseline || (actual ? planned : '');
  // Partial dates have no day to count from.
  if (now.length !== 10 || first.length !== 10) return null;
  return daysBetween(first, now);
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
      const [planned, actual, baseline] = ['planned', 'actual', 'baseline'].map((name) =>
        textOf(entity, name),
      ) as [string, string, string];
      return {
        entity,
        planned,
        actual,
        baseline,
        name: textIn(entity, 'name', lang),
        siteId: site?.id ?? '',
        site: site ? textIn(site, 'facility', lang) : '',
        state: stateOf(planned, actual, textOf(entity, 'notApplicable') !== '', base),
        slip: slipOf(planned, actual, baseline),
      };
    });
}
