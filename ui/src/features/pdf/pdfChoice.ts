// What was chosen last, so that the next document needs one keystroke.
import type { EntityId, PdfKind, PdfLang, StudyId } from '../../platform/contract.gen';

export interface PdfChoice {
  kind: PdfKind;
  lang: PdfLang;
  site: EntityId;
}

/** The documents, as they are offered. */
export const KINDS: PdfKind[] = [
  'dossier',
  'submission',
  'protocol',
  'readiness',
  'delegation',
  'timeline',
];
/** What is about one site. */
export const SITE_KINDS: PdfKind[] = ['submission', 'readiness', 'delegation'];

const KEY = 'pidesk.pdf';

type Kept = { kind?: PdfKind; lang?: PdfLang; sites?: Record<StudyId, EntityId> };

function kept(): Kept {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Kept;
  } catch {
    return {};
  }
}

/** The last choice, as far as it fits the sites that there are. */
export function lastChoice(study: StudyId, sites: EntityId[], lang: PdfLang): PdfChoice {
  const last = kept();
  const site = last.sites?.[study];
  return {
    kind:
      last.kind && !(SITE_KINDS.includes(last.kind) && sites.length === 0) ? last.kind : 'dossier',
    lang: last.lang ?? lang,
    site: site && sites.includes(site) ? site : (sites[0] ?? ''),
  };
}

/** Keeps a choice until the program is left. */
export function keepChoice(study: StudyId, { kind, lang, site }: PdfChoice): void {
  const sites = { ...kept().sites, ...(site ? { [study]: site } : {}) };
  sessionStorage.setItem(KEY, JSON.stringify({ kind, lang, sites } satisfies Kept));
}
