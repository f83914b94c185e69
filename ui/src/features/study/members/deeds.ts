// What can be done about the members of a study: what is sent to the center, and what it means.
import type { MemberList, MemberRow, MemberSet } from '../../../platform/contract.gen';
import { isKey, t, type LabelKey } from '../../../lib/words';

export const ROLES = ['pi', 'co-investigator', 'coordinator', 'reader'] as const;
export type Role = (typeof ROLES)[number];

/** One thing that somebody is about to do; `member` is whom it is about. */
export type Deed =
  | { do: 'share' }
  | { do: 'role'; member: MemberRow }
  | { do: 'unshare'; member: MemberRow }
  | { do: 'replace'; member: MemberRow }
  | { do: 'handOver'; member: MemberRow | null };

/** What the person typed and chose. */
export interface Form {
  account: string;
  role: Role;
  /** The own role after handing over; empty to leave. */
  then: Role | '';
}

export const TITLES: Record<Deed['do'], LabelKey> = {
  share: 'ui.member.share',
  role: 'ui.member.changeRole',
  unshare: 'ui.member.unshare',
  replace: 'ui.member.replace',
  handOver: 'ui.member.handOver',
};
export const VERBS: Record<Deed['do'], LabelKey> = {
  share: 'ui.member.doShare',
  role: 'ui.member.doRole',
  unshare: 'ui.member.doUnshare',
  replace: 'ui.member.doReplace',
  handOver: 'ui.member.doHandOver',
};

/** A role in words; one that a newer center knows, as it says it. */
export function roleName(role: string | null): string {
  const key = `member.role.${role ?? 'ended'}`;
  return isKey(key) ? t(key) : (role ?? '');
}

/** Whether a member is the account of this laptop. */
export const isOwn = (member: MemberRow, own: string | null) =>
  own !== null && own !== '' && (member.user === own || member.name === own);

/** Members of now and of before, each in the center's order. */
export function parted(list: MemberList): { now: MemberRow[]; former: MemberRow[] } {
  return {
    now: list.members.filter((member) => member.role !== null),
    former: list.members.filter((member) => member.role === null),
  };
}

/** What may be done with a member by somebody who may change members. */
export function deedsFor(member: MemberRow, own: string | null): Deed[] {
  if (isOwn(member, own)) return [{ do: 'handOver', member: null }];
  const all: Deed[] = [
    { do: 'role', member },
    { do: 'replace', member },
    { do: 'handOver', member },
    { do: 'unshare', member },
  ];
  return member.role === 'pi' ? all.filter((deed) => deed.do !== 'handOver') : all;
}

const wantsAccount = (deed: Deed) =>
  deed.do === 'share' || deed.do === 'replace' || (deed.do === 'handOver' && !deed.member);
const wantsRole = (deed: Deed) => deed.do === 'share' || deed.do === 'role';

/** What has to be asked. */
export const wants = (deed: Deed) => ({
  account: wantsAccount(deed),
  role: wantsRole(deed),
  then: deed.do === 'handOver',
});

/** Whether enough was said. */
export function isReady(deed: Deed, form: Form): boolean {
  if (wantsAccount(deed) && form.account.trim() === '') return false;
  return deed.do !== 'role' || form.role !== deed.member.role;
}

/** What the center is told: one step, all of it or nothing. */
export function changesOf(deed: Deed, form: Form, own: string): MemberSet[] {
  const account = form.account.trim();
  switch (deed.do) {
    case 'share':
      return [{ account, role: form.role }];
    case 'role':
      return [{ account: deed.member.user, role: form.role }];
    case 'unshare':
      return [{ account: deed.member.user, role: null }];
    case 'replace':
      return [
        { account: deed.member.user, role: null },
        { account, role: deed.member.role },
      ];
    case 'handOver':
      return [
        { account: deed.member?.user ?? account, role: 'pi' },
        { account: own, role: form.then || null },
      ];
  }
}

/** What will happen, in sentences. */
export function consequences(deed: Deed, form: Form): string[] {
  const typed = form.account.trim() || t('ui.member.someone');
  const goes = (name: string) => [
    t('ui.member.handsIn', { name }),
    t('ui.member.lateHeld'),
    t('ui.member.cannotUnread'),
  ];
  switch (deed.do) {
    case 'share':
      return [t(`ui.member.can.${form.role}`), t('ui.member.gets')];
    case 'role':
      return [t(`ui.member.can.${form.role}`), t('ui.member.roleFrom')];
    case 'unshare':
      return goes(deed.member.name);
    case 'replace':
      return [
        t('ui.member.takesPlace', { role: roleName(deed.member.role) }),
        t('ui.member.gets'),
        ...goes(deed.member.name),
      ];
    case 'handOver': {
      const becomes = t('ui.member.becomesPi', { name: deed.member?.name ?? typed });
      const own = form.then
        ? t('ui.member.youBecome', { role: roleName(form.then) })
        : t('ui.member.youLeave');
      return deed.member ? [becomes, own] : [becomes, t('ui.member.gets'), own];
    }
  }
}
