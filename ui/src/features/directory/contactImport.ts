// What of a file of contacts is taken: new people, or details that somebody here lacks.
import type {
  ContactChoice,
  ContactPreview,
  ContactRow,
  Mapping,
} from '../../platform/contract.gen';

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

/** The mapping with one column read as another field. */
export function mapped(mapping: Mapping, sheet: number, column: number, field: string): Mapping {
  return {
    sheets: mapping.sheets.map((one, at) =>
      at !== sheet
        ? one
        : {
            ...one,
            columns: one.columns.map((cell) =>
              cell.column === column ? { ...cell, field } : cell,
            ),
          },
    ),
  };
}

/** What a row would bring, in one line. */
export const detailsOf = (row: ContactRow) =>
  [row.organisation, row.department, row.title, ...row.phones, ...row.emails, row.wechat]
    .filter(Boolean)
    .join(' · ');

export const CHARSETS = ['UTF-8', 'GB18030', 'Big5'];

/** Whether the letters of a file were a guess that a person should look at. */
export const isGuess = (preview: ContactPreview) => preview.guessed && preview.charset !== '';
