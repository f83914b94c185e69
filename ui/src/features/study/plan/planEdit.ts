// What a person changes in a plan at once: new days, a baseline.
import type { PlanDate, PlanLane, PlanRow } from '../../../platform/contract.gen';
import { addDays, asKnown, readDate } from '../../../lib/dates';
import { doneOn } from './planWords';

/** What may be planned anew: not done, and with a day of its own. */
export const isOpen = (row: PlanRow): boolean =>
  row.what === 'milestone' && doneOn(row) === '' && row.notApplicable === '';

/** The farthest that days are moved at once. Units: days. */
const DAYS_MAX = 3_660;

/** What was typed as a number of days: `14`, `+14`, `-7`, `−7`; null when it is none, or too far. */
export function readDays(text: string): number | null {
  const typed = text.trim().replace('−', '-');
  if (!/^[+-]?\d{1,4}$/.test(typed)) return null;
  const days = Number(typed);
  return Math.abs(days) <= DAYS_MAX ? days : null;
}

/** A day moved by a number of days; a month or a quarter has no day to move. */
export function moved(date: string, days: number): string {
  return date.length === 10 ? addDays(date, days) : date;
}

/** The days that differ from what is planned; null when one of them is none. */
export function replanned(rows: PlanRow[], typed: Record<string, string>): PlanDate[] | null {
  const dates: PlanDate[] = [];
  for (const row of rows) {
    const text = typed[row.id];
    if (text === undefined || text.trim() === row.planned) continue;
    const date = text.trim() === '' ? '' : readDate(text);
    if (date === null) return null;
    if (date !== row.planned) dates.push({ milestone: row.id, date, seen: row.seen.planned ?? [] });
  }
  return dates;
}

/** What a baseline would freeze in some lanes; `anew` also where there is one already. */
export function baselineOf(lanes: PlanLane[], anew: boolean): { row: PlanRow; date: string }[] {
  return (
    lanes
      .flatMap((lane) => lane.rows)
      // What was done before anybody approved a plan has no plan to be held against.
      .filter((row) => row.what === 'milestone' && row.actual === '' && row.notApplicable === '')
      .map((row) => ({ row, date: row.planned || asKnown(row.due, row.precision) }))
      .filter(({ row, date }) => date !== '' && date !== row.baseline)
      .filter(({ row }) => anew || row.baseline === '')
  );
}
