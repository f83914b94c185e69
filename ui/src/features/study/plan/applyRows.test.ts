import { describe, expect, it } from 'vitest';
import type { PreviewRow } from '../../../platform/contract.gen';
import { isEven, nAdded, together } from './applyRows';

const row = (key: string, date: string, existing: string | null = null): PreviewRow =>
  ({ key, date, existing, provisional: date > '2027' }) as unknown as PreviewRow;

describe('a list at several places', () => {
  const rows = together([
    [row('siv', '2026-12-01', 'm1'), row('training', '2026-12-01')],
    [row('siv', '2027-01-10'), row('training', '2027-01-10')],
  ]);

  it('counts only what is not there yet', () => {
    expect(rows.map((one) => [one.key, one.nHere])).toEqual([
      ['siv', 1],
      ['training', 0],
    ]);
    expect([nAdded(rows, 2), isEven(rows, 2)]).toEqual([3, false]);
  });

  it('shows the day of a place where it is new, and says where days differ', () => {
    expect(rows[0]).toMatchObject({ date: '2027-01-10', varies: false, existing: null });
    expect(rows[1]).toMatchObject({ date: '2026-12-01', varies: true, provisional: true });
  });

  it('gives every place the same when it is everywhere or nowhere', () => {
    const here = [row('siv', '2026-12-01', 'm1'), row('training', '2026-12-01')];
    expect(isEven(together([here, here]), 2)).toBe(true);
    expect(nAdded(together([here, here]), 2)).toBe(2);
    expect(together([])).toEqual([]);
  });
});
