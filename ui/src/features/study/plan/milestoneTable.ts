// Milestones out to a table or a calendar, and a table back in.
import type { MilestoneFileRow, StudyId, TableFormat } from '../../../platform/contract.gen';
import { call } from '../../../platform';
import { locale } from '../../../lib/locale.svelte';
import { t } from '../../../lib/words';
import { attempt, toasts } from '../../../state/toasts.svelte';

/** Whether a row moves a planned day, which needs a reason. */
export const isMove = (row: MilestoneFileRow) =>
  row.act === 'changed' &&
  row.changes.some((one) => one.field === 'planned' && one.from !== null && one.from !== one.to);

function sayWritten(path: string) {
  toasts.say(t('ui.plan.fileWritten'), {
    label: t('ui.pdf.reveal'),
    run: () => void attempt(() => call('file.reveal', { path })),
  });
}

/** Writes the milestones of a study as a table. */
export function exportTable(study: StudyId, name: string, format: TableFormat) {
  return attempt(async () => {
    const { paths } = await call('file.pick', { purpose: 'saveTable', name: `${name}.${format}` });
    const path = paths[0];
    if (!path) return;
    await call('milestone.export', { study, format, lang: locale.lang, path });
    sayWritten(path);
  });
}

/** Writes the days of a study, or of all studies in use, as a calendar file. */
export function exportCalendar(study: StudyId | null, name: string) {
  return attempt(async () => {
    const { paths } = await call('file.pick', { purpose: 'saveCalendar', name: `${name}.ics` });
    const path = paths[0];
    if (!path) return;
    await call('calendar.export', { study, lang: locale.lang, path });
    sayWritten(path);
  });
}

/** A table that a person chose to read; nothing when she chose none. */
export async function pickTable(): Promise<string | undefined> {
  const answer = await attempt(() => call('file.pick', { purpose: 'openTable', name: '' }));
  return answer?.paths[0];
}
