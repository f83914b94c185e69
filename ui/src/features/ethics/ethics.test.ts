// Words and rules of submissions, and what is read from a letter.
import { describe, expect, it } from 'vitest';
import type { MilestoneFileRow, SubmissionState } from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { codesOf } from '../../lib/reference';
import { showSize } from '../study/documents/documentFile';
import { isMove } from '../study/plan/milestoneTable';
import { isEditable, isOpen, ruleText, stepsOf, wasSent } from './ethics';
import { questionsOf } from './questions';

describe('the course of a submission', () => {
  it('offers one main step for every state that goes on', () => {
    for (const { code } of codesOf('submissionState')) {
      const state = code as SubmissionState;
      expect(stepsOf(state).length > 0).toBe(!['filed', 'withdrawn'].includes(state));
      // What is sent is not sent again.
      expect(stepsOf(state).includes('send')).toBe(isEditable(state));
      if (isOpen(state)) expect(stepsOf(state)).toContain('withdraw');
    }
  });
});

it('calls sent only what was sent, also once it is withdrawn', () => {
  expect(wasSent({ hash: '' })).toBe(false);
  expect(wasSent({ hash: 'sha256:ab' })).toBe(true);
});

it('names a law in the language of the interface, in English with its own name beside it', () => {
  const rule = {
    source: '个人信息保护法',
    article: '第二十八条',
    sourceEn: 'Personal Information Protection Law (个人信息保护法)',
    articleEn: 'Article 28',
    verification: 'verified',
  };
  locale.lang = 'zh';
  expect(ruleText(rule)).toBe('个人信息保护法 第二十八条');
  locale.lang = 'en';
  expect(ruleText(rule)).toBe('Personal Information Protection Law (个人信息保护法), Article 28');
  expect(ruleText({ ...rule, article: '', articleEn: '' })).toBe(rule.sourceEn);
});

describe('questions of a letter', () => {
  it('are one a line, without their numbers', () => {
    expect(
      questionsOf('1. 请说明样本量依据。\n2、知情同意书缺联系方式\n\n（3） 补充保险\n4)风险'),
    ).toEqual(['请说明样本量依据。', '知情同意书缺联系方式', '补充保险', '风险']);
  });
  it('keep numbers that belong to what they say', () => {
    expect(questionsOf('2.5 mg 的依据？\n28 天随访太短')).toEqual([
      '2.5 mg 的依据？',
      '28 天随访太短',
    ]);
  });
});

it('shows sizes as people read them', () => {
  expect([0, 1023, 20_480, 3_500_000].map(showSize)).toEqual(['0 B', '1023 B', '20 KB', '3.3 MB']);
});

it('asks for a reason when a table moves a planned day', () => {
  const row = (act: string, from: string | null, to: string) =>
    ({ act, changes: [{ field: 'planned', from, to }] }) as unknown as MilestoneFileRow;
  expect(isMove(row('changed', '2027-01-01', '2027-02-01'))).toBe(true);
  expect(isMove(row('changed', null, '2027-02-01'))).toBe(false);
  expect(isMove(row('new', null, '2027-02-01'))).toBe(false);
});
