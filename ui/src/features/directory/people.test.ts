import { describe, expect, it } from 'vitest';
import type { PersonRow } from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { counted, fitting, nameOf, otherNameOf, peopleFinder, Ranks, stateRank } from './people';
import { person } from './testPeople';

const rows = [
  person('a', { nameZh: '王芳', nameEn: 'Wang Fang', mobile: '138 0000-1201', state: 'valid' }),
  person('b', {
    nameZh: '李雷',
    organisationName: { zh: '瑞金医院', en: '' },
    roles: ['CRC'],
    state: 'expired',
  }),
  person('c', { nameEn: 'Émile Sample', email: 'emile@example.org', archived: true }),
];
const ids = (found: PersonRow[]) => found.map((row) => row.id).join('');
const all = { state: [], role: [], organisation: [], archived: false };

describe('people', () => {
  it.each([
    ['', 'abc'],
    ['WANG', 'a'],
    ['13800001201', 'a'],
    ['0000-1201', 'a'],
    ['瑞金 李', 'b'],
    ['协调员', 'b'],
    ['emile', 'c'],
    ['王 李', ''],
  ])('are found by %s', (query, found) => {
    expect(ids(peopleFinder(rows).find(query))).toBe(found);
  });

  it('are chosen by certificate and role, and archived ones stand apart', () => {
    expect(ids(fitting(rows, all))).toBe('ab');
    expect(ids(fitting(rows, { ...all, archived: true }))).toBe('c');
    expect(ids(fitting(rows, { ...all, state: ['expired'] }))).toBe('b');
    expect(ids(fitting(rows, { ...all, state: ['expired'], role: ['PHARMACIST'] }))).toBe('');
  });

  it('have a name in the language of the interface, and the other beside it', () => {
    expect([nameOf(rows[0]!), otherNameOf(rows[0]!)]).toEqual(['王芳', 'Wang Fang']);
    locale.lang = 'en';
    expect([nameOf(rows[0]!), otherNameOf(rows[0]!)]).toEqual(['Wang Fang', '王芳']);
    expect([nameOf(rows[1]!), otherNameOf(rows[1]!)]).toEqual(['李雷', '']);
    locale.lang = 'zh';
  });

  it('are ordered by sound, and empty cells stand last', () => {
    const ranks = new Ranks(rows);
    const at = (row: PersonRow) => ranks.of('zh', (one) => one.nameZh, row);
    expect(ids([...rows].sort((a, b) => at(a) - at(b)))).toBe('bac');
    expect(ids([...rows].sort((a, b) => stateRank(a) - stateRank(b)))).toBe('bac');
  });

  it('are counted by what they carry', () => {
    const found = counted(
      rows,
      (row) => row.roles,
      (role) => role,
    );
    expect(found).toEqual([{ value: 'CRC', label: 'CRC', n: 1 }]);
  });
});
