import { describe, expect, it } from 'vitest';
import type {
  SubmissionMatrixRow,
  SubmissionRow,
  SubmissionState,
} from '../../platform/contract.gen';
import { EVERYTHING, filtered, isFiltering, shownOf, type MatrixFilter } from './matrixFilter';

const one = (id: string, kind: string, state: SubmissionState) =>
  ({ id, kind, state }) as unknown as SubmissionRow;
const row = (site: string, validUntil: string, ...submissions: SubmissionRow[]) =>
  ({ site, validUntil, submissions }) as unknown as SubmissionMatrixRow;

const ROWS = [
  row('zs', '2026-06-01', one('a', 'initial', 'decided'), one('b', 'amendment', 'sent')),
  row('hs', '2027-06-01', one('c', 'initial', 'draft')),
  row('rj', '2026-02-01'),
  row('xw', ''),
];
const shown = (part: Partial<MatrixFilter>) =>
  shownOf(filtered(ROWS, { ...EVERYTHING, ...part }, '2026-04-10'));

describe('the filter of the matrix', () => {
  it.each([
    ['everything', {}, ['zs', 'hs', 'rj', 'xw'], ['a', 'b', 'c']],
    ['a hospital', { site: 'hs' }, ['hs'], ['c']],
    ['a type', { kind: 'initial' }, ['zs', 'hs'], ['a', 'c']],
    ['a state', { state: 'sent' }, ['zs'], ['b']],
    ['what is under way', { show: 'open' }, ['zs', 'hs'], ['b', 'c']],
    ['no submission', { show: 'none' }, ['rj', 'xw'], []],
    // 52 days are left at one, another is over; where nothing is approved nothing ends.
    ['an approval that ends', { expiring: true }, ['zs', 'rj'], ['a', 'b']],
    ['several at once', { kind: 'initial', state: 'draft', site: 'zs' }, [], []],
  ] as [string, Partial<MatrixFilter>, string[], string[]][])(
    'leaves %s',
    (_, part, sites, submissions) => {
      expect(shown(part)).toEqual({ sites, submissions });
    },
  );

  it('says whether it leaves anything out', () => {
    expect(isFiltering(EVERYTHING)).toBe(false);
    expect(isFiltering({ ...EVERYTHING, expiring: true })).toBe(true);
  });

  it('counts the sixtieth day and not the day after', () => {
    const at = (base: string) =>
      filtered([row('a', '2026-06-01')], { ...EVERYTHING, expiring: true }, base).length;
    expect([at('2026-04-02'), at('2026-04-01')]).toEqual([1, 0]);
  });
});
