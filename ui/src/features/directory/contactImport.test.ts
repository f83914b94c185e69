import { describe, expect, it } from 'vitest';
import type { ContactRow, Mapping } from '../../platform/contract.gen';
import { kindOf, kindsOf, mapped, reread } from '../table/tableImport';
import {
  choicesOf,
  detailsOf,
  fitting,
  phoneText,
  resultText,
  startOf,
  turned,
} from './contactImport';

const row = (part: Partial<ContactRow> = {}): ContactRow => ({
  name: '王芳',
  latinName: '',
  organisation: '瑞金医院',
  knownOrganisation: false,
  department: '',
  title: '',
  role: '',
  phones: [{ number: '138', extension: '', line: 'mobile', label: '' }],
  emails: [],
  wechat: '',
  gcpUntil: '',
  note: '',
  siteText: '',
  site: null,
  alike: null,
  sure: false,
  person: null,
  twin: null,
  ...part,
});
const alike = { id: 'p', name: '王芳', organisation: '', why: 'name' as const };

describe('what came of an import', () => {
  it('is said without a zero', () => {
    expect(resultText({ added: 3, completed: 1 })).toBe('新增 3 人，为通讯录中的 1 人补充了信息');
    expect(resultText({ added: 2, completed: 0 })).toBe('新增 2 人');
    expect(resultText({ added: 0, completed: 0 })).toBe('没有新的信息，通讯录未改动');
    expect(resultText({ added: 0, completed: 0 }, true)).toBe('没有新的信息，研究未改动');
  });
});

describe('a file of contacts', () => {
  it('joins a sure match, leaves a doubled row, and takes a doubtful one as new', () => {
    const rows = [row(), row({ alike, sure: true }), row({ alike }), row({ twin: 0 })];
    expect(choicesOf(rows, rows.map(startOf))).toEqual([
      { row: 0, into: null, site: null, person: null },
      { row: 1, into: 'p', site: null, person: null },
      { row: 2, into: null, site: null, person: null },
    ]);
  });

  it('is told in one line', () => {
    expect(detailsOf(row())).toBe('瑞金医院 · 138 手机');
    const phone = { number: '021-1', extension: '8', line: 'work', label: '' };
    expect(phoneText(phone)).toBe('021-1 转 8 办公');
    expect(phoneText({ ...phone, extension: '', line: 'plain' })).toBe('021-1');
    expect(phoneText({ ...phone, label: '秘书' })).toBe('021-1 转 8 秘书');
  });

  it('says who of the directory a contact of a study is only when a person does', () => {
    const rows = [row({ person: alike, site: 's' })];
    const chosen = rows.map(startOf);
    expect(choicesOf(rows, chosen)[0]).toEqual({ row: 0, into: null, site: 's', person: null });
    chosen[0]!.same = true;
    expect(choicesOf(rows, chosen)[0]!.person).toBe('p');
  });

  it('is filtered, and what is shown is turned on or off together', () => {
    const rows = [row(), row({ name: '赵敏' }), row({ name: '赵强', organisation: '中山医院' })];
    expect(fitting(rows, '')).toEqual([0, 1, 2]);
    expect(fitting(rows, '赵 中山')).toEqual([2]);
    expect(fitting(rows, '138')).toEqual([0, 1, 2]);
    const off = turned(rows.map(startOf), fitting(rows, '赵'), false);
    expect(off.map((one) => one.take)).toEqual([true, false, false]);
    expect(turned(off, [2], true).map((one) => one.take)).toEqual([true, false, true]);
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
