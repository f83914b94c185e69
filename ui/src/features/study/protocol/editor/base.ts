// What the host holds of the text, as the editor last read or saved it: the ground of every save.
import type { Node as PmNode } from 'prosemirror-model';
import type {
  Entity,
  Head,
  JsonValue,
  Lang,
  Register,
  StudyDoc,
} from '../../../../platform/contract.gen';
import { isShown, seenOf } from '../../../../lib/doc';
import { sameValue } from '../../../../lib/entry';
import { blockFields, buildDoc, sectionFields, type Fields } from './build';
import { schema } from './schema';

/** One section or block as it was last read or saved. */
export interface Held {
  kind: 'section' | 'block';
  /** The section of a block; null for a section. */
  parent: string | null;
  fields: Fields;
  /** The operations that stand for each register: the form token. */
  seen: Record<string, string[]>;
  /** The node that these values were read from, to tell quickly that nothing changed. */
  node: PmNode;
  /** Rows: the table's word. */
  table: string;
}

export interface Base {
  held: Map<string, Held>;
  /** Sections, and the blocks of each, in the host's order. */
  sections: string[];
  blocks: Map<string, string[]>;
  /** Everything that was on screen of an entity, for archiving. */
  entities: Map<string, Entity>;
  archived: Set<string>;
}

/** Calls for every section and every block of a text, in order. */
export function eachPart(
  doc: PmNode,
  fn: (node: PmNode, section: PmNode, table: PmNode | null, pos: number) => void,
): void {
  doc.forEach((section, at) => {
    fn(section, section, null, at);
    section.forEach((block, offset) => {
      const pos = at + 1 + offset;
      if (block.type === schema.nodes.table)
        block.forEach((row, inner) => fn(row, section, block, pos + 1 + inner));
      else if (block.type !== schema.nodes.title) fn(block, section, null, pos);
    });
  });
}

export const idOf = (node: PmNode) => node.attrs.id as string;
export const wordOf = (table: PmNode | null) => (table?.attrs.word as string | undefined) ?? '';

/** The registers of a part of the text. */
export function fieldsOf(node: PmNode, table: PmNode | null, lang: Lang): Fields {
  return node.type === schema.nodes.section
    ? sectionFields(node, lang)
    : blockFields(node, wordOf(table), lang);
}

/** The head that a text on screen stands for: the one with that value, else the displayed one. */
export function headFor(register: Register | undefined, value: JsonValue): Head | undefined {
  return register?.heads.find((head) => sameValue(head.value, value)) ?? register?.heads[0];
}

/** The form token for a value on screen: of rivals, only the one that is shown. */
export function tokenFor(register: Register | undefined, value: JsonValue): string[] {
  if (!register?.conflict) return seenOf(register);
  const shown = headFor(register, value);
  return shown
    ? register.heads.filter((head) => sameValue(head.value, shown.value)).map((head) => head.op)
    : [];
}

/** The text of a study in a language, and the ground for saving it. */
export function openText(study: StudyDoc, lang: Lang): { doc: PmNode; base: Base } {
  const doc = buildDoc(study, lang);
  return { doc, base: baseOf(study, doc, lang) };
}

/** The ground for a text that was just built from a study. */
export function baseOf(study: StudyDoc, doc: PmNode, lang: Lang): Base {
  const base: Base = {
    held: new Map(),
    sections: [],
    blocks: new Map(),
    entities: new Map(),
    archived: new Set(),
  };
  for (const entity of study.entities) {
    if (entity.kind !== 'section' && entity.kind !== 'block') continue;
    base.entities.set(entity.id, entity);
    if (!isShown(entity)) base.archived.add(entity.id);
  }
  eachPart(doc, (node, section, table) => {
    const isSection = node === section;
    const entity = base.entities.get(idOf(node));
    const fields = fieldsOf(node, table, lang);
    const seen: Record<string, string[]> = {};
    for (const name of Object.keys(fields))
      seen[name] = tokenFor(entity?.fields[name], fields[name] ?? null);
    base.held.set(idOf(node), {
      kind: isSection ? 'section' : 'block',
      parent: isSection ? null : idOf(section),
      fields,
      seen,
      node,
      table: wordOf(table),
    });
    if (isSection) {
      base.sections.push(idOf(node));
      base.blocks.set(idOf(node), []);
    } else base.blocks.get(idOf(section))?.push(idOf(node));
  });
  return base;
}
