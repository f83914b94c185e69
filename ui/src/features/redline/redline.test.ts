import { describe, expect, it } from 'vitest';
import type { Line, Span, State } from '../../platform/contract.gen';
import {
  cellsOf,
  changePlaces,
  isChange,
  itemsOf,
  layoutOf,
  nextChange,
  tableOf,
  valuesOf,
} from './redline';

const span = (text: string, op: Span['op'] = 'same'): Span => ({ op, text, marks: [] });
let n = 0;
const line = (part: Partial<Line> & { is?: State['is'] } = {}): Line => ({
  what: 'block',
  entity: `e${(n += 1)}`,
  was: null,
  section: null,
  kind: 'paragraph',
  name: '',
  level: 0,
  list: '',
  table: '',
  layout: '',
  state: { is: part.is ?? 'same' } as State,
  zh: [span('正文')],
  en: [],
  ...part,
});

describe('what counts as a change', () => {
  it('is read in the languages shown', () => {
    const other = line({ is: 'changed', en: [span('10 mg', 'insert')] });
    expect(isChange(other, 'zh')).toBe(false);
    expect(isChange(other, 'en')).toBe(true);
    expect(isChange(other, 'both')).toBe(true);
  });

  it('is also one of type or level', () => {
    expect(isChange(line({ is: 'changed', en: [span('text')] }), 'zh')).toBe(true);
  });
});

describe('folding', () => {
  const title = line({ what: 'title', entity: 's1' });
  const lines = [
    title,
    ...Array.from({ length: 6 }, () => line({ section: 's1' })),
    line({ is: 'changed', section: 's1', zh: [span('新', 'insert')] }),
    ...Array.from({ length: 4 }, () => line({ section: 's1' })),
  ];

  it('keeps a change, its neighbours and its title', () => {
    const items = itemsOf(lines, 'zh', true);
    expect(items.map((item) => (item.is === 'gap' ? `gap ${item.n}` : item.at))).toEqual([
      0,
      'gap 5',
      6,
      7,
      8,
      'gap 3',
    ]);
  });

  it('opens a gap by its first line', () => {
    const items = itemsOf(lines, 'zh', true, new Set([1]));
    expect(items.map((item) => (item.is === 'gap' ? `gap ${item.n}` : item.at))).toEqual([
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      'gap 3',
    ]);
  });

  it('shows everything when it is wanted', () => {
    expect(itemsOf(lines, 'zh', false)).toHaveLength(lines.length);
  });
});

describe('tables', () => {
  const row = (text: string, layout = '', table = 't1') =>
    line({ kind: 'row', table, layout, zh: [span(text)] });

  it('put rows of one table together', () => {
    const items = itemsOf([row('a\tb'), row('c\td'), row('e', '', 't2'), line()], 'zh', false);
    expect(items.map((item) => (item.is === 'table' ? item.rows.length : item.is))).toEqual([
      2,
      1,
      'line',
    ]);
  });

  it('cut spans at tabs and keep what became of them', () => {
    expect(cellsOf([span('剂量\t5'), span(' mg', 'delete'), span(' g\t日', 'insert')])).toEqual([
      [span('剂量')],
      [span('5'), span(' mg', 'delete'), span(' g', 'insert')],
      [span('日', 'insert')],
    ]);
  });

  it('cover columns and rows as the layout says', () => {
    const rows = [
      row('甲\t乙', '{"vm":["start",""],"span":[1,2]}'),
      row('\t丙\t丁', '{"vm":["cont","",""]}'),
    ];
    const cells = tableOf(rows, 'zh', true);
    expect(cells[0]!.map((cell) => [cell.cols, cell.rows])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    expect(cells[1]).toHaveLength(2);
    // A part of a table has no cell that reaches out of it.
    expect(tableOf(rows, 'zh', false)[1]).toHaveLength(3);
  });

  it('read a broken layout as none', () => {
    expect(layoutOf('{"span":')).toEqual({ span: [], vm: [], w: [], head: false });
  });
});

it('gives both values of a register that changes as a whole', () => {
  expect(valuesOf([span('12'), span('0', 'delete'), span('5', 'insert')])).toEqual({
    was: '120',
    now: '125',
  });
});

it('goes from change to change and round at the ends', () => {
  const lines = [line({ is: 'added' }), line(), line({ is: 'removed' }), line()];
  const places = changePlaces(lines, 'zh');
  expect(places).toEqual([0, 2]);
  expect(nextChange(places, -1, 1)).toBe(0);
  expect(nextChange(places, 0, 1)).toBe(2);
  expect(nextChange(places, 2, 1)).toBe(0);
  expect(nextChange(places, 0, -1)).toBe(2);
  expect(nextChange([], 0, 1)).toBe(-1);
});
