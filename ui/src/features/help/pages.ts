// The user's pages, taken into the program when it is built: they are there without a network.
import type { Lang } from '../../platform/contract.gen';
import { fold, matches } from '../../lib/fold';
import { blocks, plain, type Block } from './markdown';

const FILES = import.meta.glob<string>('../../../../docs/user/*/*.md', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const FOLDERS: Record<Lang, string> = { zh: 'zh-CN', en: 'en' };

export interface Page {
  name: string;
  title: string;
  blocks: Block[];
}

/** Where a search leads: a block of a page. */
export interface Hit {
  page: string;
  block: number;
  /** The page, and the heading above. */
  where: string;
  text: string;
  marks: [number, number][];
}

/** The page that lists the others. */
export const CONTENTS = 'README';
const HITS_MAX = 40;
const AROUND = 60;

const read = (lang: Lang) => {
  const mine = Object.entries(FILES).filter(([path]) => path.includes(`/${FOLDERS[lang]}/`));
  return new Map(
    mine.map(([path, text]): [string, Page] => {
      const name = path.split('/').at(-1)!.replace('.md', '');
      const parts = blocks(text);
      const title = parts.find((block) => block.kind === 'heading');
      return [name, { name, title: title ? wordsOf(title) : name, blocks: parts }];
    }),
  );
};
const kept = new Map<Lang, Map<string, Page>>();

/** All pages of a language by name. */
export function pagesOf(lang: Lang): Map<string, Page> {
  const found = kept.get(lang) ?? read(lang);
  kept.set(lang, found);
  return found;
}

/** A page; the one that lists the others where there is none. */
export function pageOf(lang: Lang, name: string): Page {
  const pages = pagesOf(lang);
  return pages.get(name) ?? pages.get(CONTENTS) ?? { name, title: name, blocks: [] };
}

/** The block where a section of a page begins; none for the page itself. */
export function sectionOf(page: Page, section: number | undefined): number | undefined {
  const heads = page.blocks.flatMap((block, place) =>
    block.kind === 'heading' && block.level === 2 ? [place] : [],
  );
  return section === undefined ? undefined : heads[section - 1];
}

/** The words of a block without its marks. */
export function wordsOf(block: Block): string {
  if (block.kind === 'code') return block.text;
  if (block.kind === 'list') return block.items.map(plain).join(' · ');
  if (block.kind === 'table')
    return [block.head, ...block.rows].map((row) => row.map(plain).join(' ')).join(' · ');
  return plain(block.parts);
}

/** Blocks that hold every word, headings first, then in the order of the pages. */
export function search(lang: Lang, query: string): Hit[] {
  if (!query.trim()) return [];
  const hits: (Hit & { isHeading: boolean })[] = [];
  for (const page of pagesOf(lang).values()) {
    if (page.name === CONTENTS) continue;
    let heading = page.title;
    page.blocks.forEach((block, place) => {
      const text = wordsOf(block);
      if (block.kind === 'heading') heading = text;
      if (!matches(text, query)) return;
      const where = heading === page.title ? page.title : `${page.title} › ${heading}`;
      hits.push({
        page: page.name,
        block: place,
        where,
        isHeading: block.kind === 'heading',
        ...excerpt(text, query),
      });
    });
  }
  return hits.sort((a, b) => Number(b.isHeading) - Number(a.isHeading)).slice(0, HITS_MAX);
}

/** The part of a text around the first word that was looked for, with the words marked. */
function excerpt(text: string, query: string): { text: string; marks: [number, number][] } {
  const words = fold(query).split(/\s+/).filter(Boolean);
  // A folded text is longer than its own only where a letter was taken apart.
  const isSame = fold(text).length === text.length;
  const first = isSame ? Math.max(0, fold(text).indexOf(words[0] ?? '')) : 0;
  const from = first > AROUND ? first - AROUND / 2 : 0;
  const to = Math.min(text.length, first + 2 * AROUND);
  const piece = text.slice(from, to);
  const lead = from > 0 ? '…' : '';
  const shown = { text: lead + piece + (to < text.length ? '…' : '') };
  if (!isSame) return { ...shown, marks: [] };
  const marks = words.flatMap((word): [number, number][] => {
    const at = fold(piece).indexOf(word);
    return at < 0 ? [] : [[at + lead.length, at + lead.length + word.length]];
  });
  return { ...shown, marks };
}
