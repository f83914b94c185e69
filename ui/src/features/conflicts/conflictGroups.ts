// Conflicts study by study, and the way from one to the next.
import type { ConflictRow, StudyId } from '../../platform/contract.gen';

export interface ConflictGroup {
  study: StudyId;
  title: string;
  rows: ConflictRow[];
}

/** One name for one conflict, as long as it stands. */
export const keyOf = (row: ConflictRow) => `${row.study} ${row.entity} ${row.field}`;

/** Conflicts by study, in the order of the host's list. */
export function groupsOf(rows: readonly ConflictRow[]): ConflictGroup[] {
  const groups = new Map<StudyId, ConflictGroup>();
  for (const row of rows) {
    const group = groups.get(row.study) ?? { study: row.study, title: row.title, rows: [] };
    group.rows.push(row);
    groups.set(row.study, group);
  }
  return [...groups.values()];
}

/** The conflict that comes into focus when one is settled: the next one, else the one before. */
export function neighbour(keys: readonly string[], key: string): string | undefined {
  const at = keys.indexOf(key);
  return keys[at + 1] ?? keys[at - 1];
}
