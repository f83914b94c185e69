// Where the caret stands, in words that a toolbar understands.
import type { EditorState } from 'prosemirror-state';
import { idOf } from './base';
import { blockAt, cellAt, childAt, rowAt, sectionAt } from './places';
import { marks, nodes } from './schema';

export type Kind =
  'paragraph' | 'heading' | 'bullet' | 'number' | 'figure' | 'note' | 'title' | 'row';

export interface Stand {
  /** Changes when something that is shown changes. */
  key: string;
  kind: Kind | null;
  section: string;
  /** The child of the section: a block, a table's row, or the section for its title. */
  part: string;
  /** The block whose leaving saves. */
  block: string;
  words: string;
  marks: ReadonlySet<string>;
  inTable: boolean;
}

export function standAt(state: EditorState): Stand {
  const { $from, empty, from, to } = state.selection;
  const section = sectionAt($from);
  const child = childAt($from);
  const row = rowAt($from);
  const block = blockAt($from);
  const isTitle = child?.node.type === nodes.title;
  const part = row ? idOf(row.node) : block ? idOf(block.node) : isTitle ? idOf(section!.node) : '';
  const on = new Set<string>();
  for (const [name, type] of Object.entries(marks)) {
    const has = empty
      ? Boolean(type.isInSet(state.storedMarks ?? $from.marks()))
      : state.doc.rangeHasMark(from, to, type);
    if (has) on.add(name);
  }
  let kind: Kind | null = null;
  if (isTitle) kind = 'title';
  else if (cellAt($from)) kind = 'row';
  else if (block?.node.type === nodes.item)
    kind = block.node.attrs.list === 'number' ? 'number' : 'bullet';
  else if (block) kind = block.node.type.name as Kind;
  const id = section ? idOf(section.node) : '';
  return {
    key: [kind, id, part, [...on].join()].join(' '),
    kind,
    section: id,
    part,
    block: part,
    words: $from.parent.textContent.slice(0, 40) || (section?.node.firstChild?.textContent ?? ''),
    marks: on,
    inTable: row !== null,
  };
}
