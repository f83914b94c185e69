import { afterEach, describe, expect, it } from 'vitest';
import {
  asKnown,
  daysBetween,
  isDate,
  readDate,
  provisionalWhy,
  showDate,
  showMarked,
  showDistance,
  showInstant,
  showOffset,
} from './dates';
import { locale } from './locale.svelte';

afterEach(() => {
  locale.lang = 'zh';
});

describe('readDate', () => {
  const base = '2026-11-23';
  it.each([
    ['2026 q3', '2026-Q3'],
    ['2026-Q1', '2026-Q1'],
    ['2026年第四季度', '2026-Q4'],
    ['2026-3-5', '2026-03-05'],
    ['2026/03', '2026-03'],
    ['2026', '2026'],
    ['20260305', '2026-03-05'],
    ['2026年3月5日', '2026-03-05'],
    ['3-5', '2026-03-05'],
    ['今天', base],
    ['today', base],
    ['明天', '2026-11-24'],
    ['+14', '2026-12-07'],
    ['+2w', '2026-12-07'],
    ['-1m', '2026-10-23'],
    ['+3个月', '2027-02-23'],
    ['+1y', '2027-11-23'],
    ['２０２６－０３－０５', '2026-03-05'],
  ])('%s is %s', (typed, date) => expect(readDate(typed, base)).toBe(date));

  it.each(['', 'soon', '2026-Q5', '2026-13', '2026-02-30', '5', '2026-1-2-3', '26-1-1'])(
    '%s is no date',
    (typed) => expect(readDate(typed, base)).toBeNull(),
  );

  it('ends a month step on the last day of a shorter month', () =>
    expect(readDate('+1m', '2026-01-31')).toBe('2026-02-28'));
});

describe('partial dates', () => {
  it('exist in the calendar or not', () => {
    expect(isDate('2028-02-29')).toBe(true);
    expect(isDate('2026-02-29')).toBe(false);
    expect(isDate('2026-00')).toBe(false);
  });
  it('count to their last day', () => {
    expect(daysBetween('2026-02-01', '2026-02')).toBe(27);
    expect(daysBetween('2026-12-30', '2026')).toBe(1);
  });
});

describe('in words', () => {
  it('shows the weekday in both languages, and a month or a quarter as one', () => {
    expect(showDate('2026-03-05')).toBe('2026-03-05 (周四)');
    expect(['2026-03', '2026-Q4', '2026', '待定'].map((one) => showDate(one))).toEqual([
      '2026年3月',
      '2026年第4季度',
      '2026年',
      '待定',
    ]);
    locale.lang = 'en';
    expect(showDate('2026-03-05')).toBe('2026-03-05 (Thu)');
    expect(showDate('2026-03-05', false)).toBe('2026-03-05');
    expect(['2026-03', '2026-Q4'].map((one) => showDate(one))).toEqual(['2026-03', '2026 Q4']);
  });
  it('reads again what it shows', () => {
    for (const lang of ['zh', 'en'] as const) {
      locale.lang = lang;
      for (const date of ['2026-03', '2026-Q4', '2026-12-01'])
        expect(readDate(showDate(date, false))).toBe(date);
    }
  });
  it('shows a day no more exactly than it is known', () => {
    expect(asKnown('2026-11-30', 'day')).toBe('2026-11-30');
    expect(asKnown('2026-11-30', 'month')).toBe('2026-11');
    expect(asKnown('2026-11-30', 'quarter')).toBe('2026-Q4');
    expect(asKnown('2026-11-30', 'year')).toBe('2026');
    expect(asKnown('', 'month')).toBe('');
  });
  it('marks a day that rests on holidays that are not announced', () => {
    expect(showMarked('2027-02-01', true, false)).toBe('~2027-02-01');
    expect(showMarked('', true)).toBe('');
    expect(provisionalWhy([2027, 2028])).toBe('暂定：2027、2028 年放假安排尚未公布');
    expect(provisionalWhy([])).toBe('暂定');
  });
  it('shows how far a day is', () => {
    expect(showDistance('2026-12-05', '2026-11-23')).toBe('还剩 12 天');
    expect(showDistance('2026-11-20', '2026-11-23')).toBe('逾期 3 天');
    locale.lang = 'en';
    expect(showDistance('2026-11-24', '2026-11-23')).toBe('1 day left');
    expect(showDistance('2026-11-25', '2026-11-23')).toBe('2 days left');
  });
  it('shows an instant at the writer’s offset', () => {
    expect(showInstant('2026-11-23T23:30:00Z', 480)).toBe('2026-11-24 07:30');
    expect(showOffset(480)).toBe('UTC+8');
    expect(showOffset(-210)).toBe('UTC−3:30');
  });
});
