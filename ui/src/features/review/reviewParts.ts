// What was kept for review, in parts by whose turn it is.
import type { HeldCommit, StudyId } from '../../platform/contract.gen';
import type { LabelKey } from '../../lib/words';

export interface ReviewPart {
  id: 'yours' | 'own' | 'others' | 'decided';
  title: LabelKey;
  held: HeldCommit[];
}

const TITLES = {
  yours: 'ui.review.yours',
  own: 'ui.review.own',
  others: 'ui.review.others',
  decided: 'ui.review.decided',
} as const satisfies Record<ReviewPart['id'], LabelKey>;

function partOf(one: HeldCommit, decides: readonly StudyId[]): ReviewPart['id'] {
  if (one.state === 'open' && decides.includes(one.study)) return 'yours';
  if (one.own) return 'own';
  return one.state === 'open' ? 'others' : 'decided';
}

/** The parts that have something in them; each newest first, as the host gives them. */
export function partsOf(held: readonly HeldCommit[], decides: readonly StudyId[]): ReviewPart[] {
  const ids = Object.keys(TITLES) as ReviewPart['id'][];
  return ids
    .map((id) => ({
      id,
      title: TITLES[id],
      held: held.filter((one) => partOf(one, decides) === id),
    }))
    .filter((part) => part.held.length > 0);
}
