// Whom to ask at a site: its contact, else who works there by the delegation log.
import type { DutyRow, EntityId, PersonRow, StudyDoc } from '../../platform/contract.gen';
import { partsOf, textIn, textOf } from '../../lib/doc';
import { locale } from '../../lib/locale.svelte';
import { leadContact } from '../directory/duty';

export interface Whom {
  name: string;
  role: string;
  reach: string[];
}

/** Who is asked first; whoever has another role comes after. */
const ROLES = ['PRINCIPAL_INVESTIGATOR', 'SITE_PI', 'CRC', 'RESEARCH_NURSE', 'SUB_INVESTIGATOR'];
const rank = (role: string) => (ROLES.includes(role) ? ROLES.indexOf(role) : ROLES.length);

/** Nothing when nobody is known there. */
export function whomToAsk(
  doc: StudyDoc,
  site: EntityId,
  duties: DutyRow[],
  people: PersonRow[],
): Whom | undefined {
  const contact = leadContact(doc, site) ?? partsOf(doc, site, 'contact')[0];
  if (contact) {
    const reach = [textOf(contact, 'phone'), textOf(contact, 'email')].filter(Boolean);
    const name = textIn(contact, 'name', locale.lang);
    return { name, role: textOf(contact, 'role'), reach };
  }
  const here = duties.filter((duty) => duty.site === site && duty.open && !duty.removed);
  const duty = here.toSorted((a, b) => rank(a.role) - rank(b.role))[0];
  if (!duty) return undefined;
  const [first, second] =
    locale.lang === 'zh' ? [duty.nameZh, duty.nameEn] : [duty.nameEn, duty.nameZh];
  const person = people.find((row) => row.id === duty.person?.entity);
  const reach = person ? [person.mobile || person.phone, person.email].filter(Boolean) : [];
  return { name: first || second, role: duty.role, reach };
}
