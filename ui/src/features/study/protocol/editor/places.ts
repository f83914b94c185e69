// Where things are in the text: the block, row, section at a place; ranges that cross borders.
import type { Node as PmNode, ResolvedPos } from 'prosemirror-model';
import { Selection, TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { newId } from './ids';
import { cellsOf, toInline, type Rich } from './rich';
import { schema } from './schema';

const { nodes } = schema;

export interface At {
  node: PmNode;
  pos: number;
  /** Place among its siblings. */
  index: number;
  parent: PmNode;
}

function at($pos: ResolvedPos, depth: number): At {
  return {
    node: $pos.node(depth),
    pos: $pos.before(depth),
    index: $pos.index(depth - 1),
    parent: $pos.node(depth - 1),
  };
}

/** What of a kind a place lies in. */
export function inside($pos: ResolvedPos, fits: (node: PmNode) => boolean): At | null {
  for (let depth = $pos.depth; depth > 0; depth -= 1)
    if (fits($pos.node(depth))) return at($pos, depth);
  return null;
}

export const sectionAt = ($pos: ResolvedPos) => inside($pos, (node) => node.type === nodes.section);
export const tableAt = ($pos: ResolvedPos) => inside($pos, (node) => node.type === nodes.table);
export const rowAt = ($pos: ResolvedPos) => inside($pos, (node) => node.type === nodes.row);
export const cellAt = ($pos: ResolvedPos) => inside($pos, (node) => node.type === nodes.cell);

/** The child of a section that a place lies in: a block, a table or the title. */
export function childAt($pos: ResolvedPos): At | null {
  return $pos.depth >= 2 ? at($pos, 2) : null;
}

/** The text block that a place lies in, outside tables and titles. */
export function blockAt($pos: ResolvedPos): At | null {
  const child = childAt($pos);
  return child && child.node.isTextblock && child.node.type !== nodes.title ? child : null;
}

/** The part of the text with an id, with its place. */
export function findPart(doc: PmNode, id: string): { node: PmNode; pos: number } | null {
  let found: { node: PmNode; pos: number } | null = null;
  doc.descendants((node, pos) => {
    if (found || node.isTextblock) {
      if (!found && node.attrs.id === id) found = { node, pos };
      return false;
    }
    if (node.attrs.id === id) found = { node, pos };
    return !found;
  });
  return found;
}

/** Whether a selection reaches over more than one block or cell. */
export function spansBlocks({ empty, $from, $to }: Selection): boolean {
  return !empty && !($from.sameParent($to) && $from.parent.inlineContent);
}

/** Whether a selection reaches over a border that deleting must not take away. */
export function crossesBorder(selection: Selection): boolean {
  if (!spansBlocks(selection)) return false;
  const { $from, $to } = selection;
  if ($from.depth < 2 || $to.depth < 2 || $from.node(1) !== $to.node(1)) return true;
  const ends = [$from, $to].map((place) => place.node(2));
  return ends.some((node) => node.type === nodes.title || node.type === nodes.table);
}

/** Deletes a range, but no section and no title, nor rows and cells of a table it only touches. */
export function deleteRange(tr: Transaction, from: number, to: number): Transaction {
  const cuts: [number, number][] = [];
  tr.doc.nodesBetween(from, to, (node, pos) => {
    if (node.type === nodes.section || node.type === nodes.row) return true;
    const end = pos + node.nodeSize;
    const isWhole = pos >= from && end <= to;
    if (node.type === nodes.table) {
      if (isWhole) cuts.push([pos, end]);
      return !isWhole;
    }
    if (!node.isTextblock) return true;
    if (node.type === nodes.title) return false;
    if (isWhole && node.type !== nodes.cell) cuts.push([pos, end]);
    else cuts.push([Math.max(from, pos + 1), Math.min(to, end - 1)]);
    return false;
  });
  for (const [start, end] of cuts.reverse()) if (end > start) tr.delete(start, end);
  const near = Math.min(from, tr.doc.content.size);
  return tr.setSelection(Selection.near(tr.doc.resolve(near), 1));
}

/** Deletes what is selected, whatever it spans. */
export function deleteSelected(state: EditorState, tr = state.tr): Transaction {
  if (state.selection.empty) return tr;
  if (crossesBorder(state.selection))
    return deleteRange(tr, state.selection.from, state.selection.to);
  const { $from, $to } = state.selection;
  const isWhole = $from.parentOffset === 0 && $to.parentOffset === $to.parent.content.size;
  if (!spansBlocks(state.selection) || !isWhole) return tr.deleteSelection();
  // Whole blocks go as they are; what is written in their place is new.
  const fresh = nodes.paragraph.create({ id: newId() });
  tr.replaceWith($from.before(), $to.after(), fresh);
  return tr.setSelection(TextSelection.create(tr.doc, $from.before() + 1));
}

/** Puts the caret into a place of a text block, as far as it reaches. Units: UTF-16. */
export function caretIn(tr: Transaction, pos: number, offset: number): Transaction {
  const node = tr.doc.nodeAt(pos);
  const inner = Math.min(Math.max(0, offset), node?.content.size ?? 0);
  return tr.setSelection(TextSelection.near(tr.doc.resolve(pos + 1 + inner), 1));
}

/** Puts a text in the place of that of a block, row or title. */
export function putText(
  tr: Transaction,
  part: { node: PmNode; pos: number },
  rich: Rich,
): Transaction {
  const { node, pos } = part;
  const put = (at: number, old: PmNode, text: Rich) =>
    tr.replaceWith(at + 1, at + 1 + old.content.size, toInline(text));
  if (node.isTextblock) return put(pos, node, rich);
  if (node.type === nodes.section) return put(pos + 1, node.firstChild!, rich);
  const texts = cellsOf(rich);
  let at = pos + 1 + node.content.size;
  // From the last cell to the first, so that places before stay true.
  for (let i = node.childCount - 1; i >= 0; i -= 1) {
    at -= node.child(i).nodeSize;
    if (texts[i]) put(at, node.child(i), texts[i]!);
  }
  return tr;
}

/**
 * Reads where the browser's caret is now. The browser tells it late, after a click and a key may
 * both have come; a command, or a text that comes in, would else go by an older place.
 */
export function readCaret(view: EditorView): void {
  const { domObserver } = view as unknown as { domObserver?: { flush(): void } };
  if (!view.composing) domObserver?.flush();
}
