// Joining names that mean one, and saying that they do not: each is a step that can be taken back.
import { call } from '../../platform';
import type {
  Doubled,
  Entity,
  EntityId,
  JsonValue,
  Register,
  SpelledSite,
  SpellingGroup,
  StudyId,
} from '../../platform/contract.gen';
import { seenOf } from '../../lib/doc';
import { saving } from '../../state/sync.svelte';
import { addEntry, addPartner } from './entries';

/** Sites by study, each study once: one save and one step back for each. */
export function byStudy(sites: SpelledSite[]): Map<StudyId, SpelledSite[]> {
  const found = new Map<StudyId, SpelledSite[]>();
  for (const site of sites) found.set(site.study, [...(found.get(site.study) ?? []), site]);
  return found;
}

/** The items of a list register. */
export function listOf(register: Register | undefined): string[] {
  const value = register?.heads[0]?.value;
  return value && typeof value === 'object' && !Array.isArray(value) && Array.isArray(value.list)
    ? value.list.map(String)
    : [];
}

/** A list with further items, each once. */
export function withItems(register: Register | undefined, items: string[]): JsonValue {
  return { list: [...new Set([...listOf(register), ...items])] };
}

/**
 * Says that sites belong to the hospital of a group, which begins in the directory if need be.
 * Gives how many steps take it back: one, and one for a hospital that was made for it.
 */
export async function joinSites(
  directory: StudyId,
  group: SpellingGroup,
  sites: SpelledSite[],
): Promise<number> {
  let organisation = group.organisation?.entity;
  const steps = organisation ? 1 : 2;
  if (!organisation && group.partner) {
    organisation = await addPartner(group.partner);
    if (!organisation) return 0;
  }
  if (!organisation) {
    const names = { 'name.zh': group.nameZh, 'name.en': group.nameEn, city: group.city };
    const given = Object.entries(names).filter(([, value]) => value !== '');
    const fields = Object.fromEntries([['kind', 'HOSPITAL'], ...given]);
    organisation = await addEntry(directory, 'organisation', fields);
    if (!organisation) return 0;
  }
  const hospital = organisation;
  await saving.during(() =>
    call('spelling.join', {
      organisation: hospital,
      sites: sites.map(({ study, site }) => ({ study, site })),
    }),
  );
  return steps;
}

/** What each of the sites is said not to be: the group's hospital, or the other sites of it. */
export function apartFrom(group: SpellingGroup, site: SpelledSite): EntityId[] {
  if (group.organisation) return [group.organisation.entity];
  if (group.sites.length === 1 && group.partner) return [group.partner];
  return group.sites.filter((other) => other.site !== site.site).map((other) => other.site);
}

/** Says that sites are not the group's hospital; gives how many steps take it back. */
export async function keepSitesApart(group: SpellingGroup, sites: SpelledSite[]): Promise<number> {
  for (const [study, own] of byStudy(sites)) {
    const { doc } = await call('study.get', { study });
    const changes = own.map((site) => {
      const register = doc.entities.find((one) => one.id === site.site)?.fields['directory.apart'];
      return {
        do: 'set' as const,
        entity: site.site,
        field: 'directory.apart',
        value: withItems(register, apartFrom(group, site)),
        seen: seenOf(register),
      };
    });
    await saving.during(() => call('protocol.save', { study, changes, why: null }));
  }
  return byStudy(sites).size;
}

/** Joins the other records into the one that is kept; gives how many steps take it back. */
export async function joinRecords(doubled: Doubled, keep: EntityId): Promise<number> {
  const others = doubled.records.filter((record) => record.entity !== keep);
  for (const other of others)
    await saving.during(() => call('directory.join', { keep, other: other.entity }));
  return others.length;
}

/** Says of records that each is somebody else; gives how many steps take it back. */
export async function keepRecordsApart(doubled: Doubled): Promise<number> {
  const ids = doubled.records.map((record) => record.entity);
  const ask = doubled.kind === 'individual' ? 'person.get' : 'organisation.get';
  const last = ids.length - 1;
  for (const [place, id] of ids.slice(0, last).entries()) {
    const { entity, row }: { entity: Entity; row: { directory: StudyId } } = await call(ask, {
      id,
    });
    const register = entity.fields.apart;
    await saving.during(() =>
      call('field.set', {
        study: row.directory,
        entity: entity.id,
        field: 'apart',
        value: withItems(register, ids.slice(place + 1)),
        seen: seenOf(register),
        why: null,
      }),
    );
  }
  return last;
}
