// What a study is called in one line.
import type { Lang, StudyRow } from '../../platform/contract.gen';
import { t } from '../../lib/words';

type Titled = Pick<StudyRow, 'titleZh' | 'titleEn' | 'acronym' | 'number'>;

/** The title in a language, else in the other one, else the number. */
export function titleOf(row: Titled, lang: Lang): string {
  const [first, second] = lang === 'zh' ? [row.titleZh, row.titleEn] : [row.titleEn, row.titleZh];
  return first || second || row.acronym || row.number || t('ui.study.untitled');
}

/** The title in the other language; empty when the first line shows it already. */
export function otherTitleOf(row: Titled, lang: Lang): string {
  const other = lang === 'zh' ? row.titleEn : row.titleZh;
  return other === titleOf(row, lang) ? '' : other;
}
