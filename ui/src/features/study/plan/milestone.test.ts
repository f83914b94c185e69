import { describe, expect, it } from 'vitest';
import { stateOf } from './milestone';

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
});
