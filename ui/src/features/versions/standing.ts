// What follows from where a protocol stands: numbers, marks, validity, the base of a redline.
import type {
  EntityId,
  SiteStanding,
  Standing,
  StudyDoc,
  VersionRow,
} from '../../platform/contract.gen';
import { daysBetween, isDate, today } from '../../lib/dates';
import { textIn, textOf } from '../../lib/doc';
import { locale } from '../../lib/locale.svelte';
import { hospitalName, hospitalShort } from '../../lib/reference';
import { join, t } from '../../lib/words';

export const NOTHING: Standing = { versions: [], sites: [], workingEquals: null, changedSince: 0 };

const SOON_DAYS = 30;

/** A number as it is said, with one V in front however it was typed. */
export function showNumber(number: string): string {
  const plain = number.trim().replace(/^(?:version|ver|v|版本)[.\s]*/i, '');
  return plain ? `V${plain}` : t('ui.version.unnumbered');
}

export const versionOf = (standing: Standing, id: EntityId | null): VersionRow | undefined =>
  id === null ? undefined : standing.versions.find((version) => version.id === id);

/** A version by number; the working text for null. */
export function nameOf(standing: Standing, id: EntityId | null): string {
  if (id === null) return t('ui.version.working');
  return showNumber(versionOf(standing, id)?.number ?? '');
}

/**
 * The number that the next version would bear: a whole step once a committee has seen the newest
 * one, a small step while nobody has; with a V in front where the ones before have it.
 */
export function nextNumber(standing: Standing, noted = ''): string {
  const newest = standing.versions[0];
  if (!newest) return /^v?\d+(\.\d+)*$/i.test(noted) ? noted : '1.0';
  const parts = /^(v?)\D*(\d+)(?:\.(\d+))?/i.exec(newest.number.trim());
  if (!parts) return '';
  const [front, major, minor] = [parts[1], Number(parts[2]), Number(parts[3] ?? 0)];
  return newest.approvals.length > 0 ? `${front}${major + 1}.0` : `${front}${major}.${minor + 1}`;
}

/** Whether a number is taken. */
export const isTaken = (standing: Standing, number: string) =>
  standing.versions.some((version) => showNumber(version.number) === showNumber(number));

export type Validity = 'none' | 'good' | 'soon' | 'over';

/** How the last day of validity stands to today. */
export function validity(until: string, base = today()): Validity {
  if (!until || !isDate(until)) return 'none';
  const left = daysBetween(base, until);
  return left < 0 ? 'over' : left <= SOON_DAYS ? 'soon' : 'good';
}

/** A site's short name: of a partner hospital, else as it is written. */
export function siteShort(doc: StudyDoc | null, site: EntityId, name = ''): string {
  const entity = doc?.entities.find((part) => part.id === site);
  const code = textOf(entity, 'hospital');
  if (code) return hospitalShort(code);
  return textIn(entity, 'facility', locale.lang) || hospitalName(name) || t('ui.part.unnamed');
}

/** A site's full name in the language of the interface. */
export function siteFull(doc: StudyDoc | null, site: EntityId, name = ''): string {
  const entity = doc?.entities.find((part) => part.id === site);
  return textIn(entity, 'facility', locale.lang) || hospitalName(name) || t('ui.part.unnamed');
}

/** Approved versions with the sites where each counts, newest first: `V2.0 瑞金、华山`. */
export function currentVersions(
  standing: Standing,
  short: (site: SiteStanding) => string,
): { number: string; sites: string }[] {
  const groups = new Map<string, string[]>();
  for (const site of standing.sites) {
    if (!site.number) continue;
    const number = showNumber(site.number);
    groups.set(number, [...(groups.get(number) ?? []), short(site)]);
  }
  const place = (number: string) => {
    const at = standing.versions.findIndex((version) => showNumber(version.number) === number);
    return at < 0 ? standing.versions.length : at;
  };
  return [...groups]
    .sort(([a], [b]) => place(a) - place(b))
    .map(([number, sites]) => ({ number, sites: join(sites) }));
}

export interface CompareChoice {
  site: EntityId | null;
  from: EntityId | null;
  to: EntityId | null;
}

/** What a site's committee has to see: from what it approved last to what is written now. */
export function choiceFor(standing: Standing, site: EntityId | null): CompareChoice {
  const found = standing.sites.find((entry) => entry.site === site);
  const from = site === null ? (standing.versions[0]?.id ?? null) : (found?.current ?? null);
  const frozen = standing.workingEquals;
  return { site, from, to: frozen && frozen !== from ? frozen : null };
}

/** The choice to begin with: the first site that has approved something. */
export function firstChoice(standing: Standing): CompareChoice {
  const site = standing.sites.find((entry) => entry.current !== null);
  return choiceFor(standing, site?.site ?? null);
}

/** Whether a redline for a committee begins elsewhere than at what that committee approved last. */
export function isWrongBase(standing: Standing, choice: CompareChoice): boolean {
  if (choice.site === null) return false;
  const site = standing.sites.find((entry) => entry.site === choice.site);
  return Boolean(site?.current) && site?.current !== choice.from;
}
