import { describe, expect, it } from 'vitest';
import type { CheckRow, Entity, StudyDoc } from '../../platform/contract.gen';
import { chaptersOf, countsOf, isOpen, newSection, sectionOf } from './check';

const row = (number: string, part: Partial<CheckRow> = {}): CheckRow => ({
  key: `m11.${number}`,
  number,
  code: '',
  title: { zh: `标题${number}`, en: '' },
  kind: 'text',
  required: true,
  group: 'headings',
  level: number.split('.').length,
  status: 'empty',
  reason: '',
  missing: [],
  detail: {
    blocks: 0,
    zhCharacters: 0,
    enCharacters: 0,
    facts: 0,
    factsWanted: 0,
    factsMet: 0,
    outdated: 0,
  },
  remarks: [],
  places: [],
  ...part,
});
const section = (id: string, key: string): Entity => ({
  id,
  kind: 'section',
  parent: 's',
  ord: '',
  mark: 'none' as Entity['mark'],
  fields: { key: { heads: [{ value: key } as never], conflict: false } },
});

const rows = [
  row('1', { status: 'met' }),
  row('1.1', { status: 'partly' }),
  row('1.2', { status: 'notApplicable' }),
  row('2'),
  row('10'),
];

describe('a check', () => {
  it('is read by chapter; what does not apply is not counted', () => {
    expect(chaptersOf(rows).map((one) => [one.head?.number, one.met, one.total])).toEqual([
      ['1', 1, 2],
      ['2', 0, 1],
      ['10', 0, 1],
    ]);
    expect(countsOf(rows)).toEqual({ met: 1, partly: 1, empty: 2, na: 1 });
    expect(rows.filter(isOpen).map((one) => one.number)).toEqual(['1.1', '2', '10']);
  });

  it('without numbers is one chapter', () => {
    const plain = [row('', { level: 1 }), row('', { level: 1 })];
    expect(chaptersOf(plain).map((one) => [one.head, one.rows.length])).toEqual([[null, 2]]);
  });

  it('finds the section of a heading, and makes one in its place', () => {
    const doc: StudyDoc = { id: 's', entities: [section('a', 'm11.1'), section('b', 'm11.10')] };
    expect(sectionOf(doc, rows[0]!)?.id).toBe('a');
    expect(sectionOf(doc, rows[3]!)).toBeUndefined();
    expect(newSection(doc, rows, rows[3]!)).toEqual({
      after: 'a',
      fields: { key: 'm11.2', level: 1, 'title.zh': '2 标题2' },
    });
  });
});
