// What always holds in the text, whatever key, pointer or browser changed it.
import type { Node as PmNode } from 'prosemirror-model';
import { Plugin, type EditorState, type Transaction } from 'prosemirror-state';
import { Mapping } from 'prosemirror-transform';
import type { Lang } from '../../../../platform/contract.gen';
import { eachPart, idOf } from './base';
import { mergedAttrs } from './commands';
import { newId } from './ids';
import { schema } from './schema';

const { nodes } = schema;

const isOwn = (tr: Transaction) =>
  !tr.getMeta('incoming') && !tr.getMeta('history$') && !tr.getMeta('moved');

/** Keeps sections from being deleted by the way, ids single, and notes with their references. */
export function guard(lang: () => Lang): Plugin {
  return new Plugin({
    filterTransaction(tr, state) {
      if (!tr.docChanged || !isOwn(tr) || tr.getMeta('sections')) return true;
      return tr.doc.childCount >= state.doc.childCount;
    },
    appendTransaction(done, old, state) {
      if (!done.some((tr) => tr.docChanged)) return null;
      const tr = state.tr;
      giveIds(tr);
      if (done.every((one) => !one.docChanged || isOwn(one))) {
        rememberMerged(tr, done, old, state, lang());
        keepNotes(tr, old.doc);
      }
      return tr.docChanged ? tr : null;
    },
  });
}

/** The first part with an id keeps it; a second one is a copy and gets its own. */
function giveIds(tr: Transaction): void {
  const used = new Set<string>();
  const doc = tr.doc;
  eachPart(doc, (node, _section, _table, pos) => {
    const id = idOf(node);
    if (id && !used.has(id)) used.add(id);
    else {
      const fresh = newId();
      used.add(fresh);
      tr.setNodeAttribute(pos, 'id', fresh);
    }
  });
}

/** The ids of a text, with place and node. */
function partsOf(doc: PmNode): Map<string, { node: PmNode; pos: number }> {
  const parts = new Map<string, { node: PmNode; pos: number }>();
  eachPart(doc, (node, _section, _table, pos) => {
    if (node.isTextblock) parts.set(idOf(node), { node, pos });
  });
  return parts;
}

/** A block whose end now stands in another block went into it. */
function rememberMerged(
  tr: Transaction,
  done: readonly Transaction[],
  old: EditorState,
  state: EditorState,
  lang: Lang,
): void {
  if (old.doc.nodeSize <= state.doc.nodeSize && old.doc.childCount === state.doc.childCount) {
    // Nothing went away when nothing became shorter; typing comes here.
    if (done.every((one) => one.steps.every((step) => !isWide(step.getMap())))) return;
  }
  const now = partsOf(state.doc);
  const mapping = new Mapping(done.flatMap((one) => one.mapping.maps));
  for (const [id, { node, pos }] of partsOf(old.doc)) {
    if (now.has(id) || node.content.size === 0) continue;
    const end = mapping.mapResult(pos + 1 + node.content.size, -1);
    if (end.deletedBefore) continue;
    const $end = state.doc.resolve(end.pos);
    const parent = $end.parent;
    if (!parent.isTextblock || !parent.attrs.id || $end.depth !== 2) continue;
    const known = tr.doc.nodeAt($end.before());
    if (!known || (known.attrs.merged as string[]).includes(id)) continue;
    tr.setNodeMarkup($end.before(), null, mergedAttrs(known, node, lang));
  }
}

function isWide(map: { forEach(fn: (a: number, b: number) => void): void }): boolean {
  let wide = false;
  map.forEach((from, to) => (wide ||= to - from > 1));
  return wide;
}

interface Notes {
  blocks: Map<string, PmNode>;
  references: Set<string>;
}

/** Notes and references to them in those blocks of a text that are not in another one. */
function notesIn(doc: PmNode, other: PmNode): Notes {
  const known = new Set<PmNode>();
  other.forEach((section) => section.forEach((block) => void known.add(block)));
  const notes: Notes = { blocks: new Map(), references: new Set() };
  doc.forEach((section) =>
    section.forEach((block) => {
      if (known.has(block)) return;
      if (block.type === nodes.note) notes.blocks.set(idOf(block), block);
      block.descendants((node) => {
        if (node.type === nodes.fn) notes.references.add(node.attrs.note as string);
      });
    }),
  );
  return notes;
}

/** A note goes with its reference, and a reference with its note. */
function keepNotes(tr: Transaction, old: PmNode): void {
  const before = notesIn(old, tr.doc);
  if (before.references.size === 0 && before.blocks.size === 0) return;
  const after = notesIn(tr.doc, old);
  const gone = new Set<string>();
  for (const id of before.references) if (id && !after.references.has(id)) gone.add(id);
  for (const id of before.blocks.keys()) if (!after.blocks.has(id)) gone.add(id);
  if (gone.size === 0) return;
  const cuts: [number, number][] = [];
  tr.doc.descendants((node, pos) => {
    const id = node.type === nodes.note ? idOf(node) : node.attrs.note;
    if ((node.type === nodes.note || node.type === nodes.fn) && gone.has(id as string))
      cuts.push([pos, pos + node.nodeSize]);
    return node.type !== nodes.note || !gone.has(id as string);
  });
  for (const [from, to] of cuts.reverse()) tr.delete(from, to);
}
