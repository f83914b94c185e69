// What can be chosen of the directory, ready to be found by typing.
import type { Bilingual, Entity, OrganisationRow, PersonRow } from '../../platform/contract.gen';
import { textIn, textOf } from '../../lib/doc';
import { fold } from '../../lib/fold';
import { locale } from '../../lib/locale.svelte';
import { tData } from '../../lib/words';
import { nameOf } from './people';

export interface Option {
  id: string;
  label: string;
  /** What tells two of one name apart. */
  side: string;
  /** Folded, for finding. */
  words: string;
}

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

export function organisationOptions(rows: OrganisationRow[]): Option[] {
  return rows
    .filter((row) => !row.archived)
    .map((row) => ({
      id: row.id,
      label: nameOf(row),
      side: row.city,
      words: fold([row.nameZh, row.nameEn, row.short, row.city].join(' ')),
    }));
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
