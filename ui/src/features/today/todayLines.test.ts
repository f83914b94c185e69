import { afterEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { Today, TodayLine } from '../../platform/contract.gen';
import {
  countsOf,
  dateOf,
  keyOf,
  markOf,
  mondayOf,
  placeOf,
  sectionsByStudy,
  sectionsOf,
  studiesOf,
  todayText,
  weightOf,
  whatOf,
  withCredentials,
} from './todayLines';

const TODAY = '2026-11-26';

const line = (part: Partial<TodayLine>): TodayLine => ({
  reason: 'due',
  what: 'milestone',
  study: 'a',
  studyTitle: { zh: '', en: '' },
  site: null,
  siteName: { zh: '', en: '' },
  entity: 'e',
  kind: 'milestone',
  field: 'actual',
  key: 'fpi',
  name: { zh: '首例入组', en: 'First participant in' },
  due: '',
  legal: '',
  dueAt: '',
  precision: 'day',
  provisional: false,
  daysLeft: null,
  n: 0,
  since: '',
  rivalActuals: [],
  ...part,
});
const due = (day: string, daysLeft: number, study = 'a') =>
  line({ due: day, daysLeft, study, reason: daysLeft < 0 ? 'overdue' : 'due' });
const found = (lines: TodayLine[], counts: Partial<Today['counts']> = {}): Today => ({
  today: TODAY,
  until: '2026-12-26',
  lines,
  counts: {
    overdue: 0,
    due: 0,
    expiring: 0,
    blocked: 0,
    conflict: 0,
    doubled: 0,
    early: 0,
    waiting: 0,
    ...counts,
  },
  missingYears: [],
});

afterEach(() => {
  locale.lang = 'zh';
});

describe('sections', () => {
  const all = found(
    [
      due('2026-11-20', -6),
      due(TODAY, 0),
      due('2026-11-29', 3),
      due('2026-11-30', 4, 'b'),
      due('2026-12-10', 14),
      line({ reason: 'blocked', n: 2, study: 'b' }),
      line({ reason: 'waiting' }),
    ],
    { overdue: 250, due: 4, blocked: 1, waiting: 1 },
  );

  it('go by urgency, and the next days by week', () => {
    expect(sectionsOf(all, '').map((one) => [one.title, one.n])).toEqual([
      ['已逾期', 250],
      ['今天', 1],
      ['本周 11-23 – 11-29', 1],
      ['下周 11-30 – 12-06', 1],
      ['12-07 – 12-13', 1],
      ['等待答复', 1],
      ['受阻的中心', 1],
    ]);
  });

  it('are counted in short, the weeks together', () =>
    expect(countsOf(sectionsOf(all, '')).map((one) => [one.title, one.n])).toEqual([
      ['逾期', 250],
      ['今天', 1],
      ['30 天内', 3],
      ['等待答复', 1],
      ['受阻', 1],
    ]));

  it('count what is shown when one study alone is', () => {
    expect(sectionsOf(all, 'b').map((one) => [one.id, one.n])).toEqual([
      ['week-2026-11-30', 1],
      ['blocked', 1],
    ]);
    expect(studiesOf(all.lines)).toEqual(['a', 'b']);
  });

  it('go by study, the one with the most urgent line first', () => {
    const byStudy = sectionsByStudy(all, '', (id) => `研究 ${id}`);
    expect(byStudy.map((one) => [one.title, one.n])).toEqual([
      ['研究 a', 5],
      ['研究 b', 2],
    ]);
    expect(byStudy[0]!.lines[0]!.reason).toBe('overdue');
    expect(sectionsByStudy(all, 'b', () => '')).toHaveLength(1);
  });

  it('are none when nothing is due', () => expect(sectionsOf(found([]), '')).toEqual([]));

  it('begin on Monday', () => {
    expect(mondayOf('2026-11-30')).toBe('2026-11-30');
    expect(mondayOf('2026-11-29')).toBe('2026-11-23');
  });
});

describe('a line', () => {
  it('shows its day as exactly as it is known', () => {
    expect(dateOf(line({ due: '2026-12-31' }))).toBe('2026-12-31 (周四)');
    expect(dateOf(line({ due: '2026-12-31', precision: 'month' }))).toBe('2026年12月');
    expect(dateOf(line({ due: '2026-12-31', precision: 'quarter' }))).toBe('2026年第4季度');
    expect(dateOf(line({ due: '2026-12-31', precision: 'year' }))).toBe('2026年');
    expect(dateOf(line({ due: TODAY, dueAt: '2026-11-26T17:30:00+08:00' }))).toBe(
      '2026-11-26 17:30',
    );
  });

  it.each([
    [due('2026-11-20', -6), '!', 'red', '逾期 6 天'],
    [due(TODAY, 0), '●', 'amber', '今天'],
    [due('2026-11-28', 2), '◐', 'accent', '还剩 2 天'],
    [due('2026-12-20', 24), '○', 'quiet', '还剩 24 天'],
    [line({ reason: 'blocked', n: 3 }), '⊘', 'red', '还差 3 项'],
    [line({ reason: 'conflict', n: 2 }), '◆', 'amber', '2 处冲突'],
    [
      line({ reason: 'conflict', rivalActuals: ['2026-11-19', '2026-11-20'] }),
      '◆',
      'amber',
      '两处日期不一致',
    ],
    [line({ reason: 'doubled' }), '◆', 'amber', '同一里程碑在此处有两条'],
    [line({ reason: 'early', n: 3, daysLeft: -2 }), '!', 'amber', '前置事项还差 3 项'],
    [line({ reason: 'waiting', since: '2026-11-16' }), '…', 'quiet', '已等 10 天'],
    // A deadline of hours that has passed today.
    [line({ reason: 'overdue', due: TODAY, daysLeft: 0 }), '!', 'red', '逾期'],
  ])('has a shape, a tone and words (%#)', (one, shape, tone, text) =>
    expect(markOf(one, TODAY)).toEqual({ shape, tone, text }),
  );

  it('leads to where it is settled', () => {
    expect(placeOf(line({ entity: null, what: null, reason: 'conflict' }))).toEqual({
      screen: 'conflicts',
    });
    expect(placeOf(line({ kind: 'approval', entity: 'x', field: 'decidedOn' }))).toEqual({
      screen: 'study',
      study: 'a',
      tab: 'protocol',
      spot: { entity: 'x', field: 'decidedOn' },
    });
    expect(placeOf(line({ reason: 'blocked', site: 's' }))).toEqual({
      screen: 'readiness',
      study: 'a',
      site: 's',
    });
    expect(placeOf(line({}))).toMatchObject({ tab: 'milestones', spot: { entity: 'e' } });
  });

  it('has a name of its own, for every reason that it is listed', () => {
    const names = [line({}), line({ reason: 'waiting' }), line({ what: 'approvalExpiry' })];
    expect(new Set(names.map(keyOf)).size).toBe(3);
  });
});

describe('conflicts', () => {
  it('are counted field by field, as on the badge, also of one study', () => {
    const lines = [
      line({ reason: 'conflict', n: 2, entity: null, what: null }),
      line({ reason: 'conflict', rivalActuals: ['2026-11-19', '2026-11-20'] }),
    ];
    const all = found(lines, { conflict: 3 });
    expect(sectionsOf(all, '')[0]!.n).toBe(3);
    expect(sectionsOf(all, 'a')[0]!.n).toBe(3);
    expect(sectionsByStudy(all, '', () => '康复')[0]!.n).toBe(3);
    expect(weightOf(lines)).toBe(3);
  });
});

describe('the list as text', () => {
  const all = found(
    [
      line({ reason: 'overdue', due: '2026-11-20', daysLeft: -6 }),
      line({ reason: 'waiting', since: '2026-11-16', siteName: { zh: '华山医院', en: '' } }),
    ],
    { overdue: 3, waiting: 1 },
  );

  it('says when, how, what, where and in which study, and how many are left out', () =>
    expect(todayText(TODAY, sectionsOf(all, ''), () => '康复')).toBe(
      [
        '今日 2026-11-26 (周四)',
        '',
        '已逾期  3 项',
        '- 2026-11-20 (周五)  逾期 6 天  首例入组  康复',
        '另有 2 项未在此列出，可在各研究中查看。',
        '',
        '等待答复  1 项',
        '- 2026-11-16 (周一)  已等 10 天  首例入组  华山医院  康复',
      ].join('\n'),
    ));
});

describe('credentials that end', () => {
  const gcp = (person: string, until: string) => ({
    person,
    name: { zh: '王示例', en: '' },
    kind: 'GCP',
    until,
    study: 'a',
    entity: `entry-${person}`,
    siteName: '华山医院',
  });
  const all = withCredentials(
    found([line({ reason: 'expiring', what: 'approvalExpiry', due: '2026-12-10', daysLeft: 14 })], {
      expiring: 1,
    }),
    [gcp('p', '2026-11-20'), gcp('q', '2026-12-20')],
    7,
  );
  const [section] = sectionsOf(all, '');

  it('stand among the approvals by day, and are counted', () => {
    expect(section!.n).toBe(8);
    expect(section!.lines.map((one) => one.due)).toEqual([
      '2026-11-20',
      '2026-12-10',
      '2026-12-20',
    ]);
  });

  it('say who and what, and lead to the person', () => {
    const [over] = section!.lines;
    expect(whatOf(over!)).toBe('王示例：GCP 培训证书');
    expect(markOf(over!, TODAY)).toMatchObject({ tone: 'red', text: '逾期 6 天' });
    expect(placeOf(over!)).toEqual({ screen: 'person', id: 'p' });
    expect(new Set(section!.lines.map(keyOf)).size).toBe(3);
  });

  it('lead to the contact of the study who is nobody of the directory', () => {
    const contact = { ...gcp('c', '2026-11-20'), entity: 'c' };
    const [own] = withCredentials(found([], {}), [contact], 1).lines;
    expect(placeOf(own!)).toMatchObject({
      screen: 'study',
      tab: 'sites',
      spot: { entity: 'c', field: 'gcpUntil' },
    });
  });
});
