// From the study to the editor's text, and back to registers. Pure.
import { Fragment, type Node as PmNode } from 'prosemirror-model';
import type { Entity, JsonValue, Lang, StudyDoc } from '../../../../platform/contract.gen';
import { isShown, partsOf, textOf, valueOf } from '../../../../lib/doc';
import {
  cellsOf,
  fromInline,
  joinRich,
  readRich,
  rowOf,
  toInline,
  writeRich,
  type Rich,
} from './rich';
import { schema } from './schema';

export type Fields = Record<string, JsonValue>;

const { nodes } = schema;
const TEXT_TYPES = ['paragraph', 'heading', 'item', 'figure', 'note'] as const;
type TextType = (typeof TEXT_TYPES)[number];

export const otherOf = (lang: Lang): Lang => (lang === 'zh' ? 'en' : 'zh');

/** How deep a section stands, from 1: as it says itself, else as its key does. */
export function levelOf(section: Entity): number {
  const said = Number(valueOf(section, 'level'));
  const keyed = Math.max(1, textOf(section, 'key').split('.').length - 1);
  return Math.min(6, Math.max(1, Number.isFinite(said) && said > 0 ? said : keyed));
}

/** Blocks of a section that are part of the text: neither archived nor only proposed. */
export function blocksOf(doc: StudyDoc, section: string): Entity[] {
  return partsOf(doc, section, 'block').filter((block) => valueOf(block, 'pending') !== true);
}

/** The whole text in one language. */
export function buildDoc(doc: StudyDoc, lang: Lang): PmNode {
  const blocks = new Map<string, Entity[]>();
  for (const entity of doc.entities) {
    if (entity.kind !== 'block' || !isShown(entity) || valueOf(entity, 'pending') === true)
      continue;
    const list = blocks.get(entity.parent ?? '');
    if (list) list.push(entity);
    else blocks.set(entity.parent ?? '', [entity]);
  }
  const sections = doc.entities
    .filter((entity) => entity.kind === 'section' && isShown(entity))
    .map((section) => buildSection(section, blocks.get(section.id) ?? [], lang));
  return nodes.doc.create(null, sections);
}

function buildSection(section: Entity, blocks: Entity[], lang: Lang): PmNode {
  const words = new Map(blocks.map((block) => [block.id, textOf(block, 'table')]));
  return nodes.section.create(sectionAttrs(section), [
    buildTitle(section, lang),
    ...groupRows(buildBlocks(blocks, lang), (id) => words.get(id) ?? ''),
  ]);
}

export function sectionAttrs(section: Entity) {
  return {
    id: section.id,
    key: textOf(section, 'key'),
    level: levelOf(section),
    notApplicable: textOf(section, 'notApplicable'),
  };
}

export function buildTitle(section: Entity, lang: Lang): PmNode {
  const title = textOf(section, `title.${lang}`).replaceAll('\n', ' ');
  const other = textOf(section, `title.${otherOf(lang)}`) || null;
  return nodes.title.create({ other }, title ? schema.text(title) : null);
}

/** Blocks as nodes; rows stand alone still. */
export function buildBlocks(blocks: Entity[], lang: Lang): PmNode[] {
  const widest = widestRows(blocks);
  return blocks.map((block, i) =>
    textOf(block, 'type') === 'row'
      ? buildRow(block, lang, notesBehind(blocks, i), widest.get(textOf(block, 'table')) ?? 1)
      : buildText(block, lang, notesBehind(blocks, i)),
  );
}

/** The ids of the notes right behind a block, or behind the whole table of a row. */
function notesBehind(blocks: Entity[], at: number): string[] {
  let next = at + 1;
  if (textOf(blocks[at], 'type') === 'row')
    while (textOf(blocks[next], 'type') === 'row') next += 1;
  const ids: string[] = [];
  while (textOf(blocks[next], 'type') === 'note') {
    ids.push(blocks[next]!.id);
    next += 1;
  }
  return ids;
}

function widestRows(blocks: Entity[]): Map<string, number> {
  const widest = new Map<string, number>();
  for (const block of blocks) {
    if (textOf(block, 'type') !== 'row') continue;
    const word = textOf(block, 'table');
    const n = Math.max(
      ...(['zh', 'en'] as const).map((lang) => textOf(block, `text.${lang}`).split('\t').length),
    );
    widest.set(word, Math.max(n, widest.get(word) ?? 1));
  }
  return widest;
}

function commonAttrs(block: Entity, lang: Lang) {
  const origin = valueOf(block, 'origin') as { $ref?: string } | null;
  const merged = valueOf(block, 'merged') as { list?: string[] } | null;
  return {
    id: block.id,
    other: writeRich(readRich(valueOf(block, `text.${otherOf(lang)}`))),
    origin: origin?.$ref ?? null,
    merged: merged?.list ?? [],
  };
}

function buildText(block: Entity, lang: Lang, notes: string[]): PmNode {
  const said = textOf(block, 'type') || 'paragraph';
  const type: TextType = TEXT_TYPES.includes(said as TextType) ? (said as TextType) : 'paragraph';
  const content = toInline(readRich(valueOf(block, `text.${lang}`)), notes.values());
  const attrs = {
    ...commonAttrs(block, lang),
    level: Number(valueOf(block, 'level')) || 0,
    kind: type === said ? '' : said,
    list: textOf(block, 'list') || 'bullet',
    image: textOf(block, 'image'),
  };
  return nodes[type].create(attrs, content);
}

interface Layout {
  span?: number[];
  vm?: string[];
  w?: number[];
  head?: boolean;
}

function readLayout(text: string): Layout {
  try {
    const read: unknown = JSON.parse(text || '{}');
    return read && typeof read === 'object' ? (read as Layout) : {};
  } catch {
    return {};
  }
}

function buildRow(block: Entity, lang: Lang, notes: string[], widest: number): PmNode {
  const layout = readLayout(textOf(block, 'layout'));
  const rich = readRich(valueOf(block, `text.${lang}`));
  const other = textOf(block, `text.${otherOf(lang)}`);
  // A row without any text says nowhere how many cells it has.
  const n = Math.max(
    rich.text ? 1 : (layout.span?.length ?? (other ? other.split('\t').length : widest)),
    layout.span?.length ?? 1,
  );
  const ids = notes.values();
  const cells = cellsOf(rich).map((cell) => toInline(cell, ids));
  while (cells.length < n) cells.push(Fragment.empty);
  return nodes.row.create(
    {
      ...commonAttrs(block, lang),
      widths: layout.w ?? null,
      head: layout.head ?? false,
      layout: layout.span ? 'span' : '',
    },
    cells.map((content, i) =>
      nodes.cell.create({ span: layout.span?.[i] ?? 1, vm: layout.vm?.[i] ?? '' }, content),
    ),
  );
}

/** Puts rows of one table that stand together into a table. */
export function groupRows(blocks: readonly PmNode[], wordOf: (row: string) => string): PmNode[] {
  const out: PmNode[] = [];
  let rows: PmNode[] = [];
  let word: string | null = null;
  const close = () => {
    if (rows.length > 0) out.push(nodes.table.create({ word: word ?? '' }, rows));
    rows = [];
  };
  for (const block of blocks) {
    if (block.type !== nodes.row) {
      close();
      out.push(block);
      continue;
    }
    const own = wordOf(block.attrs.id as string);
    if (rows.length > 0 && own !== word) close();
    word = own;
    rows.push(block);
  }
  close();
  return out;
}

/** The layout of a row as text of JSON; empty when there is nothing to say. */
export function layoutOf(row: PmNode): string {
  const span: number[] = [];
  const vm: string[] = [];
  row.forEach((cell) => {
    span.push(cell.attrs.span as number);
    vm.push(cell.attrs.vm as string);
  });
  const layout: Layout = {
    ...(row.attrs.layout === 'span' || span.some((n) => n > 1) ? { span } : {}),
    ...(vm.some(Boolean) ? { vm } : {}),
    ...(row.attrs.widths ? { w: row.attrs.widths as number[] } : {}),
    ...(row.attrs.head ? { head: true } : {}),
  };
  return Object.keys(layout).length > 0 ? JSON.stringify(layout) : '';
}

/** A text, where white space alone counts as none, as the host does. */
const kept = (rich: Rich): JsonValue => (rich.text.trim() === '' ? null : writeRich(rich));

/** The text of a row: its cells. */
export function rowText(row: PmNode): Rich {
  const cells: Rich[] = [];
  row.forEach((cell) => void cells.push(fromInline(cell)));
  return rowOf(cells);
}

/** The registers that a block stands for. */
export function blockFields(node: PmNode, table: string, lang: Lang): Fields {
  const isRow = node.type === nodes.row;
  const { attrs } = node;
  const merged = attrs.merged as string[];
  return {
    type: (attrs.kind as string) || node.type.name,
    level: (attrs.level as number) || null,
    list: node.type === nodes.item && attrs.list !== 'bullet' ? (attrs.list as string) : null,
    table: isRow ? table || null : null,
    layout: isRow ? layoutOf(node) || null : null,
    image: (attrs.image as string) || null,
    origin: attrs.origin ? { $ref: attrs.origin as string } : null,
    merged: merged.length > 0 ? { list: merged } : null,
    [`text.${lang}`]: kept(isRow ? rowText(node) : fromInline(node)),
    [`text.${otherOf(lang)}`]: kept(readRich(attrs.other as JsonValue)),
  };
}

/** The registers that a section stands for. */
export function sectionFields(section: PmNode, lang: Lang): Fields {
  const title = section.firstChild?.textContent.trim() ?? '';
  const kept = section.firstChild?.attrs.other as JsonValue | undefined;
  const other = typeof kept === 'string' ? kept.trim() : '';
  return {
    level: section.attrs.level as number,
    notApplicable: (section.attrs.notApplicable as string).trim() || null,
    [`title.${lang}`]: title || null,
    [`title.${otherOf(lang)}`]: other || null,
  };
}

/** Joins the other language's texts of two blocks that become one. */
export function joinOther(first: JsonValue, second: JsonValue, lang: Lang): JsonValue {
  const parts = [readRich(first), readRich(second)].filter((part) => part.text !== '');
  return writeRich(joinRich(parts, lang === 'en' ? ' ' : ''));
}
