import { describe, expect, it } from 'vitest';
import type { Register, SpelledSite, SpellingGroup } from '../../platform/contract.gen';
import { apartFrom, byStudy, withItems } from './spelling';

const site = (study: string, id: string): SpelledSite => ({
  study,
  title: '',
  site: id,
  nameZh: '',
  nameEn: 'Ruijin',
  city: '',
});
const sites = [site('a', '1'), site('b', '2'), site('a', '3')];
const group = (organisation: string | null): SpellingGroup => ({
  partner: '',
  organisation: organisation ? { entity: organisation, directory: 'd' } : null,
  nameZh: '',
  nameEn: 'Ruijin',
  city: '',
  why: 'same',
  sites,
});

describe('spellings', () => {
  it('are one step back for each study', () => {
    expect([...byStudy(sites)].map(([study, own]) => [study, own.length])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  it('are kept apart from the hospital, or from each other while there is none', () => {
    expect(apartFrom(group('h'), sites[0]!)).toEqual(['h']);
    expect(apartFrom(group(null), sites[0]!)).toEqual(['2', '3']);
  });

  it('remember what was said before, each once', () => {
    const head = { value: { list: ['h', 'g'] } } as unknown as Register['heads'][number];
    expect(withItems({ heads: [head], conflict: false }, ['h', 'k'])).toEqual({
      list: ['h', 'g', 'k'],
    });
    expect(withItems(undefined, ['h'])).toEqual({ list: ['h'] });
  });
});
