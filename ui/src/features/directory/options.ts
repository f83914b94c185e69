// What can be chosen of the directory, ready to be found by typing.
import type {
  Bilingual,
  DirectoryAnswer,
  Entity,
  EntityId,
  OrganisationRow,
  PersonRow,
  StudyId,
} from '../../platform/contract.gen';
import { textIn, textOf } from '../../lib/doc';
import { fold } from '../../lib/fold';
import { locale } from '../../lib/locale.svelte';
import { center, placeName } from '../../lib/reference';
import { t, tData } from '../../lib/words';
import { addHospital, addOwn, addPartner } from './entries';
import { nameOf } from './people';

export interface Option {
  id: string;
  label: string;
  /** What tells two of one name apart. */
  side: string;
  /** Folded, for finding. */
  words: string;
  /** Adds what is not in the directory yet; gives its id when it is there. */
  make?: () => Promise<EntityId | undefined>;
}

const PARTNER = 'partner:';

const both = (text: Bilingual) => [text.zh, text.en];

export function personOptions(rows: PersonRow[]): Option[] {
  return rows
    .filter((row) => !row.archived)
    .map((row) => ({
      id: row.id,
      label: nameOf(row),
      side: [tData(row.organisationName), tData(row.department)].filter(Boolean).join(' · '),
      words: fold(
        [
          row.nameZh,
          row.nameEn,
          ...both(row.organisationName),
          ...both(row.department),
          row.mobile,
        ].join(' '),
      ),
    }));
}

/** Everybody who can be chosen; first whoever works here, while the directory lacks her. */
export function peopleOptions(list: DirectoryAnswer | null): Option[] {
  if (!list) return [];
  const people = personOptions(list.people);
  if (!list.own) return people;
  const name = tData(list.own);
  const own: Option = {
    id: 'own',
    label: name,
    side: t('ui.people.ownSide'),
    words: fold(both(list.own).join(' ')),
    make: addOwn,
  };
  return [own, ...people];
}

export function organisationOptions(rows: OrganisationRow[]): Option[] {
  return rows
    .filter((row) => !row.archived)
    .map((row) => ({
      id: row.id,
      label: nameOf(row),
      side: placeName(row.city),
      words: fold([row.nameZh, row.nameEn, row.short, row.city].join(' ')),
    }));
}

/** Partner hospitals that the directory does not have yet: choosing one adds it. */
export function partnerOptions(codes: string[]): Option[] {
  const missing = center().hospitals.filter((hospital) => codes.includes(hospital.code));
  return missing.map((hospital) => ({
    id: `${PARTNER}${hospital.code}`,
    label: tData(hospital.name),
    side: t('ui.people.partnerSide'),
    words: fold(
      [...both(hospital.name), ...both(hospital.short), ...both(hospital.city)].join(' '),
    ),
    make: () => addPartner(hospital.code),
  }));
}

/** Partner hospitals that the directory does not have yet, as lines of its list. */
export function partnerRows(codes: string[]): OrganisationRow[] {
  const missing = center().hospitals.filter((hospital) => codes.includes(hospital.code));
  return missing.map((hospital) => ({
    id: `${PARTNER}${hospital.code}`,
    directory: '',
    kind: 'HOSPITAL',
    nameZh: hospital.name.zh,
    nameEn: hospital.name.en,
    short: tData(hospital.short),
    city: tData(hospital.city),
    level: '',
    nPeople: 0,
    nSites: 0,
    nStudies: 0,
    nConflicts: 0,
    archived: false,
  }));
}

/** The code of a partner hospital that is not in the directory yet; empty for what is. */
export const partnerCode = (id: string): string =>
  id.startsWith(PARTNER) ? id.slice(PARTNER.length) : '';

/** Every hospital and other organisation that can be chosen, partners that are missing last. */
export function hospitalOptions(list: DirectoryAnswer | null): Option[] {
  if (!list) return [];
  return [...organisationOptions(list.organisations), ...partnerOptions(list.partners)];
}

/** A hospital with the typed name, to be added. */
export function newHospital(directory: StudyId, name: string): Option {
  const label = t('ui.people.makeNew', { name });
  return { id: 'new', label, side: '', words: '', make: () => addHospital(directory, name) };
}

/** Departments, committees or offices of an organisation. */
export function partOptions(parts: Entity[], kind: string): Option[] {
  return parts
    .filter((part) => part.kind === kind && part.mark !== 'archived')
    .map((part) => ({
      id: part.id,
      label: textIn(part, 'name', locale.lang),
      side: textOf(part, 'ward'),
      words: fold(`${textOf(part, 'name.zh')} ${textOf(part, 'name.en')}`),
    }));
}

/** How many organisations the table lists: those in use, and partners that opening one adds. */
export const countOrganisations = (list: {
  organisations: { archived: boolean }[];
  partners: string[];
}): number => list.organisations.filter((row) => !row.archived).length + list.partners.length;
