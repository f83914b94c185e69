// Notes and links put into the text by the toolbar.
import { TextSelection, type Command } from 'prosemirror-state';
import { newId } from './ids';
import { blockAt, cellAt, childAt } from './places';
import { marks, nodes } from './schema';

/** A reference at the caret and its note behind the block or table; the caret goes there. */
export const insertNote: Command = (state, dispatch) => {
  const { $from, $to } = state.selection;
  const child = childAt($from);
  if (!child || (!blockAt($from) && !cellAt($from)) || child.node.type === nodes.note) return false;
  const note = newId();
  const at = $to.pos;
  // The n-th reference has the n-th note: count those before the caret.
  let n = 0;
  state.doc.nodesBetween(child.pos, at, (node, pos) => {
    if (node.type === nodes.fn && pos < at) n += 1;
    return true;
  });
  const tr = state.tr.insert(at, nodes.fn!.create({ note }));
  let place = child.pos + tr.doc.nodeAt(child.pos)!.nodeSize;
  const siblings = child.parent;
  for (let i = 0; i < n; i += 1) {
    const next = siblings.maybeChild(child.index + 1 + i);
    if (next?.type !== nodes.note) break;
    place += next.nodeSize;
  }
  tr.insert(place, nodes.note!.create({ id: note }));
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, place + 1)).scrollIntoView());
  return true;
};

/** The address of the link at the selection; empty when there is none. */
export function linkAt(state: Parameters<Command>[0]): string {
  const { $from, from, to, empty } = state.selection;
  const link = marks.a!;
  let href = '';
  if (empty) href = (link.isInSet($from.marks())?.attrs.href as string | undefined) ?? '';
  else
    state.doc.nodesBetween(from, to, (node) => {
      href ||= (link.isInSet(node.marks)?.attrs.href as string | undefined) ?? '';
    });
  return href;
}

/** Sets or, with an empty address, takes away the link of the selection or around the caret. */
export function setLink(href: string): Command {
  return (state, dispatch) => {
    const link = marks.a!;
    let { from, to } = state.selection;
    if (state.selection.empty) {
      const { $from } = state.selection;
      const here = link.isInSet($from.marks());
      if (!here) {
        if (!href || $from.parent.type === nodes.title) return false;
        const tr = state.tr.insertText(href, from);
        dispatch?.(tr.addMark(from, from + href.length, link.create({ href })));
        return true;
      }
      const start = $from.start();
      $from.parent.forEach((node, offset) => {
        if (here.isInSet(node.marks)) {
          from = Math.min(from, start + offset);
          to = Math.max(to, start + offset + node.nodeSize);
        }
      });
    }
    const tr = state.tr.removeMark(from, to, link);
    if (href) tr.addMark(from, to, link.create({ href }));
    dispatch?.(tr);
    return true;
  };
}
