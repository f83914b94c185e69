import { afterEach, describe, expect, it } from 'vitest';
import type { Entity, Head, JsonValue, StudyDoc } from '../platform/contract.gen';
import { toCells } from './clipboard';
import { partsOf, reconcile, rivals, seenOfAll, textIn } from './doc';
import { fromEntry, toEntry } from './entry';
import { cut, matches } from './fold';
import { isEnter, isShortcut } from './keys';
import { LABELS } from './labels.gen';
import { locale } from './locale.svelte';
import { fieldOf, fieldOfRegister, placeName, registerName, showValue } from './reference';
import { fill, t } from './words';

afterEach(() => {
  locale.lang = 'zh';
});

const head = (op: string, value: JsonValue): Head => ({
  op,
  lam: 1,
  value,
  redacted: false,
  by: 'p',
  byName: '',
  device: 'd',
  at: '2026-01-01T00:00:00Z',
  tzMinutes: 480,
});
const entity = (
  id: string,
  kind: string,
  parent: string | null,
  values: Record<string, JsonValue>,
): Entity => ({
  id,
  kind,
  parent,
  ord: id,
  mark: 'live',
  fields: Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      { heads: [head(`${id}.${name}`, value)], conflict: false },
    ]),
  ),
});

describe('words', () => {
  it('fill places and choose by number', () => {
    expect(fill('{n} {n:day|days} left', { n: 1 })).toBe('1 day left');
    expect(fill('{n} {n:day|days} left', { n: 2 })).toBe('2 days left');
    expect(fill('{path} stays', {})).toBe('{path} stays');
  });
  it('switch in place', () => {
    expect(t('ui.cancel')).toBe('取消');
    locale.lang = 'en';
    expect(t('ui.cancel')).toBe('Cancel');
  });
  it('have the same places in both languages', () => {
    const places = (text: string) =>
      new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]));
    for (const [key, words] of Object.entries(LABELS)) {
      if (!key.startsWith('ui.')) continue;
      expect([...places(words.zh)].sort(), key).toEqual([...places(words.en)].sort());
      expect(words.zh + words.en, key).not.toMatch(/[!！]/);
    }
  });
});

describe('folding', () => {
  it('finds whatever the width, case and accents', () => {
    expect(matches('Ｓｊöｇｒｅｎ syndrome', 'sjogren')).toBe(true);
    expect(matches('复旦大学附属华山医院', '华')).toBe(true);
    expect(matches('Huashan Hospital', 'hosp hua')).toBe(true);
    expect(matches('Huashan', 'ruijin')).toBe(false);
  });
  it('cuts at marks and survives overlapping ones', () => {
    expect(
      cut('abcdef', [
        [1, 3],
        [2, 4],
      ]).map((piece) => [piece.text, piece.marked]),
    ).toEqual([
      ['a', false],
      ['bc', true],
      ['def', false],
    ]);
  });
});

describe('entries', () => {
  const study = (name: string) => fieldOf('study', name);
  it('become values by the kind of field', () => {
    expect(fromEntry(study('enrollment'), ' 420 ')).toEqual({ ok: true, value: 420 });
    expect(fromEntry(study('enrollment'), '4.5')).toMatchObject({ ok: false });
    expect(fromEntry(study('versionDate'), '2026/3/5')).toEqual({ ok: true, value: '2026-03-05' });
    expect(fromEntry(study('conditions'), '卒中\n\n 高血压 ')).toEqual({
      ok: true,
      value: { list: ['卒中', '高血压'] },
    });
    expect(fromEntry(fieldOf('site', 'lat'), '31.20')).toEqual({ ok: true, value: '31.20' });
    expect(fromEntry(study('acronym'), '  ')).toEqual({ ok: true, value: null });
  });
  it('come back as they were typed', () => {
    expect(toEntry(study('conditions'), { list: ['a', 'b'] })).toBe('a\nb');
    expect(toEntry(study('oversight.hasDmc'), false)).toBe('false');
  });
});

describe('values', () => {
  it('are shown in words', () => {
    expect(showValue(fieldOf('study', 'status'), 'RECRUITING')).toBe('招募中');
    expect(showValue(fieldOf('study', 'phase'), 'PHASE1|PHASE2')).toBe('I 期、II 期');
    expect(showValue(fieldOf('site', 'hospital'), 'huashan')).toBe('复旦大学附属华山医院');
    expect(showValue(fieldOf('study', 'oversight.hasDmc'), true)).toBe('是');
    expect(showValue(fieldOf('study', 'status'), 'SOMETHING_NEW')).toBe('SOMETHING_NEW');
  });
  it('name registers as people do', () => {
    expect(fieldOfRegister('study', 'title.zh')?.name).toBe('title');
    expect(registerName('study', 'title.en')).toBe('简短标题 (英文)');
  });
});

describe('a study', () => {
  const doc: StudyDoc = {
    id: 's',
    entities: [
      entity('s', 'study', null, { 'title.en': 'T' }),
      entity('a', 'site', 's', { status: 'X' }),
      entity('b', 'site', null, {}),
      entity('c', 'contact', 'a', { phone: '1', email: '2' }),
    ],
  };
  it('finds parts under a parent; no parent means the study', () => {
    expect(partsOf(doc, 's', 'site').map((part) => part.id)).toEqual(['a', 'b']);
    expect(textIn(doc.entities[0], 'title', 'zh')).toBe('T');
  });
  it('takes everything inside as seen when a part is archived', () => {
    expect(seenOfAll(doc, 'a').sort()).toEqual(['a.status', 'c.email', 'c.phone']);
  });
  it('keeps the objects of parts that did not change', () => {
    const next = structuredClone(doc);
    next.entities[1]!.fields.status!.heads[0]!.value = 'Y';
    const merged = reconcile(doc, next);
    expect(merged.entities[3]).toBe(doc.entities[3]);
    expect(merged.entities[1]).not.toBe(doc.entities[1]);
  });
  it('shows equal rivals once', () => {
    expect(
      rivals({ conflict: true, heads: [head('1', 'x'), head('2', 'y'), head('3', 'x')] }).map(
        (one) => one.op,
      ),
    ).toEqual(['1', '2']);
  });
});

describe('keys', () => {
  const key = (init: KeyboardEventInit) => new KeyboardEvent('keydown', init);
  it('never take Enter from the input method', () => {
    expect(isEnter(key({ key: 'Enter' }))).toBe(true);
    expect(isEnter(key({ key: 'Enter', isComposing: true }))).toBe(false);
    expect(isEnter(key({ key: 'Enter', keyCode: 229 }))).toBe(false);
  });
  it('tell undo from redo', () => {
    expect(isShortcut(key({ key: 'z', ctrlKey: true }), { key: 'z', ctrl: true })).toBe(true);
    expect(
      isShortcut(key({ key: 'Z', ctrlKey: true, shiftKey: true }), { key: 'z', ctrl: true }),
    ).toBe(false);
  });
});

describe('cells', () => {
  it('quote what a spreadsheet would take apart', () => {
    expect(
      toCells([
        ['a', 'b\tc'],
        ['"x"', 'line\nline'],
      ]),
    ).toBe('a\t"b\tc"\r\n"""x"""\t"line\nline"');
  });
});

describe('places', () => {
  it('have their name in the language of the interface', () => {
    expect(showValue(fieldOf('site', 'city'), 'Shanghai')).toBe('上海');
    expect(['China', 'Wuhan', ''].map(placeName)).toEqual(['中国', 'Wuhan', '']);
    locale.lang = 'en';
    expect(showValue(fieldOf('organisation', 'city'), '上海')).toBe('Shanghai');
    locale.lang = 'zh';
  });
});
