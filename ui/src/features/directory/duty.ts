// A delegation log as people read it: names, what is wrong, and where that is settled.
import type {
  ContactStanding,
  CredentialStanding,
  DutyFinding,
  DutyRow,
  Entity,
  EntityId,
  StudyDoc,
} from '../../platform/contract.gen';
import { partsOf, textIn, textOf } from '../../lib/doc';
import { locale } from '../../lib/locale.svelte';
import { codesOf, codeText, roles } from '../../lib/reference';
import { join, t, tCode } from '../../lib/words';
import { stateText, worstOf } from './credential';
import { nameOf } from './people';

export const dutyName = (row: DutyRow) => nameOf(row) || t('ui.duty.nobody');

export const tasksText = (row: DutyRow) => join(row.tasks.map((task) => codeText('task', task)));

export const roleText = (row: DutyRow) =>
  codeText('contactRole', row.role) || t('ui.people.noRole');

/** Whether a role authorises others. */
export const leads = (role: string) => roles().some((rule) => rule.code === role && rule.leads);

/** Roles of a log first, then everybody else who may work at a site. */
export function rolesForLog(): { code: string; zh: string; en: string }[] {
  const logged = (code: string) => roles().some((rule) => rule.code === code && rule.logged);
  const all = codesOf('contactRole');
  return [...all.filter((one) => logged(one.code)), ...all.filter((one) => !logged(one.code))];
}

/** What is wrong, in words. */
export function findingText(finding: DutyFinding): string {
  const params: Record<string, string> = {};
  if ('on' in finding) params.on = finding.on;
  if ('until' in finding) params.until = finding.until;
  if ('kind' in finding) {
    params.kind = codeText('credentialKind', finding.kind);
    params.state = stateText(finding.state);
  }
  return tCode(`people.finding.${finding.code}`, params).trim();
}

/** Whether a rule is broken, and not only something left to fill in or to watch. */
export function isBreach(finding: DutyFinding): boolean {
  if (finding.code === 'credentialNow') return ['missing', 'expired'].includes(finding.state);
  return !['noPerson', 'noRole', 'noStart', 'noTasks', 'doubled', 'notAuthorised'].includes(
    finding.code,
  );
}

/** Where a finding is settled. */
export type Settling =
  | { at: 'entry'; field: string }
  | { at: 'person'; person: EntityId; kind: string }
  | { at: 'restore' };

const FIELDS: Record<string, string> = {
  noPerson: 'person',
  noRole: 'role',
  noStart: 'from',
  noTasks: 'tasks',
  endsBeforeStart: 'until',
  doubled: 'role',
  notAuthorised: 'authorisedBy',
  authorisedBySelf: 'authorisedBy',
  notInCharge: 'authorisedBy',
  authorisedLate: 'authorisedOn',
};

export function settlingOf(finding: DutyFinding, row: DutyRow): Settling {
  if (finding.code === 'removed') return { at: 'restore' };
  if ('kind' in finding && row.person)
    return { at: 'person', person: row.person.entity, kind: finding.kind };
  return { at: 'entry', field: FIELDS[finding.code] ?? 'person' };
}

/** Entries at a site that are not over. */
export const openAt = (rows: DutyRow[], site: EntityId | null) =>
  rows.filter((row) => row.site === site && row.open && !row.removed);

/** The worst certificate of those who work at a site now, or are its contacts; null without any. */
export function siteStanding(
  rows: DutyRow[],
  site: EntityId,
  contacts: ContactStanding[] = [],
): CredentialStanding | null {
  const here = contacts.filter((one) => one.site === site).map((one) => one.standing);
  return worstOf([...openAt(rows, site).flatMap((row) => row.standings), ...here]);
}

const leading = (rows: DutyRow[], where: EntityId | null) =>
  openAt(rows, where).find((row) => row.person !== null && leads(row.role));

/** Who leads a site now, or the study: authorises whom is added. */
export function leaderOf(rows: DutyRow[], site: EntityId | null): DutyRow | undefined {
  return leading(rows, site) ?? leading(rows, null);
}

/** The contact of a site whose role leads it. */
export const leadContact = (doc: StudyDoc, site: EntityId): Entity | undefined =>
  partsOf(doc, site, 'contact').find((contact) => leads(textOf(contact, 'role')));

/** Who leads a site: by the log, else the contact with such a role; empty when neither says. */
export function leaderName(rows: DutyRow[], doc: StudyDoc, site: EntityId): string {
  const duty = leading(rows, site);
  return duty ? dutyName(duty) : textIn(leadContact(doc, site), 'name', locale.lang);
}
