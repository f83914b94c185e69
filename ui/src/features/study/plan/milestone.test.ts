import { describe, expect, it } from 'vitest';
import { slipOf, stateOf } from './milestone';

const base = '2026-11-23';

describe('a milestone', () => {
  it.each([
    ['2026-11-22', '', 'overdue'],
    ['2026-11-23', '', 'soon'],
    ['2026-12-23', '', 'soon'],
    ['2026-12-24', '', 'planned'],
    ['2026-11', '', 'soon'],
    ['2026-10', '', 'overdue'],
    ['2026', '', 'planned'],
    ['', '', 'undated'],
    ['2020-01-01', '2020-02', 'done'],
  ])('planned %s, actual %s is %s', (planned, actual, state) =>
    expect(stateOf(planned, actual, false, base)).toBe(state),
  );

  it('is not applicable only while it has not happened', () => {
    expect(stateOf('', '', true, base)).toBe('na');
    expect(stateOf('', '2026-01-01', true, base)).toBe('done');
  });

  it('slips from its baseline, else from its plan', () => {
    expect(slipOf('2026-11-10', '', '2026-09-01')).toBe(70);
    expect(slipOf('2026-03-20', '2026-04-02', '')).toBe(13);
    expect(slipOf('2026-05-10', '2026-05-08', '')).toBe(-2);
    expect(slipOf('2026-05', '2026-05-08', '')).toBeNull();
    expect(slipOf('2026-05-10', '', '')).toBeNull();
  });
});
