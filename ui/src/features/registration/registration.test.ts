import { expect, it } from 'vitest';
import type { SheetRow } from '../../platform/contract.gen';
import { copied, isEmptyWanted, langsOf, pagesOf, shownRows } from './registration';

const row = (part: Partial<SheetRow>): SheetRow => ({
  page: { zh: '基本信息', en: 'Basics' },
  key: 'a',
  number: '1',
  repeat: 0,
  label: { zh: '题目', en: 'Title' },
  required: 'yes',
  lang: 'pair',
  zh: '',
  en: '',
  wasZh: '',
  wasEn: '',
  changed: false,
  missing: false,
  unresolved: false,
  places: [],
  fill: [],
  verification: 'verified',
  ...part,
});

it('shows what is missing or changed, by page', () => {
  const rows = [
    row({ missing: true }),
    row({ zh: '卒中', changed: true }),
    row({ page: { zh: '时间', en: 'Time' } }),
  ];
  expect(shownRows(rows, 'missing')).toEqual([rows[0]]);
  expect(shownRows(rows, 'changed')).toEqual([rows[1]]);
  expect(pagesOf(rows).map((page) => page.rows.length)).toEqual([2, 1]);
});

it('knows the languages that a registry asks for', () => {
  expect(langsOf(row({}), 'zh')).toEqual(['zh', 'en']);
  expect(langsOf(row({ lang: 'zh' }), 'en')).toEqual(['zh']);
  expect(langsOf(row({ lang: 'same', zh: '120', en: '120' }), 'en')).toEqual(['zh']);
  expect(langsOf(row({ lang: 'any', zh: '卒中' }), 'en')).toEqual(['zh']);
  const pair = row({ missing: true, zh: '卒中' });
  expect([isEmptyWanted(pair, 'zh'), isEmptyWanted(pair, 'en')]).toEqual([false, true]);
  expect(isEmptyWanted({ ...pair, lang: 'public' }, 'en')).toBe(false);
});

it('copies the language of the interface, else the other one', () => {
  expect(copied(row({ zh: '卒中', en: 'Stroke' }), 'en')).toBe('Stroke');
  expect(copied(row({ zh: '卒中' }), 'en')).toBe('卒中');
});
