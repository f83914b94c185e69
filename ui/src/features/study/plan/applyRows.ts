// What a list would give at several places at once: a line for each milestone, and where it is already.
import type { PreviewRow } from '../../../platform/contract.gen';
import { readDate } from '../../../lib/dates';

export interface ApplyRow extends PreviewRow {
  /** At how many of the places it is already; its dates are left alone there. */
  nHere: number;
  /** Whether it would stand on different days at different places. */
  varies: boolean;
}

/** The previews of the places as one; a place gives the same milestones in the same order. */
export function together(places: PreviewRow[][]): ApplyRow[] {
  return (places[0] ?? []).map((first) => {
    const same = places.flatMap((rows) => rows.filter((row) => row.key === first.key));
    const fresh = same.filter((row) => row.existing === null);
    const shown = fresh[0] ?? first;
    return {
      ...shown,
      provisional: same.some((row) => row.provisional),
      nHere: same.length - fresh.length,
      varies: fresh.some((row) => row.date !== shown.date),
    };
  });
}

/** How many milestones are added in all. */
export const nAdded = (rows: ApplyRow[], nPlaces: number): number =>
  rows.reduce((sum, row) => sum + nPlaces - row.nHere, 0);

/** Whether every place gets the same ones. */
export const isEven = (rows: ApplyRow[], nPlaces: number): boolean =>
  rows.every((row) => row.nHere === 0 || row.nHere === nPlaces);

/** Whether something was written that is no date. */
export const isNoDate = (text: string | undefined): boolean =>
  text !== undefined && text.trim() !== '' && readDate(text) === null;
