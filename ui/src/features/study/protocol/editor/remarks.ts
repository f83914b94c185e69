// Which parts have something to say: a conflict, a draft, an older translation, an unseen change.
import { Plugin, PluginKey } from 'prosemirror-state';
import { Decoration, DecorationSet } from 'prosemirror-view';
import type { Draft, Entity, StudyDoc } from '../../../../platform/contract.gen';
import { isShown, textOf } from '../../../../lib/doc';
import { eachPart, idOf } from './base';
import { outdated } from './outdated';
import { schema } from './schema';

const { nodes } = schema;

/** What the screen around the text knows of its parts. */
export interface About {
  /** Blocks, and titles by their section's id. */
  blocks: Set<string>;
  sections: Set<string>;
}

export interface AboutDoors {
  drafts: Draft[];
  /** Sections that show more than their text. */
  more: (section: Entity) => boolean;
  /** Sections whose reason for not applying is being written. */
  opened: ReadonlySet<string>;
}

/** Finds what there is to say. */
export function aboutOf(study: StudyDoc, doors: AboutDoors): About {
  const drafted = new Set(doors.drafts.map((draft) => draft.entity));
  const about: About = { blocks: new Set(), sections: new Set() };
  for (const entity of study.entities) {
    if (entity.kind === 'block') {
      if (!isShown(entity)) about.sections.add(entity.parent ?? '');
      else if (isRemarkable(entity, 'text', drafted)) about.blocks.add(entity.id);
    } else if (entity.kind === 'section' && isShown(entity)) {
      const isNot = textOf(entity, 'notApplicable') !== '' || doors.opened.has(entity.id);
      if (isNot || isRemarkable(entity, 'title', drafted)) about.blocks.add(entity.id);
      if (doors.more(entity)) about.sections.add(entity.id);
    }
  }
  return about;
}

function isRemarkable(entity: Entity, field: string, drafted: Set<string>): boolean {
  return (
    entity.mark === 'editedUnseen' ||
    drafted.has(entity.id) ||
    Object.values(entity.fields).some((register) => register.conflict) ||
    outdated(entity, field) !== null
  );
}

const KEY = new PluginKey<{ about: About; set: DecorationSet }>('remarks');

/** Marks the parts that have something to say, so that their views show it. */
export function remarks(first: About): Plugin {
  return new Plugin({
    key: KEY,
    state: {
      init: (_, state) => ({ about: first, set: decorate(state.doc, first) }),
      apply(tr, value, _old, state) {
        const about = (tr.getMeta(KEY) as About | undefined) ?? value.about;
        if (about !== value.about || (tr.docChanged && tr.getMeta('incoming')))
          return { about, set: decorate(state.doc, about) };
        return tr.docChanged ? { about, set: value.set.map(tr.mapping, tr.doc) } : value;
      },
    },
    props: { decorations: (state) => KEY.getState(state)?.set },
  });
}

export const ABOUT = KEY;

function decorate(doc: Parameters<typeof eachPart>[0], about: About): DecorationSet {
  const out: Decoration[] = [];
  const mark = (pos: number, size: number, side: string[]) =>
    out.push(Decoration.node(pos, pos + size, {}, { side }));
  doc.forEach((section, at) => {
    const id = idOf(section);
    if (about.sections.has(id)) mark(at, section.nodeSize, [id]);
    section.forEach((block, offset) => {
      const pos = at + 1 + offset;
      if (block.type === nodes.title) {
        if (about.blocks.has(id)) mark(pos, block.nodeSize, [id]);
      } else if (block.type === nodes.table) {
        const rows = block.children.map(idOf).filter((row) => about.blocks.has(row));
        if (rows.length > 0) mark(pos, block.nodeSize, rows);
      } else if (about.blocks.has(idOf(block))) mark(pos, block.nodeSize, [idOf(block)]);
    });
  });
  return DecorationSet.create(doc, out);
}
