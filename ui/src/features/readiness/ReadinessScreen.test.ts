import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { usePlatform } from '../../platform';
import type { Entity, PlanRow, Readiness } from '../../platform/contract.gen';
import { route } from '../../state/route.svelte';
import ReadinessScreen from './ReadinessScreen.svelte';
import { SiteReadiness } from './siteReadiness.svelte';

const head = (op: string, value: string) => ({
  heads: [{ op, value }],
  conflict: false,
});
const entity = (id: string, kind: string, parent: string | null, texts: Record<string, string>) =>
  ({
    id,
    kind,
    parent,
    mark: 'shown',
    fields: Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [name, head(`${id}.${name}`, value)]),
    ),
  }) as unknown as Entity;

const row = (id: string, name: string, part: Partial<PlanRow> = {}) =>
  ({
    what: 'milestone',
    id,
    kind: 'milestone',
    field: 'actual',
    name: { zh: name, en: name },
    conflicts: [],
    blockedBy: [],
    status: 'overdue',
    daysLeft: -3,
    due: '2026-11-23',
    forecast: '',
    waiting: false,
    ...part,
  }) as unknown as PlanRow;

let blocking: PlanRow[];
let sites: Entity[];
beforeEach(() => {
  route.reset({ screen: 'readiness', study: 'S', site: '' });
  SiteReadiness.last = null;
  blocking = [row('a', '伦理批准'), row('b', '合同签署')];
  sites = [
    entity('hs', 'site', 'S', { 'facility.zh': '华山医院' }),
    entity('zs', 'site', 'S', { 'facility.zh': '中山医院' }),
  ];
  const answers: Record<string, (req: { site?: string }) => unknown> = {
    'study.get': () => ({
      doc: {
        id: 'S',
        entities: [
          entity('S', 'study', null, { 'title.zh': '康复' }),
          ...sites,
          entity('m', 'milestone', 'hs', {}),
          entity('c', 'contact', 'hs', { 'name.zh': '林示例', role: 'SITE_PI', phone: '021-0000' }),
        ],
      },
      row: { id: 'S', titleZh: '康复', titleEn: '', acronym: '' },
      drafts: [],
    }),
    'readiness.get': ({ site }): Partial<Readiness> => ({
      site: site!,
      next: row('n', '启动会', { status: 'blocked' }),
      blocking,
      early: [],
      open: [],
      studyGates: [],
      letters: [],
      nDone: 8,
      nNeeded: 10,
      enrolment: { target: 0, enrolled: 0 } as Readiness['enrolment'],
    }),
    'delegation.get': () => ({ rows: [], contacts: [] }),
  };
  usePlatform({
    call: async (command, req) => answers[command]!(req as never) as never,
    listen: () => () => undefined,
  });
});

const open = () => render(ReadinessScreen, { study: 'S', site: '' });

describe('readiness', () => {
  it('names the step, what stands before it and whom to ask', async () => {
    open();
    expect(await screen.findByTestId('ready-step')).toHaveTextContent('下一步：启动会');
    expect(screen.getByTestId('ready-next')).toHaveTextContent('前置条件已完成 8/10');
    expect(screen.getAllByTestId('ready-line')).toHaveLength(2);
    expect(screen.getByText('林示例')).toBeInTheDocument();
  });

  it('goes to where a line is settled, and comes back to what took its place', async () => {
    const { unmount } = open();
    await screen.findByTestId('ready-step');
    await userEvent.keyboard('j{Enter}');
    expect(route.place).toMatchObject({ tab: 'milestones', spot: { entity: 'a' } });
    unmount();
    blocking = blocking.slice(1);
    open();
    await screen.findByTestId('ready-step');
    await expect.poll(() => document.activeElement?.textContent).toContain('合同签署');
  });

  it('changes to another site of the study', async () => {
    open();
    await userEvent.selectOptions(await screen.findByTestId('ready-site'), 'zs');
    expect(route.place).toEqual({ screen: 'readiness', study: 'S', site: 'zs' });
  });

  it('says what to do first where there is no site', async () => {
    sites = [];
    open();
    await userEvent.click(await screen.findByText('添加中心'));
    expect(route.place).toMatchObject({ screen: 'study', tab: 'sites' });
  });
});
