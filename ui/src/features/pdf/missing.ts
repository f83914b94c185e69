// What a first submission would leave to be completed, said before it is made.
import type { EntityId, StudyDoc } from '../../platform/contract.gen';
import { partsOf, rootOf, textIn, textOf } from '../../lib/doc';
import { center, codeText, fieldName, fieldOf } from '../../lib/reference';
import { locale } from '../../lib/locale.svelte';
import { t } from '../../lib/words';
import type { Spot, StudyTab } from '../../state/route.svelte';

export interface Missing {
  what: string;
  tab: StudyTab;
  spot?: Spot;
}

const INVESTIGATORS = ['PRINCIPAL_INVESTIGATOR', 'SITE_PI'];

/** Values that the forms ask for and that are not written, in the order of the forms. */
export function missingFor(doc: StudyDoc, siteId: EntityId): Missing[] {
  const root = rootOf(doc);
  const site = doc.entities.find((entity) => entity.id === siteId);
  if (!site) return [];
  const found: Missing[] = [];
  const needRoot = (name: string, tab: StudyTab = 'overview') => {
    if (!textIn(root, name, locale.lang) && !textOf(root, name)) {
      found.push({
        what: fieldName(fieldOf('study', name)),
        tab,
        spot: { entity: root.id, field: name },
      });
    }
  };
  if (!textIn(root, 'officialTitle', locale.lang)) needRoot('title');
  needRoot('version');
  needRoot('versionDate');
  const known = center().hospitals.some((hospital) => hospital.code === textOf(site, 'hospital'));
  for (const name of known ? ['department'] : ['committee', 'department']) {
    if (!textIn(site, name, locale.lang)) {
      found.push({
        what: fieldName(fieldOf('site', name)),
        tab: 'sites',
        spot: { entity: site.id, field: name },
      });
    }
  }
  const people = [...partsOf(doc, site.id, 'contact'), ...partsOf(doc, root.id, 'contact')];
  if (!people.some((person) => INVESTIGATORS.includes(textOf(person, 'role')))) {
    found.push({
      what: codeText('contactRole', 'SITE_PI'),
      tab: 'sites',
      spot: { entity: site.id },
    });
  }
  const papers = partsOf(doc, root.id, 'document');
  if (
    !papers.some(
      (paper) => textOf(paper, 'kind') === 'consent' && textOf(paper, 'status') !== 'lack',
    )
  ) {
    found.push({ what: codeText('documentKind', 'consent'), tab: 'documents' });
  }
  const lacking = papers.filter(
    (paper) => textOf(paper, 'status') === 'lack' && textOf(paper, 'kind') !== 'consent',
  );
  if (lacking.length > 0)
    found.push({ what: t('ui.pdf.lacking', { n: lacking.length }), tab: 'documents' });
  return found;
}

/** Whether the pages bear the mark of a draft: no committee has approved anything. */
export function isDraft(doc: StudyDoc): boolean {
  const marks = ['approvedVersion', 'approvalNumber', 'approvalDate'];
  return !partsOf(doc, doc.id, 'site').some((site) =>
    marks.some((name) => textOf(site, name).trim() !== ''),
  );
}

/** Values that stand against each other. */
export function rivalries(doc: StudyDoc): number {
  return doc.entities
    .flatMap((entity) => Object.values(entity.fields))
    .filter((register) => register.conflict).length;
}
