// What goes to the clipboard: clean HTML that Word takes, and plain text.
import type { Fragment, Node as PmNode, Slice } from 'prosemirror-model';
import { imageSource } from '../../../../../lib/picture';
import { schema } from '../schema';

const { nodes } = schema;

const TAGS: Record<string, string> = {
  title: 'h2',
  heading: 'h3',
  paragraph: 'p',
  note: 'p',
  item: 'li',
};

/** What a block says about itself, so that a pasting here loses nothing. */
function shapeOf(node: PmNode): string {
  const { id, other, origin, merged, level, list } = node.attrs;
  return JSON.stringify({ id, other, origin, merged, kind: node.type.name, level, list });
}

function inline(parent: PmNode, into: Element, doc: Document): void {
  parent.forEach((node) => {
    let at: Element = into;
    const wrap = (tag: string) => {
      const element = doc.createElement(tag);
      at.appendChild(element);
      at = element;
      return element;
    };
    for (const mark of node.marks) {
      const element = wrap(mark.type.name);
      if (mark.type === schema.marks.a) element.setAttribute('href', mark.attrs.href as string);
    }
    if (node.isText) at.appendChild(doc.createTextNode(node.text!));
    else if (node.type === nodes.br) wrap('br');
    else wrap('sup').setAttribute('data-fn', node.attrs.note as string);
  });
}

class Writer {
  #lists: { element: Element; list: string }[] = [];

  constructor(
    private readonly doc: Document,
    private readonly root: Element,
  ) {}

  fragment(content: Fragment): void {
    content.forEach((node) => {
      if (node.type === nodes.section) this.fragment(node.content);
      else this.block(node);
    });
  }

  block(node: PmNode): void {
    if (node.type !== nodes.item) this.#lists = [];
    if (node.type === nodes.table) this.root.appendChild(this.#table(node.children));
    else if (node.type === nodes.row) this.root.appendChild(this.#table([node]));
    else if (node.type === nodes.figure) this.#figure(node);
    else if (node.isTextblock) {
      const parent = node.type === nodes.item ? this.#listFor(node) : this.root;
      const element = this.doc.createElement(TAGS[node.type.name] ?? 'p');
      if (node.attrs.id) element.setAttribute('data-pd', shapeOf(node));
      inline(node, element, this.doc);
      parent.appendChild(element);
    } else if (node.isInline) {
      const holder = this.doc.createElement('span');
      inline(nodes.paragraph.create(null, node), holder, this.doc);
      this.root.append(...Array.from(holder.childNodes));
    }
  }

  #listFor(item: PmNode): Element {
    const depth = (item.attrs.level as number) + 1;
    const list = item.attrs.list === 'number' ? 'ol' : 'ul';
    this.#lists.length = Math.min(this.#lists.length, depth);
    if (this.#lists.length === depth && this.#lists.at(-1)!.list !== list) this.#lists.pop();
    while (this.#lists.length < depth) {
      const element = this.doc.createElement(list);
      const around = this.#lists.at(-1)?.element;
      // A list inside a list hangs on the item before it.
      (around ? (around.lastElementChild ?? around) : this.root).appendChild(element);
      this.#lists.push({ element, list });
    }
    return this.#lists.at(-1)!.element;
  }

  #table(rows: readonly PmNode[]): Element {
    const table = this.doc.createElement('table');
    table.setAttribute('border', '1');
    const body = table.appendChild(this.doc.createElement('tbody'));
    for (const row of rows) {
      if (row.type !== nodes.row) continue;
      const tr = body.appendChild(this.doc.createElement('tr'));
      tr.setAttribute('data-pd', shapeOf(row));
      row.forEach((cell) => {
        const td = tr.appendChild(this.doc.createElement(row.attrs.head ? 'th' : 'td'));
        if (cell.attrs.span > 1) td.setAttribute('colspan', String(cell.attrs.span));
        if (cell.attrs.vm) td.setAttribute('data-vm', cell.attrs.vm as string);
        inline(cell, td, this.doc);
      });
    }
    return table;
  }

  #figure(node: PmNode): void {
    const figure = this.root.appendChild(this.doc.createElement('figure'));
    figure.setAttribute('data-pd', shapeOf(node));
    const source = imageSource(node.attrs.image as string);
    if (source) figure.appendChild(this.doc.createElement('img')).setAttribute('src', source);
    inline(node, figure.appendChild(this.doc.createElement('figcaption')), this.doc);
  }
}

/** Copied text as HTML; `cut` names a cut, so that what is moved keeps its ids. */
export function toHtml(content: Fragment, doc: Document, cut: string): Element {
  const root = doc.createElement('div');
  root.setAttribute('data-pd-clip', cut);
  new Writer(doc, root).fragment(content);
  return root;
}

/** Copied text as plain text: a line a block, cells with tabs. */
export function toPlain(slice: Slice): string {
  const lines: string[] = [];
  const text = (node: PmNode) => node.textBetween(0, node.content.size, undefined, leaf);
  slice.content.descendants((node) => {
    if (node.type === nodes.row) lines.push(node.children.map(text).join('\t'));
    else if (node.isTextblock && node.type !== nodes.cell) lines.push(text(node));
    return node.type === nodes.section || node.type === nodes.table;
  });
  if (lines.length === 0) return slice.content.textBetween(0, slice.content.size, '\n', leaf);
  return lines.join('\n');
}

const leaf = (node: PmNode) => (node.type === nodes.br ? '\n' : '');
