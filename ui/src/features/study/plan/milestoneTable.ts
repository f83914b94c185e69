// Milestones out to a table or a calendar, and a table back in.
import type { MilestoneFileRow, StudyId, TableFormat } from '../../../platform/contract.gen';
import { call } from '../../../platform';
import { locale } from '../../../lib/locale.svelte';
import { attempt } from '../../../state/toasts.svelte';
import { writeChosen } from '../../table/written';

/** Whether a row moves a planned or an actual day, which needs a reason. */
export const isMove = (row: MilestoneFileRow) =>
  row.act === 'changed' &&
  row.changes.some(
    (one) => ['planned', 'actual'].includes(one.field) && one.from !== null && one.from !== one.to,
  );

/** Writes the milestones of a study as a table. */
export const exportTable = (study: StudyId, name: string, format: TableFormat) =>
  writeChosen('saveTable', `${name}.${format}`, (path) =>
    call('milestone.export', { study, format, lang: locale.lang, path }),
  );

/** Writes the days of a study, or of all studies in use, as a calendar file. */
export const exportCalendar = (study: StudyId | null, name: string) =>
  writeChosen('saveCalendar', `${name}.ics`, (path) =>
    call('calendar.export', { study, lang: locale.lang, path }),
  );

/** A table that a person chose to read; nothing when she chose none. */
export async function pickTable(): Promise<string | undefined> {
  const answer = await attempt(() => call('file.pick', { purpose: 'openTable', name: '' }));
  return answer?.paths[0];
}
