// What keys and buttons do to blocks: split, merge, indent, change their kind, move.
import { Fragment, type Node as PmNode, type NodeType } from 'prosemirror-model';
import { Selection, TextSelection, type Command, type EditorState } from 'prosemirror-state';
import type { Lang } from '../../../../platform/contract.gen';
import { joinOther, otherOf } from './build';
import { newId } from './ids';
import {
  blockAt,
  caretIn,
  cellAt,
  childAt,
  deleteSelected,
  rowAt,
  sectionAt,
  tableAt,
} from './places';
import { isBlank, schema } from './schema';

const { nodes } = schema;
export const LEVEL_MAX = 4;

/** An empty block of a kind with an id of its own. */
export function freshBlock(type: NodeType, attrs: Record<string, unknown> = {}): PmNode {
  return type.create({ id: newId(), ...attrs });
}

/** Enter: splits a block; in a cell it begins a line; behind a title it begins the section. */
export const enter: Command = (state, dispatch) => {
  const tr = deleteSelected(state);
  const { $from } = tr.selection;
  if (cellAt($from) || $from.parent.type === nodes.figure) {
    if (cellAt($from))
      dispatch?.(tr.replaceSelectionWith(nodes.br.create(), true).scrollIntoView());
    else dispatch?.(insertAfterChild(tr, $from.after(2)));
    return true;
  }
  if ($from.parent.type === nodes.title) {
    const after = $from.after(2);
    dispatch?.(insertAfterChild(tr, after));
    return true;
  }
  const block = blockAt($from);
  if (!block) return false;
  const { node, pos } = block;
  if (node.type === nodes.item && node.content.size === 0) return outdent(state, dispatch);
  const offset = $from.parentOffset;
  if (offset === 0 && node.content.size > 0) {
    // The text keeps its block; the empty one before it is new.
    dispatch?.(tr.insert(pos, freshBlock(node.type, sameKind(node))).scrollIntoView());
    return true;
  }
  const rest = node.content.cut(offset);
  const isEnd = rest.size === 0;
  const type = isEnd && node.type !== nodes.item ? nodes.paragraph : node.type;
  const next = freshBlock(type, {
    ...(type === node.type ? sameKind(node) : {}),
    origin: isEnd ? null : (node.attrs.id as string),
  }).copy(rest);
  tr.delete(pos + 1 + offset, pos + 1 + node.content.size);
  const after = pos + node.nodeSize - rest.size;
  tr.insert(after, next).setSelection(TextSelection.create(tr.doc, after + 1));
  dispatch?.(tr.scrollIntoView());
  return true;
};

function sameKind(node: PmNode) {
  return node.type === nodes.item ? { level: node.attrs.level, list: node.attrs.list } : {};
}

function insertAfterChild(tr: EditorState['tr'], after: number) {
  tr.insert(after, freshBlock(nodes.paragraph));
  return tr.setSelection(TextSelection.create(tr.doc, after + 1)).scrollIntoView();
}

/** Shift+Enter: a line within the block. */
export const lineBreak: Command = (state, dispatch) => {
  if (state.selection.$from.parent.type === nodes.title) return true;
  const tr = deleteSelected(state);
  dispatch?.(tr.replaceSelectionWith(nodes.br.create(), true).scrollIntoView());
  return true;
};

/** Joins a block into the one before it; the first survives and remembers the second. */
function merge(state: EditorState, first: PmNode, pos: number, second: PmNode, lang: Lang) {
  const tr = state.tr;
  const seam = pos + 1 + first.content.size;
  const end = pos + first.nodeSize + second.nodeSize;
  if (isBlank(second)) {
    tr.delete(pos + first.nodeSize, end);
    return tr.setSelection(TextSelection.create(tr.doc, seam));
  }
  if (isBlank(first)) {
    tr.delete(pos, pos + first.nodeSize);
    return tr.setSelection(TextSelection.create(tr.doc, pos + 1));
  }
  tr.setNodeMarkup(pos, null, mergedAttrs(first, second, lang));
  tr.delete(pos + first.nodeSize, end);
  tr.insert(seam, second.content);
  return tr.setSelection(TextSelection.create(tr.doc, seam));
}

/** What the surviving block of a merge says about itself. */
export function mergedAttrs(first: PmNode, second: PmNode, lang: Lang) {
  const ids = [...(first.attrs.merged as string[]), second.attrs.id as string];
  return {
    ...first.attrs,
    merged: [...new Set(ids)],
    other: joinOther(first.attrs.other, second.attrs.other, otherOf(lang)),
  };
}

const isPlain = (node: PmNode | null | undefined): node is PmNode =>
  Boolean(node?.isTextblock && node.type !== nodes.title && node.type !== nodes.figure);

/** Backspace at the start of a block: first its kind goes, then it joins the one before. */
export const backspace =
  (lang: () => Lang): Command =>
  (state, dispatch) => {
    const { selection } = state;
    if (!selection.empty) {
      dispatch?.(deleteSelected(state).scrollIntoView());
      return true;
    }
    const { $from } = selection;
    if ($from.parentOffset > 0) return false;
    const block = blockAt($from);
    // Titles, cells and the first place of a section swallow the key.
    if (!block) return $from.parent.isTextblock;
    if (block.node.type === nodes.item) return outdent(state, dispatch);
    if (block.node.type === nodes.heading) return setKind(nodes.paragraph)(state, dispatch);
    const before = block.parent.child(block.index - 1);
    if (!isPlain(before) || !isPlain(block.node)) {
      if (!isBlank(block.node) || before.type === nodes.title) {
        if (isBlank(block.node) && block.parent.childCount > 2) return removeBlock(state, dispatch);
        return true;
      }
      return removeBlock(state, dispatch);
    }
    const pos = block.pos - before.nodeSize;
    dispatch?.(merge(state, before, pos, block.node, lang()).scrollIntoView());
    return true;
  };

/** Delete at the end of a block: the one behind joins it. */
export const deleteForward =
  (lang: () => Lang): Command =>
  (state, dispatch) => {
    const { selection } = state;
    if (!selection.empty) {
      dispatch?.(deleteSelected(state).scrollIntoView());
      return true;
    }
    const { $from } = selection;
    if ($from.parentOffset < $from.parent.content.size) return false;
    const block = blockAt($from);
    if (!block) return $from.parent.isTextblock;
    const after = block.parent.maybeChild(block.index + 1);
    if (!isPlain(after) || !isPlain(block.node)) return true;
    dispatch?.(merge(state, block.node, block.pos, after, lang()).scrollIntoView());
    return true;
  };

const removeBlock: Command = (state, dispatch) => {
  const block = blockAt(state.selection.$from);
  if (!block) return false;
  const tr = state.tr.delete(block.pos, block.pos + block.node.nodeSize);
  dispatch?.(tr.setSelection(Selection.near(tr.doc.resolve(block.pos), -1)).scrollIntoView());
  return true;
};

/** The text blocks that a selection touches, with their places. */
export function touched(state: EditorState): { node: PmNode; pos: number }[] {
  const out: { node: PmNode; pos: number }[] = [];
  const { from, to } = state.selection;
  state.doc.nodesBetween(from, to, (node, pos) => {
    if (node.type === nodes.table || node.type === nodes.title) return false;
    if (node.isTextblock) out.push({ node, pos });
    return !node.isTextblock;
  });
  return out;
}

/** Makes the selected blocks of a kind. */
export function setKind(type: NodeType, more: Record<string, unknown> = {}): Command {
  return (state, dispatch) => {
    const blocks = touched(state).filter(({ node }) => node.type !== nodes.figure);
    if (blocks.length === 0) return false;
    const tr = state.tr;
    for (const { node, pos } of blocks) {
      const { id, other, origin, merged } = node.attrs;
      const level = type === nodes.item && node.type === nodes.item ? node.attrs.level : 0;
      tr.setNodeMarkup(pos, type, { id, other, origin, merged, level, ...more });
    }
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

function shiftLevel(step: number): Command {
  return (state, dispatch) => {
    const items = touched(state).filter(({ node }) => node.type === nodes.item);
    if (items.length === 0) return false;
    const tr = state.tr;
    for (const { node, pos } of items) {
      const level = Math.min(LEVEL_MAX, Math.max(0, (node.attrs.level as number) + step));
      tr.setNodeAttribute(pos, 'level', level);
    }
    dispatch?.(tr);
    return true;
  };
}

/** Tab in a list. */
export const indent: Command = shiftLevel(1);

/** Shift+Tab in a list, and Backspace at its start: a level less, in the end a paragraph. */
export const outdent: Command = (state, dispatch) => {
  const block = blockAt(state.selection.$from);
  if (block?.node.type !== nodes.item) return false;
  return block.node.attrs.level > 0
    ? shiftLevel(-1)(state, dispatch)
    : setKind(nodes.paragraph)(state, dispatch);
};

/** How many children from an index move together: a block with the notes behind it. */
export function unitSize(parent: PmNode, index: number): number {
  let n = 1;
  if (parent.child(index).type === nodes.note) return n;
  while (parent.maybeChild(index + n)?.type === nodes.note) n += 1;
  return n;
}

/** Where the unit before an index begins; the title counts as none. */
function unitBefore(parent: PmNode, index: number): number {
  let start = index - 1;
  while (start > 1 && parent.child(start).type === nodes.note) start -= 1;
  return start;
}

/** Moves the block at the caret a place up or down, also over the border of a section. */
export function moveBlock(step: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const child = childAt($from);
    const section = sectionAt($from);
    if (!child || !section || child.node.type === nodes.title) return false;
    const row = rowAt($from);
    const table = tableAt($from);
    if (row && table && row.parent.childCount > 1) {
      const next = row.index + step;
      if (next >= 0 && next < table.node.childCount) {
        const to = placeOf(table.node, table.pos + 1, step < 0 ? next : next + 1);
        return moveTo(row.pos, row.node.nodeSize, to)(state, dispatch);
      }
    }
    const n = unitSize(section.node, child.index);
    const size = sizeOf(section.node, child.index, child.index + n);
    const to = target(state, section, child.index, n, step);
    return to === null ? true : moveTo(child.pos, size, to)(state, dispatch);
  };
}

function target(
  state: EditorState,
  section: { node: PmNode; pos: number; index: number },
  index: number,
  n: number,
  step: -1 | 1,
): number | null {
  const start = section.pos + 1;
  if (step < 0) {
    if (index > 1) return placeOf(section.node, start, unitBefore(section.node, index));
    return section.index > 0 ? section.pos - 1 : null;
  }
  if (index + n < section.node.childCount) {
    const next = index + n;
    return placeOf(section.node, start, next + unitSize(section.node, next));
  }
  const after = state.doc.maybeChild(section.index + 1);
  if (!after) return null;
  return section.pos + section.node.nodeSize + 1 + after.firstChild!.nodeSize;
}

function sizeOf(parent: PmNode, from: number, to: number): number {
  let size = 0;
  for (let i = from; i < to; i += 1) size += parent.child(i).nodeSize;
  return size;
}

const placeOf = (parent: PmNode, start: number, index: number) => start + sizeOf(parent, 0, index);

/** Moves what stands in a range to another place, with the caret. */
export function moveTo(pos: number, size: number, to: number): Command {
  return (state, dispatch) => {
    if (to >= pos && to <= pos + size) return false;
    const content: Fragment = state.doc.slice(pos, pos + size).content;
    const tr = state.tr.delete(pos, pos + size);
    const landed = tr.mapping.map(to);
    const { anchor } = state.selection;
    tr.insert(landed, content);
    if (anchor > pos && anchor < pos + size) caretIn(tr, landed, anchor - pos - 1);
    tr.setMeta('moved', true);
    dispatch?.(tr.scrollIntoView());
    return true;
  };
}

/** Ctrl+A: first the block, then the section below its title, then everything. */
export const selectMore: Command = (state, dispatch) => {
  const { $from, from, to } = state.selection;
  const select = (start: number, end: number) => {
    if (from <= start && to >= end) return false;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, start, end)));
    return true;
  };
  if ($from.parent.isTextblock && select($from.start(), $from.end())) return true;
  const section = sectionAt($from);
  if (section) {
    const title = section.node.firstChild!.nodeSize;
    const start = Selection.findFrom(state.doc.resolve(section.pos + 1 + title), 1, true);
    const end = Selection.findFrom(
      state.doc.resolve(section.pos + section.node.nodeSize - 1),
      -1,
      true,
    );
    if (start && end && select(start.from, end.to)) return true;
  }
  return select(Selection.atStart(state.doc).from, Selection.atEnd(state.doc).to);
};
