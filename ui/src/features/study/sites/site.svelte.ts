// Which site is chosen in each study, and what a new one begins with.
import type { Entity, EntityId, StudyId } from '../../../platform/contract.gen';
import { textOf } from '../../../lib/doc';
import { center } from '../../../lib/reference';
import { t, tData } from '../../../lib/words';

class ChosenSite {
  #ids = $state<Record<StudyId, EntityId>>({});

  of(study: StudyId): EntityId | undefined {
    return this.#ids[study];
  }

  set(study: StudyId, site: EntityId): void {
    this.#ids[study] = site;
  }
}

export const chosenSite = new ChosenSite();

/** Partner hospitals that are not here yet, and any other hospital. */
export function newSites(sites: Entity[]): { label: string; fields: Record<string, string> }[] {
  const here = sites.map((site) => textOf(site, 'hospital'));
  const partners = center()
    .hospitals.filter((hospital) => !here.includes(hospital.code))
    .map((hospital) => ({
      label: tData(hospital.name),
      fields: {
        hospital: hospital.code,
        role: sites.length === 0 ? 'LEAD' : 'PARTICIPATING',
        'facility.zh': hospital.name.zh,
        'facility.en': hospital.name.en,
        'committee.zh': hospital.committee.zh,
        'committee.en': hospital.committee.en,
        city: hospital.city.en,
      },
    }));
  return [...partners, { label: t('ui.site.other'), fields: { role: 'PARTICIPATING' } }];
}
