import { describe, expect, it } from 'vitest';
import { blocks, inlines, plain, type Inline } from './markdown';
import { CONTENTS, pageOf, pagesOf, search, sectionOf, wordsOf } from './pages';
import { TOPICS, topicOf } from './topics';

const LANGS = ['zh', 'en'] as const;
const linksIn = (parts: Inline[]): string[] =>
  parts.flatMap((part) => [
    ...(part.kind === 'link' ? [part.to] : []),
    ...('parts' in part ? linksIn(part.parts) : []),
  ]);

describe('a page', () => {
  it('is cut into blocks', () => {
    const page = [
      '# Head',
      '',
      'One line',
      'goes on.',
      '',
      '- **First** item',
      '- second',
      '  goes on',
      '1. numbered',
      '',
      '```',
      'a # b',
      '```',
      '| a | b |',
      '| --- | --- |',
      '| 1 | `x` |',
    ].join('\n');
    const found = blocks(page);
    expect(found.map((block) => block.kind)).toEqual([
      'heading',
      'paragraph',
      'list',
      'code',
      'table',
    ]);
    expect(found.map(wordsOf)).toEqual([
      'Head',
      'One line goes on.',
      'First item · second goes on · numbered',
      'a # b',
      'a b · 1 x',
    ]);
  });

  it('has emphasis, code and links, and never anything else', () => {
    expect(inlines('**a *b* c** [c](d.md) `*e*` <b>f</b>')).toEqual([
      {
        kind: 'strong',
        parts: [{ kind: 'text', text: 'a ' }, expect.anything(), expect.anything()],
      },
      { kind: 'text', text: ' ' },
      { kind: 'link', to: 'd.md', parts: [{ kind: 'text', text: 'c' }] },
      { kind: 'text', text: ' ' },
      { kind: 'code', text: '*e*' },
      { kind: 'text', text: ' <b>f</b>' },
    ]);
    expect(plain(inlines('5 * 3 and 2 * 4'))).toBe('5 * 3 and 2 * 4');
  });
});

describe('the pages of docs/user', () => {
  it('are the same ones in both languages, and every place has one', () => {
    const [zh, en] = LANGS.map((lang) => [...pagesOf(lang).keys()].sort());
    expect(zh).toEqual(en);
    for (const { page, section } of TOPICS) {
      expect(zh).toContain(page);
      const places = LANGS.map((lang) => sectionOf(pageOf(lang, page), section));
      if (section !== undefined) expect(places).not.toContain(undefined);
    }
    expect(topicOf(null).page).toBe('first-start');
    expect(topicOf({ screen: 'study', study: 'a', tab: 'protocol' }).page).toBe('protocol');
  });

  it('lead to the section that is meant', () => {
    const titles = (['calendar', 'reminders'] as const).map((part) => {
      const { page, section } = topicOf({ screen: 'settings', part });
      return LANGS.map((lang) => {
        const found = pageOf(lang, page);
        return wordsOf(found.blocks[sectionOf(found, section)!]!);
      });
    });
    expect(titles).toEqual([
      ['工作日', 'Working days'],
      ['提醒', 'Reminders'],
    ]);
  });

  it.each(LANGS)('leave no mark behind and lead nowhere that is not there (%s)', (lang) => {
    for (const page of pagesOf(lang).values()) {
      const words = page.blocks.filter((block) => block.kind !== 'code').map(wordsOf);
      for (const text of words) expect(text).not.toMatch(/\*\*|\]\(|^#|^- /);
      const links = page.blocks.flatMap((block) =>
        block.kind === 'paragraph'
          ? linksIn(block.parts)
          : block.kind === 'list'
            ? block.items.flatMap(linksIn)
            : [],
      );
      for (const to of links.filter((link) => !/^https?:/.test(link)))
        expect([...pagesOf(lang).keys()]).toContain(to.replace(/\.md(#.*)?$/, ''));
    }
  });

  it('are all in the contents', () => {
    for (const lang of LANGS) {
      const contents = pageOf(lang, CONTENTS).blocks;
      const listed = contents.flatMap((block) =>
        block.kind === 'list' ? block.items.flatMap(linksIn) : [],
      );
      const pages = [...pagesOf(lang).keys()].filter((name) => name !== CONTENTS);
      expect(listed.map((link) => link.replace('.md', '')).sort()).toEqual(pages.sort());
    }
  });

  it('are found by words, headings first, with the words marked', () => {
    const hits = search('zh', '提醒');
    expect(hits[0]).toMatchObject({ page: 'today', where: '今日 › 提醒', text: '提醒' });
    expect(hits.some((hit) => hit.text.includes('同一事项不重复提醒'))).toBe(true);
    const [english] = search('en', 'QUIET hours');
    expect(english!.page).toBe('today');
    const [from, to] = english!.marks[0]!;
    expect(english!.text.slice(from, to).toLowerCase()).toBe('quiet');
    expect(search('en', 'nowhere to be found')).toEqual([]);
    expect(search('en', ' ')).toEqual([]);
  });
});
