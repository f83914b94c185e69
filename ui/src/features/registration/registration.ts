// Rows of a registration sheet: which are shown, by page, and what is copied.
import type { Lang, SheetRow } from '../../platform/contract.gen';

export type RowFilter = 'all' | 'changed' | 'missing';

export function shownRows(rows: SheetRow[], filter: RowFilter): SheetRow[] {
  if (filter === 'all') return rows;
  return rows.filter((row) => row[filter]);
}

export interface SheetPage {
  name: { zh: string; en: string };
  rows: SheetRow[];
}

/** Rows put together by the page of the registry that they stand on. */
export function pagesOf(rows: SheetRow[]): SheetPage[] {
  const pages: SheetPage[] = [];
  for (const row of rows) {
    const last = pages.at(-1);
    if (last && last.name.zh === row.page.zh) last.rows.push(row);
    else pages.push({ name: row.page, rows: [row] });
  }
  return pages;
}

/** The languages that a row is given in; a value that is in no language stands once. */
export function langsOf(row: SheetRow, shown: Lang): Lang[] {
  if (row.lang === 'zh') return ['zh'];
  if (row.lang === 'same') return [row.zh ? 'zh' : 'en'];
  if (row.lang === 'any') return row[shown] ? [shown] : row.zh ? ['zh'] : row.en ? ['en'] : [shown];
  return ['zh', 'en'];
}

/** Whether one language of a row is wanted and empty. */
export const isEmptyWanted = (row: SheetRow, lang: Lang) =>
  row.missing && row[lang] === '' && !(row.lang === 'public' && lang === 'en');

/** What Ctrl+C takes from a row: the language of the interface, else the other one. */
export function copied(row: SheetRow, lang: Lang): string {
  return lang === 'zh' ? row.zh || row.en : row.en || row.zh;
}
