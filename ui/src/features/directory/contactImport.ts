// What of a file of contacts is taken: new people, or details that somebody here lacks.
import type { ContactChoice, ContactRow, PhoneRow } from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { showDate } from '../../lib/dates';
import { matches } from '../../lib/fold';
import { t, tCode } from '../../lib/words';

export interface Chosen {
  take: boolean;
  /** Whether a likely match gets what she lacks, instead of a new entry. */
  join: boolean;
  /** Whether a contact of a study is who of the directory she may be: only a person says so. */
  same: boolean;
}

/** A sure match is joined and a doubled row left; everything else is new. */
export const startOf = (row: ContactRow): Chosen => ({
  take: row.twin === null,
  join: row.alike !== null && row.sure,
  same: false,
});

export function choicesOf(rows: ContactRow[], chosen: Chosen[]): ContactChoice[] {
  return rows.flatMap((row, place) => {
    const one = chosen[place];
    if (!one?.take) return [];
    return [
      {
        row: place,
        into: one.join ? (row.alike?.id ?? null) : null,
        site: row.site,
        person: one.same ? (row.person?.id ?? null) : null,
      },
    ];
  });
}

/** The places of the rows that have all of these words. */
export const fitting = (rows: ContactRow[], words: string): number[] =>
  rows.flatMap((row, place) =>
    matches(`${row.name} ${row.latinName} ${detailsOf(row)}`, words) ? [place] : [],
  );

/** The choice after all of these rows were turned on or off. */
export const turned = (chosen: Chosen[], places: number[], take: boolean): Chosen[] => {
  const among = new Set(places);
  return chosen.map((one, place) => (among.has(place) ? { ...one, take } : one));
};

/** A number as it is read, with what it is. */
export const phoneText = (phone: PhoneRow): string =>
  [
    phone.number,
    phone.extension && t('phone.extension', { n: phone.extension }),
    phone.label || (phone.line === 'plain' ? '' : tCode(`phone.line.${phone.line}`)),
  ]
    .filter(Boolean)
    .join(' ');

/** What came of it in the directory, or in a study, in words; nobody is told of a zero. */
export function resultText(taken: { added: number; completed: number }, inStudy = false): string {
  const [filled, none] = inStudy
    ? (['ui.people.importedFilledStudy', 'ui.people.importedNoneStudy'] as const)
    : (['ui.people.importedFilled', 'ui.people.importedNone'] as const);
  const parts = [
    taken.added > 0 ? t('ui.people.importedNew', { n: taken.added }) : '',
    taken.completed > 0 ? t(filled, { n: taken.completed }) : '',
  ].filter(Boolean);
  return parts.join(locale.lang === 'zh' ? '，' : ', ') || t(none);
}

/** What a row would bring, in one line. */
export const detailsOf = (row: ContactRow) =>
  [
    row.siteText,
    row.organisation,
    row.department,
    row.title,
    row.role,
    ...row.phones.map(phoneText),
    ...row.emails,
    row.wechat,
    row.gcpUntil && t('ui.people.gcpUntil', { date: showDate(row.gcpUntil) }),
  ]
    .filter(Boolean)
    .join(' · ');
