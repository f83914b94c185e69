import { beforeEach, describe, expect, it } from 'vitest';
import type {
  ApprovalRow,
  Entity,
  JsonValue,
  SiteStanding,
  Standing,
  StudyDoc,
  VersionRow,
} from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { hindranceText, leftOutText } from './hindrances';
import {
  choiceFor,
  currentVersions,
  firstChoice,
  isTaken,
  isWrongBase,
  nextNumber,
  NOTHING,
  showNumber,
  validity,
} from './standing';

const approval = (site: string, status = 'approved'): ApprovalRow => ({
  id: `a-${site}`,
  site,
  siteName: site,
  status,
  submittedOn: '',
  decidedOn: '',
  letter: '',
  validUntil: '',
  intervalMonths: null,
  conditions: '',
  conflict: false,
  counts: status !== 'submitted',
  approvedOn: status === 'approved' ? '' : null,
});
const version = (id: string, number: string, approvals: ApprovalRow[] = []): VersionRow => ({
  id,
  number,
  date: '2026-03-05',
  base: null,
  reason: '',
  summaryZh: '',
  summaryEn: '',
  hash: '',
  content: '',
  frozenAt: '',
  frozenBy: '',
  leftOut: [],
  missing: [],
  doubts: [],
  confirmed: true,
  intact: true,
  duplicate: false,
  state: 'frozen',
  approvals,
  approvedAt: approvals.filter((one) => one.status === 'approved').map((one) => one.site),
});
const site = (id: string, current: string | null, number: string): SiteStanding => ({
  site: id,
  siteName: id,
  siteNameEn: id,
  current,
  number,
  approvedOn: '',
  letter: '',
  validUntil: '',
  pending: null,
});
const standing: Standing = {
  ...NOTHING,
  versions: [
    version('v2', '2.0'),
    version('v1', 'V1.0', [approval('ruijin'), approval('huashan')]),
  ],
  sites: [site('new', null, ''), site('ruijin', 'v1', 'V1.0'), site('huashan', 'v1', '1.0')],
};

beforeEach(() => (locale.lang = 'zh'));

describe('numbers of versions', () => {
  it('have one V in front', () => {
    expect(['2.0', 'V2.0', 'v 2.0', 'Version 2.0', '版本2.0'].map(showNumber)).toEqual(
      Array(5).fill('V2.0'),
    );
    expect(showNumber(' ')).toBe('未编号');
    expect(isTaken(standing, 'v1.0')).toBe(true);
  });

  it('go a whole step once a committee has seen the newest one', () => {
    expect(nextNumber(NOTHING)).toBe('1.0');
    expect(nextNumber(NOTHING, 'V1.2')).toBe('V1.2');
    expect(nextNumber(NOTHING, '草稿')).toBe('1.0');
    expect(nextNumber(standing)).toBe('2.1');
    const seen = { ...standing, versions: [version('v', 'V2.1', [approval('x', 'submitted')])] };
    expect(nextNumber(seen)).toBe('V3.0');
    const plain = { ...standing, versions: [version('v', '2.1', [])] };
    expect(nextNumber(plain)).toBe('2.2');
  });
});

describe('the base of a comparison', () => {
  it('is what the committee approved last', () => {
    expect(firstChoice(standing)).toEqual({ site: 'ruijin', from: 'v1', to: null });
    expect(choiceFor(standing, 'new').from).toBeNull();
    expect(choiceFor(standing, null).from).toBe('v2');
  });

  it('goes to the frozen version where the working text says the same', () => {
    expect(choiceFor({ ...standing, workingEquals: 'v2' }, 'ruijin').to).toBe('v2');
    expect(choiceFor({ ...standing, workingEquals: 'v1' }, 'ruijin').to).toBeNull();
  });

  it('is said to be wrong when it is another one', () => {
    expect(isWrongBase(standing, { site: 'ruijin', from: 'v2', to: null })).toBe(true);
    expect(isWrongBase(standing, { site: 'ruijin', from: 'v1', to: null })).toBe(false);
    expect(isWrongBase(standing, { site: 'new', from: 'v2', to: null })).toBe(false);
    expect(isWrongBase(standing, { site: null, from: 'v2', to: null })).toBe(false);
  });
});

it('names each approved version once with its sites', () => {
  expect(currentVersions(standing, (one) => one.site)).toEqual([
    { number: 'V1.0', sites: 'ruijin、huashan' },
  ]);
});

it('marks approvals that are over or end soon', () => {
  expect(
    ['', '2026-03-04', '2026-03-05', '2026-04-04', '2026-04-05'].map((day) =>
      validity(day, '2026-03-05'),
    ),
  ).toEqual(['none', 'over', 'soon', 'soon', 'good']);
});

describe('what stands against freezing', () => {
  const entity = (
    id: string,
    kind: string,
    parent: string | null,
    fields: Record<string, JsonValue>,
  ): Entity => ({
    id,
    kind,
    parent,
    ord: '',
    mark: 'none' as Entity['mark'],
    fields: Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        { heads: [{ value } as never], conflict: false },
      ]),
    ),
  });
  const doc: StudyDoc = {
    id: 's',
    entities: [
      entity('s', 'study', null, {}),
      entity('c', 'section', 's', { 'title.zh': '剂量' }),
      entity('b', 'block', 'c', {}),
      entity('o', 'outcome', 's', { 'measure.zh': 'mRS' }),
    ],
  };
  const hindrance = (what: string, entity: string | null, field: string, n = 1) => ({
    what,
    path: '',
    entity,
    field,
    n,
  });

  it('is said in words', () => {
    expect(hindranceText(doc, hindrance('conflict', 'b', 'text.zh'))).toBe(
      '“剂量：内容 (中文)”有未解决的冲突',
    );
    expect(hindranceText(doc, hindrance('draft', 's', 'title'))).toBe('“简短标题”有未保存的输入');
    expect(hindranceText(doc, hindrance('suggestion', null, '', 3))).toBe('3 条修订建议尚未处理');
  });

  it('is said again where it was left out', () => {
    expect(leftOutText(doc, 'outcome/o/timeFrame.zh')).toContain('mRS：');
    expect(leftOutText(doc, 'unsent')).toBe('尚未送达中心服务器的修改');
  });
});
