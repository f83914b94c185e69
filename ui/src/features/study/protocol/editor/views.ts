// How sections, titles, blocks and tables stand on the screen: the text, the other language beside
// it, and what there is to say about it below.
import type { Node as PmNode } from 'prosemirror-model';
import type { Decoration, EditorView, NodeView, ViewMutationRecord } from 'prosemirror-view';
import type { JsonValue, Lang } from '../../../../platform/contract.gen';
import { otherOf } from './build';
import { imageSource } from '../../../../lib/picture';
import { cellsOf, readRich, toInline, type Rich } from './rich';
import { schema } from './schema';

const { nodes } = schema;

export interface ViewDoors {
  lang: () => Lang;
  beside: () => boolean;
  /** Words by language of the interface. */
  word: (key: 'blank' | 'untitled' | 'picture' | 'begin') => string;
  guidance: (key: string) => string;
  /** Goes to the other language's text of a part. */
  cross: (id: string) => void;
  /** Begins to write in an empty section. */
  begin: (section: string) => void;
  /** Shows what there is to say about parts; gives back how to take it away. */
  say: (kind: 'block' | 'section', ids: string[], into: HTMLElement) => () => void;
}

const TAGS: Record<string, string> = { paragraph: 'p', figure: 'figcaption' };
const langTag = (lang: Lang) => (lang === 'zh' ? 'zh-CN' : 'en');

function make(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

/** A part of the page that the editor leaves alone. */
function apart(tag: string, className: string): HTMLElement {
  const element = make(tag, className);
  element.contentEditable = 'false';
  return element;
}

/** Draws a text with its marks; for reading only. */
export function drawRich(rich: Rich, into: HTMLElement): void {
  into.replaceChildren();
  toInline(rich).forEach((node) => {
    let at: HTMLElement = into;
    for (const mark of node.marks) {
      const tag = mark.type.name === 'a' ? 'span' : mark.type.name;
      at = at.appendChild(make(tag, mark.type.name === 'a' ? 'link' : ''));
    }
    if (node.isText) at.append(node.text!);
    else at.append(make(node.type === nodes.br ? 'br' : 'sup', node.type === nodes.fn ? 'fn' : ''));
  });
}

/** An element that is a heading while it has text. */
function asHeading(element: HTMLElement, level: number, blank: boolean): void {
  element.role = blank ? null : 'heading';
  element.ariaLevel = blank ? null : String(Math.min(6, level));
}

const sideOf = (decorations: readonly Decoration[]): string[] =>
  decorations.flatMap((decoration) => (decoration.spec.side as string[] | undefined) ?? []);

/** What is common to all: the other language at the right, the remarks below. */
abstract class Part implements NodeView {
  dom: HTMLElement;
  contentDOM!: HTMLElement;
  #other: HTMLElement | null = null;
  #otherKey = '';
  #side: HTMLElement | null = null;
  #sideKey = '';
  #unsay: (() => void) | null = null;

  constructor(
    protected node: PmNode,
    protected readonly doors: ViewDoors,
    dom: HTMLElement,
    private readonly about: 'block' | 'section' = 'block',
  ) {
    this.dom = dom;
  }

  abstract update(node: PmNode, decorations: readonly Decoration[]): boolean;

  protected drawSide(decorations: readonly Decoration[]): void {
    const ids = sideOf(decorations);
    const key = ids.join(' ');
    if (key === this.#sideKey) return;
    this.#sideKey = key;
    this.#unsay?.();
    this.#unsay = null;
    this.#side?.remove();
    this.#side = null;
    if (ids.length === 0) return;
    this.#side = apart('div', 'side');
    this.dom.append(this.#side);
    this.#unsay = this.doors.say(this.about, ids, this.#side);
  }

  protected drawOther(value: JsonValue, draw: (into: HTMLElement) => void, id: string): void {
    if (!this.doors.beside()) return;
    const key = JSON.stringify(value);
    if (this.#other && key === this.#otherKey) return;
    this.#otherKey = key;
    if (!this.#other) {
      this.#other = apart('div', 'other');
      this.#other.lang = langTag(otherOf(this.doors.lang()));
      this.#other.addEventListener('click', () => {
        if (!getSelection()?.toString()) this.doors.cross(id);
      });
      (this.contentDOM.closest('.own') ?? this.contentDOM).after(this.#other);
    }
    this.#other.classList.toggle('none', value === null);
    draw(this.#other);
  }

  protected isApart(target: globalThis.Node): boolean {
    return Boolean(
      (this.#side?.contains(target) ?? false) || (this.#other?.contains(target) ?? false),
    );
  }

  stopEvent(event: Event): boolean {
    return this.isApart(event.target as globalThis.Node);
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    if (mutation.type === 'selection') return this.isApart(mutation.target);
    return !this.contentDOM.contains(mutation.target) || mutation.target === this.dom;
  }

  destroy(): void {
    this.#unsay?.();
  }
}

/** A paragraph, heading, item, figure or note. */
class BlockView extends Part {
  #own: HTMLElement;
  #image: HTMLImageElement | null = null;
  #level = 0;
  #blank: boolean | null = null;

  constructor(
    node: PmNode,
    doors: ViewDoors,
    decorations: readonly Decoration[],
    section: () => PmNode,
  ) {
    super(node, doors, make('div', ''));
    this.dom.dataset.entity = node.attrs.id as string;
    this.dom.dataset.testid = 'block';
    this.#own = this.dom.appendChild(make('div', 'own'));
    const tag = TAGS[node.type.name] ?? 'div';
    this.contentDOM = this.#own.appendChild(make(tag, 'content'));
    if (node.type === nodes.heading) this.#level = (section().attrs.level as number) + 2;
    this.#own.lang = langTag(doors.lang());
    this.#draw(node, decorations);
  }

  update(node: PmNode, decorations: readonly Decoration[]): boolean {
    if (node.type !== this.node.type || node.attrs.id !== this.node.attrs.id) return false;
    const old = this.node;
    this.node = node;
    if (old.attrs !== node.attrs || (old.content.size === 0) !== (node.content.size === 0))
      this.#draw(node, decorations);
    else this.drawSide(decorations);
    return true;
  }

  #draw(node: PmNode, decorations: readonly Decoration[]): void {
    const { level, list, image, other } = node.attrs;
    const kind = node.type.name;
    const blank = node.content.size === 0;
    const names = ['block', kind];
    if (node.type === nodes.item) names.push(`level${level}`, list === 'number' ? 'number' : 'dot');
    if (blank) names.push('blank');
    const name = names.join(' ');
    if (this.dom.className !== name) this.dom.className = name;
    if (blank && this.#blank !== blank) {
      // The other language's text stands where this one's is missing.
      const hint = this.doors.beside() ? '' : readRich(other as JsonValue).text.slice(0, 300);
      this.contentDOM.dataset.placeholder = hint || this.doors.word('blank');
    }
    this.#blank = blank;
    if (this.#level > 0) asHeading(this.contentDOM, this.#level, blank);
    if (node.type === nodes.figure) this.#drawImage(image as string);
    this.drawOther(
      other as JsonValue,
      (into) => drawRich(readRich(other as JsonValue), into),
      node.attrs.id as string,
    );
    this.drawSide(decorations);
  }

  #drawImage(image: string): void {
    const source = imageSource(image);
    if (!this.#image) {
      this.#image = document.createElement('img');
      this.#image.alt = this.doors.word('picture');
      const frame = apart('div', 'picture');
      frame.append(this.#image);
      this.#own.prepend(frame);
    }
    if (this.#image.getAttribute('src') !== source) this.#image.src = source;
  }
}

/** A title of a section. */
class TitleView extends Part {
  #section = '';
  #level = 2;

  constructor(node: PmNode, doors: ViewDoors, section: PmNode, decorations: readonly Decoration[]) {
    super(node, doors, make('div', 'block title'));
    this.contentDOM = this.dom.appendChild(make('div', 'content'));
    this.#level = (section.attrs.level as number) + 1;
    this.contentDOM.lang = langTag(doors.lang());
    this.#section = section.attrs.id as string;
    this.#draw(node, decorations, this.#section);
  }

  update(node: PmNode, decorations: readonly Decoration[]): boolean {
    if (node.type !== nodes.title) return false;
    this.node = node;
    this.#draw(node, decorations, this.#section);
    return true;
  }

  #draw(node: PmNode, decorations: readonly Decoration[], section: string): void {
    const blank = node.content.size === 0;
    this.dom.classList.toggle('blank', blank);
    asHeading(this.contentDOM, this.#level, blank);
    const other = (node.attrs.other as string | null) ?? '';
    if (blank)
      this.contentDOM.dataset.placeholder =
        (this.doors.beside() ? '' : other) || this.doors.word('untitled');
    this.drawOther(other || null, (into) => into.replaceChildren(other), section);
    this.drawSide(decorations);
  }
}

/** A table, with the whole other table beside it. */
class TableView extends Part {
  constructor(node: PmNode, doors: ViewDoors, decorations: readonly Decoration[]) {
    super(node, doors, make('div', 'block table'));
    const own = this.dom.appendChild(make('div', 'own'));
    own.lang = langTag(doors.lang());
    this.contentDOM = own.appendChild(make('table', '')).appendChild(make('tbody', ''));
    this.#draw(node, decorations);
  }

  update(node: PmNode, decorations: readonly Decoration[]): boolean {
    if (node.type !== nodes.table || node.attrs.word !== this.node.attrs.word) return false;
    this.node = node;
    this.#draw(node, decorations);
    return true;
  }

  #draw(node: PmNode, decorations: readonly Decoration[]): void {
    const rows = node.children;
    const others = rows.map((row) => row.attrs.other as JsonValue);
    const value = others.every((other) => other === null) ? null : others;
    this.drawOther(value, (into) => this.#drawOtherTable(rows, into), rows[0]!.attrs.id as string);
    this.drawSide(decorations);
  }

  #drawOtherTable(rows: readonly PmNode[], into: HTMLElement): void {
    into.replaceChildren();
    if (rows.every((row) => row.attrs.other === null)) return;
    const body = into.appendChild(make('table', '')).appendChild(make('tbody', ''));
    for (const row of rows) {
      const tr = body.appendChild(make('tr', row.attrs.head ? 'head' : ''));
      const other = row.attrs.other as JsonValue;
      const cells = other === null ? [] : cellsOf(readRich(other));
      row.forEach((cell, _, i) => {
        const td = tr.appendChild(document.createElement('td'));
        td.colSpan = cell.attrs.span as number;
        if (cells[i]) drawRich(cells[i], td);
      });
    }
  }
}

/** A row; its id stands in the page so that search and history find it. */
class RowView implements NodeView {
  dom: HTMLElement;
  contentDOM: HTMLElement;

  constructor(private node: PmNode) {
    this.dom = this.contentDOM = make('tr', node.attrs.head ? 'head' : '');
    this.dom.dataset.entity = node.attrs.id as string;
  }

  update(node: PmNode): boolean {
    if (node.type !== nodes.row || node.attrs.id !== this.node.attrs.id) return false;
    this.node = node;
    this.dom.className = node.attrs.head ? 'head' : '';
    return true;
  }
}

/** A section: its title and blocks, below them the guidance while there are none. */
class SectionView extends Part {
  #guide: HTMLElement | null = null;

  constructor(node: PmNode, doors: ViewDoors, decorations: readonly Decoration[]) {
    super(node, doors, make('section', ''), 'section');
    this.dom.id = `s-${node.attrs.id}`;
    this.dom.dataset.entity = node.attrs.id as string;
    this.contentDOM = this.dom.appendChild(make('div', 'body'));
    this.#draw(node, decorations);
  }

  update(node: PmNode, decorations: readonly Decoration[]): boolean {
    if (node.type !== nodes.section || node.attrs.id !== this.node.attrs.id) return false;
    if (node.attrs.level !== this.node.attrs.level) return false;
    this.node = node;
    this.#draw(node, decorations);
    return true;
  }

  #draw(node: PmNode, decorations: readonly Decoration[]): void {
    const name = `level${node.attrs.level}${node.attrs.notApplicable ? ' not' : ''}`;
    if (this.dom.className !== name) this.dom.className = name;
    const isEmpty = node.childCount === 1 && !node.attrs.notApplicable;
    if (isEmpty && !this.#guide) this.#drawGuide(node);
    else if (!isEmpty) {
      this.#guide?.remove();
      this.#guide = null;
    }
    this.drawSide(decorations);
  }

  #drawGuide(node: PmNode): void {
    this.#guide = apart('div', 'guide');
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'begin';
    button.tabIndex = -1;
    button.textContent = this.doors.word('begin');
    button.addEventListener('click', () => this.doors.begin(node.attrs.id as string));
    this.#guide.append(button);
    const guidance = this.doors.guidance(node.attrs.key as string);
    if (guidance) {
      const words = make('p', '');
      words.textContent = guidance;
      this.#guide.append(words);
    }
    this.contentDOM.after(this.#guide);
  }

  override stopEvent(event: Event): boolean {
    return (
      super.stopEvent(event) || (this.#guide?.contains(event.target as globalThis.Node) ?? false)
    );
  }
}

type Maker = (
  node: PmNode,
  view: EditorView,
  getPos: () => number | undefined,
  decorations: readonly Decoration[],
) => NodeView;

/** The views of all nodes. */
export function nodeViews(doors: ViewDoors): Record<string, Maker> {
  const block: Maker = (node, view, getPos, decorations) =>
    new BlockView(node, doors, decorations, () => sectionOf(view, getPos()));
  return {
    paragraph: block,
    heading: block,
    item: block,
    figure: block,
    note: block,
    table: (node, _view, _pos, decorations) => new TableView(node, doors, decorations),
    row: (node) => new RowView(node),
    section: (node, _view, _pos, decorations) => new SectionView(node, doors, decorations),
    title: (node, view, getPos, decorations) =>
      new TitleView(node, doors, sectionOf(view, getPos()), decorations),
  };
}

function sectionOf(view: EditorView, pos: number | undefined): PmNode {
  const section = pos === undefined ? null : view.state.doc.resolve(pos).parent;
  return section?.type === nodes.section ? section : nodes.section.createAndFill()!;
}
