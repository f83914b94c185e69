import { describe, expect, it } from 'vitest';
import type { PlanLane, PlanRow } from '../../../platform/contract.gen';
import { baselineOf, isOpen, moved, readDays, replanned } from './planEdit';

const row = (id: string, more: Partial<PlanRow> = {}): PlanRow =>
  ({
    id,
    what: 'milestone',
    planned: '',
    actual: '',
    baseline: '',
    forecast: '',
    due: '',
    notApplicable: '',
    status: 'upcoming',
    seen: { planned: ['op1'] },
    ...more,
  }) as unknown as PlanRow;

describe('planning anew', () => {
  it('changes what differs, with what was on screen', () => {
    const rows = [row('a', { planned: '2026-12-01' }), row('b', { planned: '2026-12-02' })];
    expect(replanned(rows, { a: '2026-12-01', b: '2026/12/5' })).toEqual([
      { milestone: 'b', date: '2026-12-05', seen: ['op1'] },
    ]);
    expect(replanned(rows, { a: '' })).toEqual([{ milestone: 'a', date: '', seen: ['op1'] }]);
    expect(replanned(rows, { a: 'soon' })).toBeNull();
    expect(replanned(rows, {})).toEqual([]);
  });

  it('leaves alone what is done or does not apply', () => {
    expect(isOpen(row('a'))).toBe(true);
    expect(isOpen(row('a', { actual: '2026-01-01' }))).toBe(false);
    expect(isOpen(row('a', { notApplicable: '单中心' }))).toBe(false);
    expect(isOpen(row('a', { what: 'deadline' }))).toBe(false);
  });

  it('moves days, not months', () => {
    expect([moved('2026-12-30', 3), moved('2026-12', 3)]).toEqual(['2027-01-02', '2026-12']);
  });

  it('reads a number of days, and nothing that leads out of the calendar', () => {
    expect(['14', '+14', '-7', '−7', ' 0 '].map(readDays)).toEqual([14, 14, -7, -7, 0]);
    expect(['', '-', '1.5', '9999', '99999999', '两周'].map(readDays)).toEqual(
      Array<null>(6).fill(null),
    );
  });

  it('freezes what has a day and no baseline; another baseline only when asked', () => {
    const lane = {
      rows: [
        row('a', { planned: '2026-12-01' }),
        row('b', { planned: '2026-12-05', baseline: '2026-12-01' }),
        row('c', { due: '2027-01-01' }),
        row('d'),
        row('e', { planned: '2026-01-01', actual: '2026-01-01' }),
      ],
    } as unknown as PlanLane;
    expect(baselineOf([lane], false).map((one) => [one.row.id, one.date])).toEqual([
      ['a', '2026-12-01'],
      ['c', '2027-01-01'],
    ]);
    expect(baselineOf([lane], true).map((one) => one.row.id)).toEqual(['a', 'b', 'c']);
  });
});
