// Which sites and submissions of the matrix are shown.
import type {
  EntityId,
  SubmissionMatrixRow,
  SubmissionRow,
  SubmissionState,
} from '../../platform/contract.gen';
import { daysBetween, isDate, today } from '../../lib/dates';
import { isOpen } from './ethics';

export const SHOWN = ['all', 'open', 'none'] as const;

export interface MatrixFilter {
  show: (typeof SHOWN)[number];
  /** One site; empty for every one. */
  site: EntityId;
  /** Code of `submissionType`; empty for every one. */
  kind: string;
  state: SubmissionState | '';
  /** Only sites whose approval is over or ends soon. */
  expiring: boolean;
}

export const EVERYTHING: MatrixFilter = {
  show: 'all',
  site: '',
  kind: '',
  state: '',
  expiring: false,
};

/** How long before its end an approval counts as one that ends. */
const EXPIRING_DAYS = 60;

const isExpiring = (until: string, base: string) =>
  isDate(until) && daysBetween(base, until) <= EXPIRING_DAYS;

export const isFiltering = (filter: MatrixFilter) =>
  Object.entries(EVERYTHING).some(([key, value]) => filter[key as keyof MatrixFilter] !== value);

/** The rows that a filter leaves, each with the submissions that it leaves. */
export function filtered(
  rows: SubmissionMatrixRow[],
  filter: MatrixFilter,
  base = today(),
): SubmissionMatrixRow[] {
  const fits = (one: SubmissionRow) =>
    (filter.show !== 'open' || isOpen(one.state)) &&
    (!filter.kind || one.kind === filter.kind) &&
    (!filter.state || one.state === filter.state);
  // Who asks for submissions of a kind does not look for sites without any.
  const needsOne = filter.show === 'open' || filter.kind !== '' || filter.state !== '';
  return rows
    .filter((row) => !filter.site || row.site === filter.site)
    .filter((row) => !filter.expiring || isExpiring(row.validUntil, base))
    .filter((row) => filter.show !== 'none' || row.submissions.length === 0)
    .map((row) => ({ ...row, submissions: row.submissions.filter(fits) }))
    .filter((row) => !needsOne || row.submissions.length > 0);
}

/** What is shown, by name: a table that is exported holds exactly that. */
export const shownOf = (rows: SubmissionMatrixRow[]) => ({
  sites: rows.map((row) => row.site),
  submissions: rows.flatMap((row) => row.submissions.map((one) => one.id)),
});
