// Tables: rows and columns, and the keyboard between cells.
import { Fragment, type Node as PmNode } from 'prosemirror-model';
import { TextSelection, type Command, type EditorState } from 'prosemirror-state';
import type { JsonValue } from '../../../../platform/contract.gen';
import { freshBlock } from './commands';
import { newId } from './ids';
import { blockAt, cellAt, childAt, rowAt, tableAt } from './places';
import { cellsOf, EMPTY, readRich, rowOf, writeRich } from './rich';
import { isBlank, schema } from './schema';

const { nodes } = schema;

/** A new row that has the columns of another. */
function rowLike(row: PmNode): PmNode {
  const cells = row.children.map((cell) => nodes.cell.create({ span: cell.attrs.span }));
  return freshBlock(nodes.row, { widths: row.attrs.widths, layout: 'span' }).copy(
    Fragment.from(cells),
  );
}

/** An empty table. */
export function freshTable(n_rows: number, n_columns: number): PmNode {
  const rows = Array.from({ length: n_rows }, (_, i) =>
    freshBlock(nodes.row, { layout: 'span', head: i === 0 }).copy(
      Fragment.from(Array.from({ length: n_columns }, () => nodes.cell.create())),
    ),
  );
  return nodes.table.create({ word: newId() }, rows);
}

/** Puts a table behind the block at the caret, or in its place when that is empty. */
export const insertTable: Command = (state, dispatch) => {
  const child = childAt(state.selection.$from);
  if (!child || child.node.type === nodes.table) return false;
  const block = blockAt(state.selection.$from);
  const isInstead = block && isBlank(block.node);
  const end = child.pos + child.node.nodeSize;
  const tr = state.tr.replaceWith(isInstead ? child.pos : end, end, freshTable(3, 3));
  const at = isInstead ? child.pos : end;
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 3)).scrollIntoView());
  return true;
};

/** Adds a row beside that of the caret. */
export function addRow(step: -1 | 1): Command {
  return (state, dispatch) => {
    const row = rowAt(state.selection.$from);
    if (!row) return false;
    const at = step < 0 ? row.pos : row.pos + row.node.nodeSize;
    const tr = state.tr.insert(at, rowLike(row.node));
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView());
    return true;
  };
}

/** Deletes the row of the caret; with the last one the table goes. */
export const deleteRow: Command = (state, dispatch) => {
  const { $from } = state.selection;
  const row = rowAt($from);
  const table = tableAt($from);
  if (!row || !table) return false;
  const gone = table.node.childCount === 1 ? table : row;
  const tr = state.tr.delete(gone.pos, gone.pos + gone.node.nodeSize);
  const near = tr.doc.resolve(Math.min(gone.pos, tr.doc.content.size));
  dispatch?.(tr.setSelection(TextSelection.near(near, -1)).scrollIntoView());
  return true;
};

export const deleteTable: Command = (state, dispatch) => {
  const table = tableAt(state.selection.$from);
  if (!table) return false;
  const tr = state.tr.delete(table.pos, table.pos + table.node.nodeSize);
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve(table.pos), -1)).scrollIntoView());
  return true;
};

/** The column in which the caret's cell begins. */
function columnAt(state: EditorState): { from: number; to: number } | null {
  const cell = cellAt(state.selection.$from);
  if (!cell) return null;
  let from = 0;
  for (let i = 0; i < cell.index; i += 1) from += cell.parent.child(i).attrs.span as number;
  return { from, to: from + (cell.node.attrs.span as number) };
}

type CellEdit = (cells: PmNode[], others: ReturnType<typeof cellsOf>) => void;

/** Changes the cells of every row, in both languages. */
function editRows(
  edit: (row: PmNode) => CellEdit | null,
  widths: (w: number[]) => number[],
): Command {
  return (state, dispatch) => {
    const table = tableAt(state.selection.$from);
    if (!table) return false;
    const rows = table.node.children.map((row) => {
      const change = edit(row);
      if (!change) return row;
      const cells = [...row.children];
      const other = row.attrs.other as JsonValue;
      const others = other ? cellsOf(readRich(other)) : [];
      change(cells, others);
      const attrs = {
        ...row.attrs,
        other: others.length > 0 ? writeRich(rowOf(others)) : null,
        widths: row.attrs.widths ? widths(row.attrs.widths as number[]) : null,
        layout: 'span',
      };
      return row.type.create(attrs, cells);
    });
    const cell = cellAt(state.selection.$from);
    const row = rowAt(state.selection.$from);
    const tr = state.tr.replaceWith(
      table.pos,
      table.pos + table.node.nodeSize,
      table.node.copy(Fragment.from(rows)),
    );
    // The caret stays in its row, in the same place counted in cells.
    let at = table.pos + 1;
    for (let i = 0; i < (row?.index ?? 0); i += 1) at += rows[i]!.nodeSize;
    const target = rows[row?.index ?? 0]!;
    const index = Math.min(cell?.index ?? 0, target.childCount - 1);
    at += 1;
    for (let i = 0; i < index; i += 1) at += target.child(i).nodeSize;
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView());
    return true;
  };
}

/** Finds the cell that covers a column, and whether the column begins there. */
function cellFor(row: PmNode, column: number): { index: number; start: number } | null {
  let start = 0;
  for (let index = 0; index < row.childCount; index += 1) {
    const span = row.child(index).attrs.span as number;
    if (column < start + span) return { index, start };
    start += span;
  }
  return null;
}

/** Adds a column beside that of the caret, in every row. */
export function addColumn(step: -1 | 1): Command {
  return (state, dispatch) => {
    const column = columnAt(state);
    if (!column) return false;
    const at = step < 0 ? column.from : column.to;
    return editRows(
      (row) => (cells, others) => {
        const found = cellFor(row, at);
        if (found && found.start < at) {
          const cell = cells[found.index]!;
          const attrs = { ...cell.attrs, span: cell.attrs.span + 1 };
          cells[found.index] = cell.type.create(attrs, cell.content);
          return;
        }
        const index = found ? found.index : cells.length;
        cells.splice(index, 0, nodes.cell.create());
        if (others.length > 0) others.splice(index, 0, EMPTY);
      },
      (w) => w.toSpliced(at, 0, w[Math.min(at, w.length - 1)] ?? 1),
    )(state, dispatch);
  };
}

/** Deletes the column of the caret in every row. */
export const deleteColumn: Command = (state, dispatch) => {
  const column = columnAt(state);
  const table = tableAt(state.selection.$from);
  if (!column || !table) return false;
  if (table.node.children.every((row) => row.childCount === 1)) return deleteTable(state, dispatch);
  return editRows(
    (row) => {
      const found = cellFor(row, column.from);
      if (!found) return null;
      return (cells, others) => {
        const cell = cells[found.index]!;
        if (cell.attrs.span > 1) {
          const attrs = { ...cell.attrs, span: cell.attrs.span - 1 };
          cells[found.index] = cell.type.create(attrs, cell.content);
        } else if (cells.length > 1) {
          cells.splice(found.index, 1);
          others.splice(found.index, 1);
        }
      };
    },
    (w) => w.toSpliced(column.from, 1),
  )(state, dispatch);
};

/** Tab in a table: the next cell; behind the last one a new row. */
export function nextCell(step: -1 | 1): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    const cell = cellAt($from);
    const row = rowAt($from);
    const table = tableAt($from);
    if (!cell || !row || !table) return false;
    const starts: number[] = [];
    table.node.descendants((node, pos) => {
      if (node.type === nodes.cell && node.attrs.vm !== 'cont') starts.push(table.pos + 1 + pos);
      return node.type === nodes.row;
    });
    const here = starts.indexOf(cell.pos);
    const to = starts[here + step];
    if (to === undefined) return step > 0 ? addRow(1)(state, dispatch) : true;
    const end = to + 1 + state.doc.nodeAt(to)!.content.size;
    const selection = TextSelection.create(state.doc, to + 1, end);
    dispatch?.(state.tr.setSelection(selection).scrollIntoView());
    return true;
  };
}

/** Up and down leave the cell for the one above or below, at its first or last line. */
export function cellUpDown(step: -1 | 1): Command {
  return (state, dispatch, view) => {
    const { $head, empty } = state.selection;
    const cell = cellAt($head);
    const row = rowAt($head);
    const table = tableAt($head);
    if (!empty || !cell || !row || !table) return false;
    if (view && !view.endOfTextblock(step < 0 ? 'up' : 'down')) return false;
    const next = table.node.maybeChild(row.index + step);
    if (!next) return leaveTable(step)(state, dispatch);
    const index = Math.min(cell.index, next.childCount - 1);
    let at = step < 0 ? row.pos - next.nodeSize + 1 : row.pos + row.node.nodeSize + 1;
    for (let i = 0; i < index; i += 1) at += next.child(i).nodeSize;
    dispatch?.(state.tr.setSelection(TextSelection.create(state.doc, at + 1)).scrollIntoView());
    return true;
  };
}

/** Out of a table over its first or last row; a paragraph is made where none follows. */
function leaveTable(step: -1 | 1): Command {
  return (state, dispatch) => {
    const table = tableAt(state.selection.$from);
    if (!table || step < 0) return false;
    const end = table.pos + table.node.nodeSize;
    if (table.parent.maybeChild(table.index + 1)?.isTextblock) return false;
    const tr = state.tr.insert(end, freshBlock(nodes.paragraph));
    dispatch?.(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
    return true;
  };
}
