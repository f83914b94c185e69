import { describe, expect, it } from 'vitest';
import type { ContactRow, Mapping } from '../../platform/contract.gen';
import { kindOf, kindsOf, mapped, reread } from '../table/tableImport';
import { choicesOf, detailsOf, resultText, startOf } from './contactImport';

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
  gcpUntil: '',
  note: '',
  siteText: '',
  site: null,
  alike: null,
  sure: false,
  twin: null,
  ...part,
});
const alike = { id: 'p', name: '王芳', organisation: '', why: 'name' as const };

describe('what came of an import', () => {
  it('is said without a zero', () => {
    expect(resultText({ added: 3, completed: 1 })).toBe('新增 3 人，为通讯录中的 1 人补充了信息');
    expect(resultText({ added: 2, completed: 0 })).toBe('新增 2 人');
    expect(resultText({ added: 0, completed: 0 })).toBe('没有新的信息，通讯录未改动');
  });
});

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
