import { afterEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { DutyRow, PersonRow, PlanRow, Readiness, StudyDoc } from '../../platform/contract.gen';
import { groupsOf, readinessText, standingOf } from './readiness';
import { whomToAsk } from './whom';

const row = (id: string, part: Partial<PlanRow> = {}): PlanRow => ({
  what: 'milestone',
  id,
  kind: 'milestone',
  field: 'actual',
  key: '',
  name: { zh: `事项${id}`, en: `Item ${id}` },
  baseline: '',
  planned: '',
  actual: '',
  derived: false,
  rivalActuals: [],
  conflicts: [],
  due: '',
  legal: '',
  dueAt: '',
  precision: 'day',
  provisional: false,
  forecast: '',
  forecastPrecision: 'day',
  forecastProvisional: false,
  pushedBy: [],
  slip: null,
  status: 'upcoming',
  daysLeft: null,
  rule: '',
  trigger: '',
  repeat: '',
  origin: '',
  needs: [],
  blockedBy: [],
  waiting: false,
  notApplicable: '',
  note: '',
  evidence: null,
  unproven: false,
  disputed: false,
  otherwiseDue: '',
  countedFrom: false,
  missing: [],
  twins: [],
  rivalPlanned: [],
  seen: {},
  ...part,
});

const duty = (part: Partial<DutyRow>): DutyRow => ({
  id: 'd',
  site: 's',
  siteName: '',
  person: null,
  nameZh: '王示例',
  nameEn: 'Wang Shili',
  role: 'CRC',
  tasks: [],
  from: '',
  until: '',
  authorisedBy: { zh: '', en: '' },
  authorisedOn: '',
  initials: '',
  open: true,
  removed: false,
  standings: [],
  findings: [],
  breach: false,
  ...part,
});

const found = (part: Partial<Readiness>): Readiness => ({
  site: 's',
  name: { zh: '华山', en: 'Huashan' },
  next: null,
  early: [],
  blocking: [],
  open: [],
  nDone: 0,
  nNeeded: 0,
  studyGates: [],
  letters: [],
  enrolment: {} as Readiness['enrolment'],
  missingYears: [],
  ...part,
});

afterEach(() => {
  locale.lang = 'zh';
});

describe('what stands before a start', () => {
  it('is grouped by urgency, and each line leads to where it is settled', () => {
    const groups = groupsOf(
      'study',
      found({
        blocking: [row('a', { due: '2026-11-20', daysLeft: -6, status: 'overdue' })],
        open: [row('b', { blockedBy: ['a'], status: 'blocked' })],
        letters: [
          row('l', { what: 'reply', kind: 'approval', field: 'decidedOn', waiting: true }),
          row('done', { status: 'achieved' }),
        ],
      }),
      [],
    );
    expect(groups.map((group) => [group.id, group.lines.length])).toEqual([
      ['blocking', 1],
      ['open', 1],
      ['letters', 1],
    ]);
    const [late] = groups[0]!.lines;
    expect(late).toMatchObject({ shape: '!', tone: 'red', state: '逾期 6 天' });
    expect(late!.place).toMatchObject({
      tab: 'milestones',
      spot: { entity: 'a', field: 'actual' },
    });
    expect(groups[1]!.lines[0]!.waits).toBe('等待：事项a');
    expect(groups[2]!.lines[0]).toMatchObject({ shape: '…', waits: '等待对方答复' });
    expect(groups[2]!.lines[0]!.place).toMatchObject({ tab: 'protocol' });
  });

  it('names who is not in order, breaches first, at this site and now alone', () => {
    const expired = {
      code: 'credentialNow',
      kind: 'GCP',
      state: 'expired',
      until: '2026-10-01',
    } as const;
    const groups = groupsOf('study', found({}), [
      duty({ id: 'soft', findings: [{ code: 'noTasks' }] }),
      duty({ id: 'hard', findings: [expired, { code: 'notAuthorised' }], breach: true }),
      duty({ id: 'fine' }),
      duty({ id: 'over', open: false, findings: [{ code: 'noTasks' }] }),
      duty({ id: 'elsewhere', site: 'other', findings: [{ code: 'noTasks' }] }),
    ]);
    expect(groups).toHaveLength(1);
    const [hard, soft] = groups[0]!.lines;
    expect(groups[0]!.lines).toHaveLength(2);
    expect(hard).toMatchObject({ tone: 'red', name: '王示例 · 临床研究协调员' });
    expect(hard!.waits).toMatch(/已过期 2026-10-01；尚未授权$/);
    expect(soft).toMatchObject({ tone: 'amber', waits: '未指定授权任务' });
    expect(hard!.place).toMatchObject({ tab: 'sites', spot: { entity: 'hard' } });
  });

  it('names contacts whose certificate ends', () => {
    const fields = { 'name.zh': '联系示例', role: 'CRC' };
    const heads = Object.entries(fields).map(([name, value]) => [name, { heads: [{ value }] }]);
    const entity = { id: 'c', kind: 'contact', fields: Object.fromEntries(heads) } as never;
    const held = (state: 'expired' | 'valid', days: number, kind = 'GCP') => ({
      entity,
      ending: state === 'expired',
      standing: { kind, state, credential: 'c', until: '2026-10-01', days, reason: '' },
    });
    const groups = groupsOf('study', found({}), [], undefined, [
      held('expired', -56),
      held('valid', 400),
      held('expired', -1, 'LICENCE'),
    ]);
    expect(groups.map((group) => [group.id, group.lines.length])).toEqual([['people', 2]]);
    const [line, licence] = groups[0]!.lines;
    expect(licence!.waits).toBe('执业证 已过期 1 天');
    expect(licence!.key).not.toBe(line!.key);
    expect(line).toMatchObject({ tone: 'red', name: '联系示例 · 临床研究协调员' });
    expect(line!.waits).toBe('GCP 培训证书 已过期 56 天');
    expect(line!.place).toMatchObject({ tab: 'sites', spot: { entity: 'c' } });
  });

  it('begins with what was done before what has to come first', () => {
    const early = row('f', { status: 'achieved', actual: '2026-11-20', missing: ['x'] });
    const plan = found({ early: [early], blocking: [row('a')] });
    const [first] = groupsOf('study', plan, [], (ids) => ids.map((id) => `名${id}`));
    expect(first!.id).toBe('early');
    expect(first!.lines[0]).toMatchObject({
      tone: 'red',
      date: '2026-11-20 (周五)',
      waits: '早于前置事项：名x',
    });
  });

  it('says whom to ask: the contact, else the first of the delegation log', () => {
    const entity = (id: string, kind: string, texts: Record<string, string>) => ({
      id,
      kind,
      parent: 's',
      mark: 'shown',
      fields: Object.fromEntries(
        Object.entries(texts).map(([name, value]) => [name, { heads: [{ op: '1', value }] }]),
      ),
    });
    const doc = (...entities: object[]) => ({ id: 'S', entities }) as unknown as StudyDoc;
    const log = [
      duty({ id: 'c', role: 'CRC', nameZh: '王示例' }),
      duty({
        id: 'pi',
        role: 'PRINCIPAL_INVESTIGATOR',
        nameZh: '林示例',
        person: { entity: 'p', directory: 'd' },
      }),
      duty({ id: 'old', role: 'PRINCIPAL_INVESTIGATOR', nameZh: '前任', open: false }),
    ];
    const people = [{ id: 'p', mobile: '138 0000 1201', phone: '', email: '' }] as PersonRow[];
    expect(whomToAsk(doc(), 's', log, people)).toEqual({
      name: '林示例',
      role: 'PRINCIPAL_INVESTIGATOR',
      reach: ['138 0000 1201'],
    });
    const contact = entity('k', 'contact', { 'name.zh': '联系示例', role: 'CRC', phone: '021' });
    expect(whomToAsk(doc(contact), 's', log, people)).toMatchObject({ name: '联系示例' });
    expect(whomToAsk(doc(), 's', [], people)).toBeUndefined();
  });

  it('shows a conflict before anything else', () => {
    const both = row('a', { status: 'achieved', conflicts: ['actual'] });
    expect(standingOf(both)).toEqual({ shape: '◆', tone: 'amber', state: '两处日期不一致' });
    const late = row('b', { status: 'blocked', daysLeft: -3 });
    expect(standingOf(late)).toEqual({ shape: '!', tone: 'red', state: '逾期 3 天' });
  });

  it('is written as text in the language of the interface', () => {
    const plan = found({ blocking: [row('a', { daysLeft: 3, status: 'dueSoon' })] });
    expect(readinessText('华山', ['下一步'], groupsOf('study', plan, []))).toBe(
      '华山\n下一步\n\n须先完成（1）\n- 事项a，还剩 3 天',
    );
    locale.lang = 'en';
    expect(readinessText('Huashan', [], groupsOf('study', plan, []))).toContain(
      'To be done first (1)\n- Item a, 3 days left',
    );
  });
});
