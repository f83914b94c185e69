// What is wrong with a count of participants, said while it is typed; the host decides.
import { today } from '../../../lib/dates';
import { t } from '../../../lib/words';

export interface Tally {
  date: string;
  screened: number | null;
  enrolled: number | null;
}

/** Why a count cannot be right beside those that are known (day, screened, enrolled); else empty. */
export function countProblem(
  { date, screened, enrolled }: Tally,
  known: [string, number, number][],
): string {
  if (date.length !== 10 || (screened === null && enrolled === null)) return '';
  if (date > today()) return t('desk.error.countFuture');
  if (screened !== null && enrolled !== null && enrolled > screened)
    return t('desk.error.countScreened');
  for (const [own, at] of [
    [enrolled, 2],
    [screened, 1],
  ] as const) {
    if (own === null) continue;
    const before = known.filter((one) => one[0] < date && one[at] > own).at(-1);
    if (before) return t('desk.error.countFewer', { on: before[0], n: before[at] });
    // A zero stands for what nobody counted.
    const after = known.find((one) => one[0] > date && one[at] < own && one[at] > 0);
    if (after) return t('desk.error.countMore', { on: after[0], n: after[at] });
  }
  return '';
}
