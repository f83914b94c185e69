// Members of a study, against a host that answers as ours does.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { HostFailure, usePlatform } from '../../../platform';
import type { MemberChange, MemberList, MemberRow } from '../../../platform/contract.gen';
import { route } from '../../../state/route.svelte';
import { sync } from '../../../state/sync.svelte';
import { changesOf, consequences, deedsFor, isReady, type Form } from './deeds';
import MembersTab from './MembersTab.svelte';

const member = (name: string, role: string | null, by = ''): MemberRow => ({
  user: `u_${name}`,
  name,
  role,
  since: '2026-11-26T08:00:00Z',
  by,
  why: role === null ? '已转科' : null,
});
const li = member('li', 'pi');
const wang = member('wang', 'coordinator', 'li');
const zhao = member('zhao', null, 'li');
const list = (over: Partial<MemberList> = {}): MemberList => ({
  study: 's',
  members: [li, wang, zhao],
  mayChange: true,
  asOf: '2026-11-26T09:00:00Z',
  isKept: false,
  ...over,
});
const form = (over: Partial<Form> = {}): Form => ({
  account: ' zhao ',
  role: 'reader',
  then: 'co-investigator',
  ...over,
});

const host = { answers: {} as Record<string, (req: never) => unknown> };
usePlatform({
  call: async (command, req) => host.answers[command]!(req as never) as never,
  listen: () => () => undefined,
});

beforeEach(() => {
  route.reset();
  const status = { ...sync.status, connected: true, user: 'u_li' };
  sync.take(status);
  host.answers = { 'sync.status': () => status, 'member.list': () => list() };
});

describe('what the center is told', () => {
  it('is one step for replacing and for handing over', () => {
    expect(changesOf({ do: 'replace', member: wang }, form(), 'u_li')).toEqual([
      { account: 'u_wang', role: null },
      { account: 'zhao', role: 'coordinator' },
    ]);
    expect(changesOf({ do: 'handOver', member: wang }, form(), 'u_li')).toEqual([
      { account: 'u_wang', role: 'pi' },
      { account: 'u_li', role: 'co-investigator' },
    ]);
    const leaves = changesOf({ do: 'handOver', member: null }, form({ then: '' }), 'u_li');
    expect(leaves).toEqual([
      { account: 'zhao', role: 'pi' },
      { account: 'u_li', role: null },
    ]);
  });

  it('waits until enough was said', () => {
    expect(isReady({ do: 'share' }, form({ account: ' ' }))).toBe(false);
    expect(isReady({ do: 'role', member: wang }, form({ role: 'coordinator' }))).toBe(false);
    expect(isReady({ do: 'unshare', member: wang }, form({ account: '' }))).toBe(true);
  });

  it('says before that a copy is handed in, erased, and cannot be unread', () => {
    const lines = consequences({ do: 'unshare', member: wang }, form());
    expect(lines[0]).toContain('wang');
    expect(lines[0]).toContain('先交回');
    expect(lines.join()).toContain('无法收回');
    expect(consequences({ do: 'handOver', member: wang }, form({ then: '' })).join()).toContain(
      '本机先交回',
    );
  });

  it('never takes the own study away by the way', () => {
    expect(deedsFor(li, 'u_li').map((deed) => deed.do)).toEqual(['handOver']);
  });
});

describe('the members', () => {
  it('are of now and of before, with who decided and why', async () => {
    render(MembersTab, { study: 's' });
    const rows = await screen.findAllByTestId('member-row');
    expect(rows[0]).toHaveTextContent('您');
    expect(rows[0]).toHaveTextContent('中心');
    expect(rows[1]).toHaveTextContent('研究协调员');
    expect(rows[2]).toHaveTextContent('已转科');
    expect(within(rows[2]!).queryByTestId('member-menu')).toBeNull();
  });

  it('are shared with, after the consequences were shown', async () => {
    const sent: MemberChange[] = [];
    host.answers['member.change'] = (req: MemberChange) => {
      sent.push(req);
      return list({ members: [li, wang, member('zhao', 'reader', 'li')] });
    };
    render(MembersTab, { study: 's' });
    const user = userEvent.setup();
    await user.click(await screen.findByTestId('member-share'));
    expect(screen.getByTestId('member-sure')).toBeDisabled();
    await user.type(screen.getByTestId('member-account'), 'zhao');
    await user.selectOptions(screen.getByTestId('member-role'), 'reader');
    expect(screen.getByTestId('member-consequences')).toHaveTextContent('审核才生效');
    await user.type(screen.getByTestId('member-why'), '先看');
    await user.click(screen.getByTestId('member-sure'));
    expect(sent).toEqual([
      { study: 's', changes: [{ account: 'zhao', role: 'reader' }], why: '先看' },
    ]);
    expect(screen.queryByTestId('member-dialog')).toBeNull();
    expect(screen.getAllByTestId('member-row')[2]).toHaveTextContent('只读成员');
  });

  it('stay as they are when the center says no, and the sentence is there', async () => {
    host.answers['member.change'] = () => {
      throw new HostFailure({
        kind: 'refused',
        code: 'sync.no-account',
        params: { account: 'nobody' },
        traceId: '',
      });
    };
    render(MembersTab, { study: 's' });
    const user = userEvent.setup();
    await user.click(await screen.findByTestId('member-share'));
    await user.type(screen.getByTestId('member-account'), 'nobody');
    await user.click(screen.getByTestId('member-sure'));
    expect(await screen.findByRole('alert')).toHaveTextContent('nobody');
    expect(screen.getByTestId('member-dialog')).toBeInTheDocument();
  });

  it('cannot be changed without the center, which is said with what to do', async () => {
    host.answers['member.list'] = () => list({ isKept: true, mayChange: false });
    render(MembersTab, { study: 's' });
    expect(await screen.findByTestId('member-kept')).toHaveTextContent('联网后');
    expect(screen.queryByTestId('member-share')).toBeNull();
    expect(screen.queryByTestId('member-menu')).toBeNull();
    await userEvent.click(screen.getByText('用 U 盘交换'));
    expect(route.place).toEqual({ screen: 'settings', part: 'stick' });
  });

  it('are not known before a center is', async () => {
    const status = { ...sync.status, connected: false };
    host.answers = { 'sync.status': () => status };
    sync.take(status);
    render(MembersTab, { study: 's' });
    expect(await screen.findByText(/须先连接中心服务器/)).toBeInTheDocument();
  });
});
