import { describe, expect, it } from 'vitest';
import { addDays, today } from '../../../lib/dates';
import { countProblem } from './counts';

const known: [string, number, number][] = [
  ['2026-09-01', 10, 5],
  ['2026-10-01', 20, 12],
];

describe('a count of participants', () => {
  it.each([
    ['2026-11-01', null, 12, ''],
    ['2026-11-01', null, 11, '累计人数不能少于 2026-10-01 登记的 12 例'],
    ['2026-11-01', 19, 12, '累计人数不能少于 2026-10-01 登记的 20 例'],
    ['2026-08-01', null, 6, '累计人数不能多于 2026-09-01 登记的 5 例'],
    ['2026-09-15', 15, 8, ''],
    ['2026-11-01', 12, 13, '入组数不能多于筛选数'],
    ['2026-11-01', null, null, ''],
    ['2026-11', null, 3, ''],
  ])('on %s with %s screened and %s enrolled', (date, screened, enrolled, said) => {
    const problem = countProblem({ date, screened, enrolled }, known);
    if (said === '') expect(problem).toBe('');
    else expect(problem).toContain(said);
  });

  it('is none of a day to come', () => {
    const date = addDays(today(), 1);
    expect(countProblem({ date, screened: null, enrolled: 40 }, known)).toBe(
      '统计日期不能晚于今天',
    );
  });
});
