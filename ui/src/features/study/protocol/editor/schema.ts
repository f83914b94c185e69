// What the text of a protocol is made of while it is edited: one node per section and block.
//
// Each block node carries its entity's id and, in `other`, the text in the language that is not
// being edited, so that splitting, merging and taking back treat both languages as one thing.
import { Schema, type DOMOutputSpec, type NodeSpec, type Node as PmNode } from 'prosemirror-model';
import type { JsonValue } from '../../../../platform/contract.gen';

/** What every block knows about itself. */
export interface BlockAttrs {
  id: string;
  other: JsonValue;
  origin: string | null;
  merged: string[];
}

const common = {
  id: { default: '' },
  other: { default: null },
  origin: { default: null },
  merged: { default: [] as string[] },
};

/** A block of text; `kind` keeps a word that a newer program may have written. */
function textBlock(tag: string, more: NodeSpec = {}): NodeSpec {
  return {
    content: 'inline*',
    group: 'block',
    attrs: { ...common, level: { default: 0 }, kind: { default: '' }, ...more.attrs },
    toDOM: (): DOMOutputSpec => [tag, 0],
    ...(more.parseDOM ? { parseDOM: more.parseDOM } : {}),
    defining: true,
  };
}

export const schema = new Schema({
  nodes: {
    doc: { content: 'section*' },
    section: {
      content: 'title block*',
      attrs: {
        id: { default: '' },
        key: { default: '' },
        level: { default: 1 },
        notApplicable: { default: '' },
      },
      isolating: true,
      defining: true,
      toDOM: () => ['section', 0],
    },
    title: {
      content: 'text*',
      marks: '',
      attrs: { other: { default: null } },
      defining: true,
      toDOM: () => ['h2', 0],
    },
    paragraph: textBlock('p', { parseDOM: [{ tag: 'p' }] }),
    heading: textBlock('h3'),
    item: textBlock('div', { attrs: { list: { default: 'bullet' } } }),
    note: textBlock('div'),
    figure: textBlock('figcaption', { attrs: { image: { default: '' } } }),
    table: {
      content: 'row+',
      group: 'block',
      attrs: { word: { default: '' } },
      isolating: true,
      toDOM: () => ['table', ['tbody', 0]],
    },
    row: {
      content: 'cell+',
      attrs: {
        ...common,
        widths: { default: null },
        head: { default: false },
        layout: { default: '' },
      },
      toDOM: () => ['tr', 0],
    },
    cell: {
      content: 'inline*',
      attrs: { span: { default: 1 }, vm: { default: '' } },
      isolating: true,
      toDOM: (node: PmNode) => [
        'td',
        {
          ...(node.attrs.span > 1 ? { colspan: String(node.attrs.span) } : {}),
          ...(node.attrs.vm ? { class: node.attrs.vm === 'cont' ? 'continued' : 'spanning' } : {}),
        },
        0,
      ],
    },
    text: { group: 'inline' },
    br: {
      inline: true,
      group: 'inline',
      selectable: false,
      linebreakReplacement: true,
      leafText: () => '\n',
      parseDOM: [{ tag: 'br' }],
      toDOM: () => ['br'],
    },
    fn: {
      inline: true,
      group: 'inline',
      atom: true,
      attrs: { note: { default: '' } },
      leafText: () => '',
      toDOM: () => ['sup', { class: 'fn' }],
    },
  },
  marks: {
    b: { parseDOM: [{ tag: 'b' }, { tag: 'strong' }], toDOM: () => ['b', 0] },
    i: { parseDOM: [{ tag: 'i' }, { tag: 'em' }], toDOM: () => ['i', 0] },
    u: { parseDOM: [{ tag: 'u' }], toDOM: () => ['u', 0] },
    s: { parseDOM: [{ tag: 's' }], toDOM: () => ['s', 0] },
    sub: { excludes: 'sup', parseDOM: [{ tag: 'sub' }], toDOM: () => ['sub', 0] },
    sup: { excludes: 'sub', parseDOM: [{ tag: 'sup' }], toDOM: () => ['sup', 0] },
    a: {
      attrs: { href: { default: '' } },
      inclusive: false,
      toDOM: (mark) => ['a', { 'data-href': mark.attrs.href as string, title: mark.attrs.href }, 0],
    },
  },
});

export const { nodes, marks } = schema;

/** Whether a node is a block with text of its own; rows and tables are not. */
export const isTextBlock = (node: PmNode) => node.isTextblock && node.type.isInGroup('block');

/** Whether there is nothing in a block in either language. */
export function isBlank(node: PmNode): boolean {
  return node.content.size === 0 && !node.attrs.other && !node.attrs.image;
}
