// Reading a file: which letters it is in, and which column is which field.
import type { ColumnChoice, Mapping, RowKind, SheetMapping } from '../../platform/contract.gen';

const CHARSETS = ['UTF-8', 'GB18030', 'Big5'];

/** What may be chosen: the one that was found, and the others, each once whatever its case. */
export const charsetsWith = (found: string): string[] => [
  found,
  ...CHARSETS.filter((one) => one.toLowerCase() !== found.toLowerCase()),
];

/** Whether the letters of a file were a guess that a person should look at. */
export const isGuess = (preview: { guessed: boolean; charset: string }) =>
  preview.guessed && preview.charset !== '';

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

/** What the rows of a sheet may be here. */
export const kindsOf = (choices: ColumnChoice[]): RowKind[] => [
  'skip',
  ...new Set(choices.map((one) => one.rows)),
];

/** What the rows of a sheet are here; what is of another import is not read. */
export const kindOf = (sheet: SheetMapping, choices: ColumnChoice[]): RowKind =>
  kindsOf(choices).includes(sheet.rows) ? sheet.rows : 'skip';

/** The mapping with one sheet read as other rows, or with its heads elsewhere: its columns are
 * found anew. */
export const reread = (
  mapping: Mapping,
  sheet: number,
  change: Partial<Pick<SheetMapping, 'rows' | 'headRow'>>,
): Mapping => ({
  sheets: mapping.sheets.map((one, at) =>
    at === sheet ? { ...one, ...change, columns: [] } : one,
  ),
});
