// Records of a preview or a report: in which order, which of them, and which can be chosen.
import type { ImportEntry, ImportStatus } from '../../platform/contract.gen';
import { matches } from '../../lib/fold';

export interface ImportRow {
  /** Place in the preview, which the host knows it by. */
  place: number;
  entry: ImportEntry;
}

export type Counts = Record<ImportStatus, number>;

const DATED = ['record.lastUpdateSubmit', 'record.lastUpdatePost'];

/** What wants a look comes first. */
export const ORDER: readonly ImportStatus[] = ['refused', 'updated', 'imported', 'unchanged'];

/** How many records came out which way. */
export function countsOf(entries: readonly ImportEntry[]): Counts {
  const counts: Counts = { imported: 0, updated: 0, unchanged: 0, refused: 0 };
  for (const entry of entries) counts[entry.status] += 1;
  return counts;
}

/** Records in the order of the table. */
export function rowsOf(entries: readonly ImportEntry[]): ImportRow[] {
  const rank = (entry: ImportEntry) =>
    ORDER.indexOf(entry.status) * 2 + (entry.changes.some((change) => change.conflict) ? 0 : 1);
  return entries
    .map((entry, place) => ({ place, entry }))
    .sort((a, b) => rank(a.entry) - rank(b.entry) || a.place - b.place);
}

/** Records of a status, or of every one, that fit typed words. */
export function filterRows(
  rows: readonly ImportRow[],
  status: ImportStatus | null,
  words: string,
): ImportRow[] {
  return rows.filter(
    ({ entry }) =>
      (status === null || entry.status === status) &&
      matches(`${entry.number} ${entry.title} ${entry.file}`, words),
  );
}

/** Whether a record can be brought in. */
export const isChoosable = (entry: ImportEntry) =>
  entry.status === 'imported' || entry.status === 'updated';

/** The choice after all of these rows were turned on, or off when all were on. */
export function toggleRows(chosen: ReadonlySet<number>, rows: readonly ImportRow[]): Set<number> {
  const places = rows.filter((row) => isChoosable(row.entry)).map((row) => row.place);
  const next = new Set(chosen);
  const off = places.every((place) => next.has(place));
  for (const place of places) {
    if (off) next.delete(place);
    else next.add(place);
  }
  return next;
}

/** Whether the record is an earlier state of the study than the one that was imported last. */
export function isOlder(entry: ImportEntry): boolean {
  return entry.changes.some(
    ({ kind, field, from, to }) =>
      kind === 'study' &&
      DATED.includes(field) &&
      typeof from === 'string' &&
      typeof to === 'string' &&
      to < from,
  );
}

/** A file's own name. */
export const baseName = (path: string) => path.split(/[\\/]/).at(-1) ?? path;
