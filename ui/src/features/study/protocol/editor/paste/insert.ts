// Puts what was pasted into the text.
import { Fragment, type Node as PmNode } from 'prosemirror-model';
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state';
import { newId } from '../ids';
import { blockAt, cellAt, childAt, deleteSelected, rowAt, tableAt } from '../places';
import { toInline } from '../rich';
import { isBlank, schema } from '../schema';
import type { Clip, Own, Pasted, PastedRow, PastedText } from './pasted';

const { nodes } = schema;

/** Pasted blocks as nodes; ids are new unless the clip is a move and the block is gone. */
export function toNodes(clip: Clip, isMove: boolean, isHere: (id: string) => boolean): PmNode[] {
  const names = new Map<string, string>();
  const idFor = (own: Own | null) => (own && isMove && !isHere(own.id) ? own.id : newId());
  const attrsOf = (own: Own | null) => {
    const id = idFor(own);
    const kept = own !== null && id === own.id;
    return {
      id,
      other: own?.other ?? null,
      origin: kept ? own.origin : null,
      merged: kept ? own.merged : [],
    };
  };
  for (const block of clip.blocks)
    if (block.kind === 'note') names.set(block.name, idFor(block.own));
  const noteIds = (wanted: string[]) => wanted.map((name) => names.get(name) ?? '');
  const text = (block: PastedText) => {
    const ids = noteIds(block.notes);
    // A reference without its note would count against the notes that are there.
    const known = { ...block.rich, marks: withoutLost(block.rich.marks, ids) };
    const content = toInline(known, ids.filter(Boolean).values());
    const attrs = { ...attrsOf(block.own), level: block.level, list: block.list };
    if (block.kind === 'note') attrs.id = names.get(block.name) ?? attrs.id;
    return nodes[block.kind].create({ ...attrs, image: block.image }, content);
  };
  const row = (pasted: PastedRow) =>
    nodes.row.create(
      { ...attrsOf(pasted.own), head: pasted.head, layout: 'span' },
      pasted.cells.map((cell) => {
        const ids = noteIds(cell.notes);
        const rich = { ...cell.rich, marks: withoutLost(cell.rich.marks, ids) };
        return nodes.cell.create(
          { span: cell.span, vm: cell.vm },
          toInline(rich, ids.filter(Boolean).values()),
        );
      }),
    );
  return clip.blocks.map((block: Pasted) =>
    block.kind === 'table'
      ? nodes.table.create({ word: newId() }, block.rows.map(row))
      : text(block),
  );
}

function withoutLost(marks: PastedText['rich']['marks'], ids: string[]) {
  let n = 0;
  return marks.filter((mark) => mark.kind !== 'fn' || Boolean(ids[n++]));
}

/** Text of several blocks as lines of one. */
function asLines(blocks: PmNode[]): Fragment {
  const out: PmNode[] = [];
  const add = (node: PmNode) => {
    if (!node.isTextblock) return void node.forEach(add);
    if (out.length > 0) out.push(nodes.br.create());
    node.forEach((child) => {
      if (child.type !== nodes.fn) out.push(child);
    });
  };
  blocks.forEach(add);
  return Fragment.from(out);
}

/** Inserts blocks at the selection. */
export function insertBlocks(state: EditorState, blocks: PmNode[], kept: Set<string>): Transaction {
  const tr = deleteSelected(state);
  const { $from, from } = tr.selection;
  if (blocks.length === 0) return tr;
  if ($from.parent.type === nodes.title) {
    const line = blocks.map((block) => block.textContent).join(' ');
    return line ? tr.insertText(line) : tr;
  }
  if (cellAt($from)) {
    const [table] = blocks;
    if (blocks.length === 1 && table?.type === nodes.table) return fillCells(tr, table);
    return tr.insert(from, asLines(blocks));
  }
  const block = blockAt($from);
  const child = childAt($from);
  if (!child) return tr;
  if (!block || block.node.type === nodes.figure)
    return put(tr, child.pos + child.node.nodeSize, blocks);
  const [first] = blocks;
  const joins = first?.type === nodes.paragraph && !kept.has(first.attrs.id as string);
  if (isBlank(block.node)) {
    if (blocks.length === 1 && joins) return tr.insert(from, first!.content);
    return instead(tr, block.node, block.pos, blocks, kept);
  }
  if (blocks.length === 1 && first!.isTextblock && !kept.has(first!.attrs.id as string)) {
    if (first!.type !== nodes.figure && first!.type !== nodes.note)
      return tr.insert(from, first!.content);
  }
  return among(tr, block, blocks, Boolean(joins));
}

/** In the place of an empty block; the first of the new ones takes over its id. */
function instead(
  tr: Transaction,
  empty: PmNode,
  pos: number,
  blocks: PmNode[],
  kept: Set<string>,
): Transaction {
  const [first, ...rest] = blocks;
  const takes = first!.isTextblock && !kept.has(first!.attrs.id as string);
  const id = empty.attrs.id as string;
  const all = takes
    ? [first!.type.create({ ...first!.attrs, id }, first!.content), ...rest]
    : blocks;
  tr.delete(pos, pos + empty.nodeSize);
  return put(tr, pos, all);
}

/** Into the middle of a block: its tail becomes a block of its own behind the new ones. */
function among(
  tr: Transaction,
  block: { node: PmNode; pos: number },
  blocks: PmNode[],
  joins: boolean,
): Transaction {
  const { $from } = tr.selection;
  const offset = $from.parentOffset;
  const { node, pos } = block;
  if (offset === 0) return put(tr, pos, blocks);
  const tail = node.content.cut(offset);
  let rest = blocks;
  if (tail.size > 0) tr.delete(pos + 1 + offset, pos + 1 + node.content.size);
  if (joins) {
    tr.insert(pos + 1 + offset, blocks[0]!.content);
    rest = blocks.slice(1);
  }
  const after = pos + tr.doc.nodeAt(pos)!.nodeSize;
  if (tail.size > 0) {
    const { level, list } = node.attrs;
    const origin = node.attrs.id as string;
    tr.insert(after, node.type.create({ id: newId(), origin, level, list }, tail));
  }
  return rest.length > 0 ? put(tr, after, rest) : tr;
}

/** Inserts blocks at a place between blocks and puts the caret behind them. */
function put(tr: Transaction, pos: number, blocks: PmNode[]): Transaction {
  const content = Fragment.from(blocks);
  tr.insert(pos, content);
  const end = tr.doc.resolve(pos + content.size - 1);
  return tr.setSelection(TextSelection.near(end, -1)).scrollIntoView();
}

const columnsOf = (table: PmNode) =>
  Math.max(
    ...table.children.map((row) =>
      row.children.reduce((n, cell) => n + (cell.attrs.span as number), 0),
    ),
  );

/** Cells from a spreadsheet fill the cells from the caret's on; rows are added where they end. */
function fillCells(tr: Transaction, pasted: PmNode): Transaction {
  const { $from } = tr.selection;
  const table = tableAt($from)!;
  const row = rowAt($from)!;
  const cell = cellAt($from)!;
  const rows = [...table.node.children];
  pasted.children.forEach((from, i) => {
    const into = rows[row.index + i];
    if (!into) {
      const width = columnsOf(table.node);
      const cells = Array.from({ length: width }, (_, c) => {
        const source = from.maybeChild(c - cell.index);
        return nodes.cell.create(null, c >= cell.index && source ? source.content : null);
      });
      rows.push(nodes.row.create({ id: newId(), layout: 'span' }, cells));
      return;
    }
    const cells = into.children.map((old, c) => {
      const source = c >= cell.index ? from.maybeChild(c - cell.index) : null;
      return source ? old.copy(source.content) : old;
    });
    rows[row.index + i] = into.copy(Fragment.from(cells));
  });
  const end = table.pos + table.node.nodeSize;
  const caret = $from.pos;
  tr.replaceWith(table.pos, end, table.node.copy(Fragment.from(rows)));
  return tr.setSelection(TextSelection.near(tr.doc.resolve(caret))).scrollIntoView();
}
