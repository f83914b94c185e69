// The name that a PDF is saved under: `简称_文件名_V版本_YYYYMMDD.pdf`.

export interface NameParts {
  /** Acronym or short title. */
  study: string;
  /** What the document is called. */
  document: string;
  /** Short name of the site; empty for a document of the whole study. */
  site: string;
  /** Protocol version; empty when there is none. */
  version: string;
  /** `YYYY-MM-DD`. */
  day: string;
}

const LONGEST = 40;

// What some file system refuses, and blanks that would show as gaps.
const plain = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[\\/:*?"<>|\p{Cc}]+/gu, '-')
    .replace(/[\s_]+/g, ' ')
    .trim();

function shorten(text: string): string {
  const letters = [...text];
  if (letters.length <= LONGEST) return text;
  const cut = letters.slice(0, LONGEST).join('');
  // Words of Latin text stay whole.
  const blank = cut.lastIndexOf(' ');
  return (blank > LONGEST / 2 ? cut.slice(0, blank) : cut).trim();
}

/** Joins the parts that are there. */
export function documentName({ study, document, site, version, day }: NameParts): string {
  const number = plain(version)
    .replace(/^(?:version|ver|v|版本|第)[.\s]*/i, '')
    .replace(/版$/, '');
  const parts = [
    shorten(plain(study)),
    plain(document),
    shorten(plain(site)),
    number && `V${number}`,
    day.replaceAll('-', ''),
  ];
  return `${parts
    .filter(Boolean)
    .join('_')
    .replace(/^[.\s]+/, '')}.pdf`;
}
