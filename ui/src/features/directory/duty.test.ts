import { describe, expect, it } from 'vitest';
import type {
  CredentialStanding,
  CredentialState,
  DutyFinding,
  DutyRow,
  StudyDoc,
} from '../../platform/contract.gen';
import { standingText, worstOf } from './credential';
import { findingText, isBreach, leaderName, openAt, settlingOf, siteStanding } from './duty';

const standing = (
  state: CredentialState,
  days: number | null = null,
  reason = '',
): CredentialStanding => ({
  kind: 'GCP',
  state,
  credential: null,
  until: '',
  days,
  reason,
});
const duty = (part: Partial<DutyRow> = {}): DutyRow => ({
  id: 'x',
  site: 's',
  siteName: '',
  person: { entity: 'p', directory: 'd' },
  nameZh: '王芳',
  nameEn: '',
  role: 'CRC',
  tasks: [],
  from: '2026-01-01',
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
const missing: DutyFinding = { code: 'credentialNow', kind: 'GCP', state: 'missing', until: '' };

describe('certificates', () => {
  it.each([
    [standing('valid', 400), '有效'],
    [standing('expiring', 12), '还剩 12 天'],
    [standing('expiring', 0), '今天到期'],
    [standing('expired', -3), '已过期 3 天'],
    [standing('missing'), '缺'],
    [standing('waived', null, '不从事诊疗'), '免交：不从事诊疗'],
  ])('are told in words: %#', (one, text) => {
    expect(standingText(one)).toBe(text);
  });

  it('stand at the worst of them', () => {
    const worst = worstOf([standing('valid'), standing('expired'), standing('expiring')]);
    expect(worst?.state).toBe('expired');
    expect(worstOf([])).toBeNull();
  });
});

describe('a delegation log', () => {
  it.each<[DutyFinding, ReturnType<typeof settlingOf>]>([
    [{ code: 'removed' }, { at: 'restore' }],
    [{ code: 'noTasks' }, { at: 'entry', field: 'tasks' }],
    [
      { code: 'notInCharge', on: '2026-02-01' },
      { at: 'entry', field: 'authorisedBy' },
    ],
    [
      { code: 'authorisedLate', on: '2026-02-01' },
      { at: 'entry', field: 'authorisedOn' },
    ],
    [missing, { at: 'person', person: 'p', kind: 'GCP' }],
  ])('leads from a finding to its place: %#', (finding, place) => {
    expect(settlingOf(finding, duty())).toEqual(place);
  });

  it('says what is wrong with its date and certificate', () => {
    expect(findingText(missing)).toBe('GCP 培训证书：缺');
    expect(findingText({ code: 'notInCharge', on: '2026-02-01' })).toContain('2026-02-01');
  });

  it('tells broken rules from what is still to be filled in', () => {
    expect([missing, { code: 'noRole' } as const].map(isBreach)).toEqual([true, false]);
    expect(isBreach({ ...missing, state: 'expiring' })).toBe(false);
  });

  it('counts for a site who works there now', () => {
    const rows = [
      duty({ standings: [standing('expiring', 5)] }),
      duty({ open: false, standings: [standing('expired', -9)] }),
      duty({ site: 'other', standings: [standing('missing')] }),
    ];
    expect(openAt(rows, 's')).toHaveLength(1);
    expect(siteStanding(rows, 's')?.state).toBe('expiring');
    const contact = { contact: 'c', site: 's', standing: standing('expired', -1), ending: true };
    expect(siteStanding(rows, 's', [contact])?.state).toBe('expired');
    expect(siteStanding(rows, 's', [{ ...contact, site: 'other' }])?.state).toBe('expiring');
  });

  it('says who leads a site, and never who merely works there', () => {
    const contact = (id: string, name: string, role: string) => ({
      id,
      kind: 'contact',
      parent: 's',
      mark: 'shown',
      fields: Object.fromEntries(
        Object.entries({ 'name.zh': name, role }).map(([field, value]) => [
          field,
          { heads: [{ op: `${id}.${field}`, value }], conflict: false },
        ]),
      ),
    });
    const doc = (...entities: object[]) => ({ entities }) as unknown as StudyDoc;
    const nurse = contact('n', '护士示例', 'RESEARCH_NURSE');
    const sub = contact('u', '次要示例', 'SUB_INVESTIGATOR');
    const both = doc(nurse, sub, contact('c', '联系示例', 'PRINCIPAL_INVESTIGATOR'));
    const pi = duty({ nameZh: '负责示例', role: 'SITE_PI' });
    expect(leaderName([duty()], doc(nurse, sub), 's')).toBe('');
    expect(leaderName([duty()], both, 's')).toBe('联系示例');
    expect(leaderName([duty(), pi], both, 's')).toBe('负责示例');
    // Who led it, and who leads the study or another site, does not lead this one.
    const others = [
      { ...pi, open: false },
      { ...pi, site: null },
      { ...pi, site: 'other' },
    ];
    expect(leaderName(others, doc(nurse), 's')).toBe('');
  });
});
