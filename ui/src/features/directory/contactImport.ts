// What of a file of contacts is taken: new people, or details that somebody here lacks.
import type { ContactChoice, ContactRow } from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { showDate } from '../../lib/dates';
import { t } from '../../lib/words';

export interface Chosen {
  take: boolean;
  /** Whether a likely match gets what she lacks, instead of a new entry. */
  join: boolean;
}

/** A sure match is joined and a doubled row left; everything else is new. */
export const startOf = (row: ContactRow): Chosen => ({
  take: row.twin === null,
  join: row.alike !== null && row.sure,
});

export function choicesOf(rows: ContactRow[], chosen: Chosen[]): ContactChoice[] {
  return rows.flatMap((row, place) => {
    const one = chosen[place];
    if (!one?.take) return [];
    return [{ row: place, into: one.join ? (row.alike?.id ?? null) : null, site: null }];
  });
}

/** What came of it, in words; nobody is told of a zero. */
export function resultText(taken: { added: number; completed: number }): string {
  const parts = [
    taken.added > 0 ? t('ui.people.importedNew', { n: taken.added }) : '',
    taken.completed > 0 ? t('ui.people.importedFilled', { n: taken.completed }) : '',
  ].filter(Boolean);
  return parts.join(locale.lang === 'zh' ? '，' : ', ') || t('ui.people.importedNone');
}

/** What a row would bring, in one line. */
export const detailsOf = (row: ContactRow) =>
  [
    row.organisation,
    row.department,
    row.title,
    row.role,
    ...row.phones,
    ...row.emails,
    row.wechat,
    row.gcpUntil && t('ui.people.gcpUntil', { date: showDate(row.gcpUntil) }),
  ]
    .filter(Boolean)
    .join(' · ');
