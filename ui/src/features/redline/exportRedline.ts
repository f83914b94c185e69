// Writing a redline or a version as a file that people send: where to, under which name, and then.
import type { PdfLang, RedlineFormat, RedlineStyle } from '../../platform/contract.gen';
import { call } from '../../platform';
import { today } from '../../lib/dates';
import { textOf } from '../../lib/doc';
import { locale } from '../../lib/locale.svelte';
import { t, wordsIn } from '../../lib/words';
import type { StudySession } from '../../state/study.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';
import { documentName } from '../pdf/documentName';
import { titleOf } from '../studies/studyTitle';
import type { CompareChoice } from '../versions/standing';

/** What the study is called in file names. */
export const studyName = (session: StudySession) =>
  textOf(session.root, 'acronym') || (session.row ? titleOf(session.row, locale.lang) : '');

/** The name of a file, with another ending than that of a PDF. */
export function fileName(parts: Parameters<typeof documentName>[0], ending: string): string {
  return documentName(parts).replace(/pdf$/, ending);
}

/** Says that a file is written and offers it. */
export function sayWritten(path: string): void {
  toasts.say(
    t('ui.word.written'),
    { label: t('ui.pdf.openFile'), run: () => void attempt(() => call('file.open', { path })) },
    { label: t('ui.pdf.reveal'), run: () => void attempt(() => call('file.reveal', { path })) },
  );
}

const PICK = { pdf: 'savePdf', docx: 'saveWord', json: 'saveJson' } as const;

export interface RedlineFile {
  choice: CompareChoice;
  lang: PdfLang;
  style: RedlineStyle;
  onlyChanged: boolean;
  format: RedlineFormat;
  /** Short name of the site; empty for none. */
  site: string;
  from: string;
  to: string;
}

/** Asks where to, and writes the redline; true when it is written. */
export async function exportRedline(session: StudySession, file: RedlineFile): Promise<boolean> {
  const { choice, lang, style, onlyChanged, format } = file;
  const word = wordsIn(lang === 'both' ? locale.lang : lang, 'ui.redline.fileWord');
  const name = fileName(
    {
      study: studyName(session),
      document: `${word}${file.from}-${file.to}`,
      site: file.site,
      version: '',
      day: today(),
    },
    format,
  );
  const written = await attempt(async () => {
    const { paths } = await call('file.pick', { purpose: PICK[format], name });
    const path = paths[0];
    if (!path) return undefined;
    const as = { lang, style, onlyChanged, format, path };
    return call('redline.export', { study: session.id, ...choice, ...as });
  });
  if (!written) return false;
  sayWritten(written.path);
  return true;
}
