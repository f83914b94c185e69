import { describe, expect, it } from 'vitest';
import type { ContactRow, Mapping } from '../../platform/contract.gen';
import { kindOf, kindsOf, mapped, reread } from '../table/tableImport';
import { choicesOf, detailsOf, startOf } from './contactImport';

const row = (part: Partial<ContactRow> = {}): ContactRow => ({
  name: '王芳',
  latinName: '',
  organisation: '瑞金医院',
  knownOrganisation: false,
  department: '',
  title: '',
  role: '',
  phones: ['138'],
  emails: [],
  wechat: '',
  note: '',
  siteText: '',
  site: null,
  alike: null,
  sure: false,
  twin: null,
  ...part,
});
const alike = { id: 'p', name: '王芳', organisation: '', why: 'name' as const };

describe('a file of contacts', () => {
  it('joins a sure match, leaves a doubled row, and takes a doubtful one as new', () => {
    const rows = [row(), row({ alike, sure: true }), row({ alike }), row({ twin: 0 })];
    expect(choicesOf(rows, rows.map(startOf))).toEqual([
      { row: 0, into: null, site: null },
      { row: 1, into: 'p', site: null },
      { row: 2, into: null, site: null },
    ]);
  });

  it('is told in one line', () => {
    expect(detailsOf(row())).toBe('瑞金医院 · 138');
  });

  it('reads one column as another field', () => {
    const column = { column: 2, head: '电话', field: '' };
    const sheet = { sheet: '', rows: 'contact', headRow: 1, columns: [column] };
    const mapping = { sheets: [sheet] } as unknown as Mapping;
    expect(mapped(mapping, 0, 2, 'phone').sheets[0]!.columns[0]!.field).toBe('phone');
    expect(mapped(mapping, 1, 2, 'phone')).toEqual(mapping);
  });

  it('offers each sheet, and finds the columns anew when its rows or heads are others', () => {
    const column = { column: 1, head: '医院', field: '' };
    const sheet = { sheet: '中心进度', rows: 'contacts' as const, headRow: 1, columns: [column] };
    const mapping: Mapping = { sheets: [sheet, sheet] };
    const choices = [{ rows: 'sites' as const, field: 'site', zh: '中心', en: 'Site' }];
    expect(kindsOf(choices)).toEqual(['skip', 'sites']);
    expect(kindOf(sheet, choices)).toBe('skip');
    expect(reread(mapping, 1, { rows: 'sites', headRow: 2 }).sheets).toEqual([
      sheet,
      { ...sheet, rows: 'sites', headRow: 2, columns: [] },
    ]);
  });
});
