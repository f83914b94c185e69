// What is next for a study: what is late first, then by the day on which it is to be expected.
import type { PlanLane, PlanRow } from '../../../platform/contract.gen';
import { lastDay } from '../../../lib/dates';
import { shortHospitalName } from '../../../lib/reference';
import { tData } from '../../../lib/words';
import { dueOf, standsOf, type Standing } from '../plan/planWords';

export interface NextLine extends Standing {
  row: PlanRow;
  /** The site in short; empty for the study's own. */
  place: string;
  isLate: boolean;
}

const isOpen = (row: PlanRow) => row.status !== 'achieved' && row.status !== 'notApplicable';
const isLate = (row: PlanRow) =>
  row.status === 'overdue' || (row.daysLeft !== null && row.daysLeft < 0);

/** What is open and has a day, the most urgent first. Late is shown by the day that was missed. */
export function nextOf(lanes: PlanLane[]): NextLine[] {
  const lines = lanes.flatMap((lane) =>
    lane.rows.filter(isOpen).map((row): NextLine => {
      const late = isLate(row);
      return {
        row,
        place: lane.site ? shortHospitalName(tData(lane.name)) : '',
        isLate: late,
        ...(late && row.due ? { date: dueOf(row), provisional: row.provisional } : standsOf(row)),
      };
    }),
  );
  const key = (line: NextLine) => `${line.isLate ? 0 : 1} ${lastDay(line.date)}`;
  return lines
    .filter((line) => line.date !== '')
    .sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

/** How many open milestones have no day at all. */
export const nUndated = (lanes: PlanLane[]): number =>
  lanes
    .flatMap((lane) => lane.rows)
    .filter((row) => row.what === 'milestone' && isOpen(row) && standsOf(row).date === '').length;
