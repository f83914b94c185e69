// Moving blocks and sections with the pointer: what is held, and where it would land.
import type { EditorView } from 'prosemirror-view';
import { moveTo, unitSize } from './commands';
import { findPart } from './places';
import { nodes } from './schema';

export interface Held {
  id: string;
  isSection: boolean;
}

export interface Landing {
  pos: number;
  /** Where the line is drawn. Units: pixels of the window. */
  top: number;
}

/** The block, table or title under a point of the window. */
export function elementAt(view: EditorView, target: EventTarget | null): HTMLElement | null {
  const element = target instanceof Element ? target.closest<HTMLElement>('.block') : null;
  return element && view.dom.contains(element) ? element : null;
}

/** What a handle beside an element takes hold of. */
export function heldBy(element: HTMLElement): Held | null {
  if (element.classList.contains('title')) {
    const id = element.closest('section')?.dataset.entity;
    return id ? { id, isSection: true } : null;
  }
  const id =
    element.dataset.entity ?? element.querySelector<HTMLElement>('tr[data-entity]')?.dataset.entity;
  return id ? { id, isSection: false } : null;
}

/** The child of a section that holds a part: a block itself, or the table of a row. */
function childOf(view: EditorView, id: string) {
  const found = findPart(view.state.doc, id);
  if (!found) return null;
  const $pos = view.state.doc.resolve(found.pos);
  if ($pos.depth <= 1) return { ...found, parent: $pos.parent, index: $pos.index() };
  const pos = $pos.before(2);
  const $child = view.state.doc.resolve(pos);
  return { node: $child.nodeAfter!, pos, parent: $child.parent, index: $child.index() };
}

/** Where something held would land when let go at a height of the window. */
export function landingAt(view: EditorView, held: Held, y: number): Landing | null {
  const selector = held.isSection ? ':scope > section' : '.block';
  let best: Landing | null = null;
  let distance = Infinity;
  const consider = (top: number, pos: () => number | null) => {
    const away = Math.abs(top - y);
    if (away >= distance) return;
    const at = pos();
    if (at === null) return;
    distance = away;
    best = { pos: at, top };
  };
  for (const element of view.dom.querySelectorAll<HTMLElement>(selector)) {
    const box = element.getBoundingClientRect();
    if (box.bottom < y - 400 || box.top > y + 400) continue;
    const own = held.isSection ? { id: element.dataset.entity ?? '' } : heldBy(element);
    if (!own) continue;
    const isTitle = !held.isSection && element.classList.contains('title');
    const edge = (after: boolean) => () => {
      if (held.isSection) {
        const found = findPart(view.state.doc, own.id);
        return found && found.pos + (after ? found.node.nodeSize : 0);
      }
      if (isTitle) {
        const section = findPart(view.state.doc, own.id);
        return section && section.pos + 1 + section.node.firstChild!.nodeSize;
      }
      const child = childOf(view, own.id);
      if (!child) return null;
      if (!after) return child.pos;
      let end = child.pos;
      const n = unitSize(child.parent, child.index);
      for (let i = 0; i < n; i += 1) end += child.parent.child(child.index + i).nodeSize;
      return end;
    };
    if (!isTitle) consider(box.top, edge(false));
    consider(box.bottom, edge(true));
  }
  return best;
}

/** Moves what is held, with the notes behind a block. */
export function drop(view: EditorView, held: Held, pos: number): void {
  const found = held.isSection ? findPart(view.state.doc, held.id) : childOf(view, held.id);
  if (!found) return;
  let size = found.node.nodeSize;
  const child = held.isSection ? null : childOf(view, held.id);
  if (child && child.node.type !== nodes.section) {
    const n = unitSize(child.parent, child.index);
    for (let i = 1; i < n; i += 1) size += child.parent.child(child.index + i).nodeSize;
  }
  moveTo(found.pos, size, pos)(view.state, (tr) => view.dispatch(tr.setMeta('sections', true)));
}
