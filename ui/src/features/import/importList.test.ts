import { describe, expect, it } from 'vitest';
import type { ImportEntry, ImportStatus } from '../../platform/contract.gen';
import { baseName, countsOf, filterRows, isOlder, rowsOf, toggleRows } from './importList';

const entry = (status: ImportStatus, number: string, conflict = false): ImportEntry => ({
  file: `/home/a/${number}.json`,
  index: 0,
  status,
  study: null,
  number,
  title: `Trial ${number}`,
  warnings: [],
  notUnderstood: [],
  notCarried: [],
  reason: null,
  changes: conflict
    ? [{ kind: 'study', entityName: '', field: 'status', from: null, to: null, conflict }]
    : [],
});
const entries = [
  entry('unchanged', 'NCT1'),
  entry('imported', 'NCT2'),
  entry('updated', 'NCT3'),
  entry('updated', 'NCT4', true),
  entry('refused', 'NCT5'),
];

describe('the list of an import', () => {
  it('counts by outcome', () => {
    expect(countsOf(entries)).toEqual({ imported: 1, updated: 2, unchanged: 1, refused: 1 });
  });

  it('puts first what wants a look, and keeps the place in the preview', () => {
    const rows = rowsOf(entries);
    expect(rows.map((row) => row.entry.number)).toEqual(['NCT5', 'NCT4', 'NCT3', 'NCT2', 'NCT1']);
    expect(rows.map((row) => row.place)).toEqual([4, 3, 2, 1, 0]);
  });

  it('filters by outcome and by words, also those of the file', () => {
    const rows = rowsOf(entries);
    expect(filterRows(rows, 'updated', '').map((row) => row.place)).toEqual([3, 2]);
    expect(filterRows(rows, null, 'trial nct2').map((row) => row.place)).toEqual([1]);
    expect(filterRows(rows, null, 'NCT5.json')).toHaveLength(1);
    expect(filterRows(rows, 'refused', 'NCT1')).toEqual([]);
  });

  it('turns on what is shown and can be chosen, and off when all of it is on', () => {
    const shown = filterRows(rowsOf(entries), 'updated', '');
    const on = toggleRows(new Set([1]), shown);
    expect([...on].sort()).toEqual([1, 2, 3]);
    expect([...toggleRows(on, shown)]).toEqual([1]);
    expect([...toggleRows(new Set(), rowsOf(entries))].sort()).toEqual([1, 2, 3]);
  });

  it('tells an earlier state of a study by its dates', () => {
    const dated = (from: string | null, to: string | null): ImportEntry => ({
      ...entry('updated', 'NCT6'),
      changes: [
        {
          kind: 'study',
          entityName: '',
          field: 'record.lastUpdatePost',
          from,
          to,
          conflict: false,
        },
      ],
    });
    expect(isOlder(dated('2026-02-25', '2025-12-17'))).toBe(true);
    expect(isOlder(dated('2025-12-17', '2026-02-25'))).toBe(false);
    expect(isOlder(dated('2026-02-25', null))).toBe(false);
    expect(isOlder(entries[3]!)).toBe(false);
  });

  it('names a file without its folders, on every system', () => {
    expect(baseName('C:\\下载\\NCT1.json')).toBe('NCT1.json');
    expect(baseName('/home/a/NCT1.json')).toBe('NCT1.json');
  });
});
