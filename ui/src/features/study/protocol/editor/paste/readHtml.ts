// HTML of the clipboard, from Word, WPS, Excel, browsers or ourselves, as plain blocks. Styles are
// dropped; tracked changes are taken as accepted; Word's lists become items.
import { readTable } from './readTable';
import { isLeftOut, isNumber, listLevel, marksIn, stylesOf } from './marksOf';
import { pastedText, Writing, type Clip, type Own, type Pasted, type PastedText } from './pasted';

/** Largest picture that is carried. Units: bytes. */
export const IMAGE_BYTES_MAX = 1_500_000;

const BLOCKS = new Set(
  'P DIV SECTION ARTICLE BLOCKQUOTE PRE LI UL OL DL DT DD FIGURE FIGCAPTION HEADER FOOTER MAIN ASIDE HR ADDRESS CENTER'.split(
    ' ',
  ),
);
const NONE: ReadonlyMap<string, string> = new Map();
const NOTE = /^#?_?(ftn|edn|footnote|endnote)-?(\d+)$/i;

interface Around {
  marks: ReadonlyMap<string, string>;
  /** Lists around: their kinds from outside in. */
  lists: ('bullet' | 'number')[];
}

class Reader {
  readonly blocks: Pasted[] = [];
  readonly notes = new Map<string, PastedText[]>();
  n_lost = 0;
  #writing: Writing;
  #next: PastedText = pastedText('paragraph', { text: '', marks: [] });
  #mark = '';
  #out = this.blocks;

  constructor(readonly keepsSpace: boolean) {
    this.#writing = new Writing(keepsSpace);
  }

  /** Ends the block in the making and begins one of a kind. */
  begin(next?: Partial<PastedText> & { kind: PastedText['kind'] }): void {
    const rich = this.#writing.rich();
    const block = { ...this.#next, rich, notes: this.#writing.notes };
    if (rich.text !== '' || block.image || block.own) {
      if (block.kind === 'item' && this.#mark)
        block.list = isNumber(this.#mark) ? 'number' : 'bullet';
      this.#out.push(block);
    }
    this.#mark = '';
    this.#writing = new Writing(this.keepsSpace);
    this.#next = pastedText(next?.kind ?? 'paragraph', { text: '', marks: [] }, next);
  }

  children(parent: Element, around: Around): void {
    for (const node of Array.from(parent.childNodes)) {
      if (node.nodeType === Node.TEXT_NODE) this.#text(node.nodeValue ?? '', around);
      else if (node.nodeType === Node.ELEMENT_NODE) this.element(node as Element, around);
    }
  }

  #text(text: string, around: Around): void {
    this.#writing.add(text, around.marks);
  }

  element(element: Element, around: Around): void {
    const styles = stylesOf(element);
    if (/^ignore/i.test(styles.get('mso-list') ?? '')) {
      this.#mark ||= element.textContent ?? '';
      return;
    }
    if (isLeftOut(element, styles)) return;
    const tag = element.tagName;
    const name = NOTE.exec(element.getAttribute('href') ?? '');
    if (tag === 'A' && name) this.#writing.note(name[2]!);
    else if (element.hasAttribute('data-fn')) this.#writing.note(element.getAttribute('data-fn')!);
    else if (tag === 'BR') this.#break(styles);
    else if (tag === 'IMG' || tag === 'V:IMAGEDATA') this.#picture(element);
    else if (tag === 'TABLE') this.#table(element);
    else if (NOTE.test(element.id) && BLOCKS.has(tag)) this.#noteBody(element, around);
    else if (/^H[1-6]$/.test(tag)) this.#block(element, around, { kind: 'heading' });
    else if (BLOCKS.has(tag)) this.#blockElement(element, styles, around);
    else this.children(element, { ...around, marks: marksIn(element, styles, around.marks) });
  }

  #break(styles: Map<string, string>): void {
    if (!styles.has('page-break-before')) this.#writing.line();
  }

  #block(
    element: Element,
    around: Around,
    next: Partial<PastedText> & { kind: PastedText['kind'] },
  ): void {
    const own = ownOf(element);
    this.begin({ ...next, ...(own ? { ...own.shape, own: own.own } : {}) });
    this.children(element, { ...around, marks: NONE });
    this.begin();
  }

  #blockElement(element: Element, styles: Map<string, string>, around: Around): void {
    const tag = element.tagName;
    if (tag === 'UL' || tag === 'OL') {
      const list = tag === 'OL' ? 'number' : 'bullet';
      this.begin();
      this.children(element, { marks: NONE, lists: [...around.lists, list] });
      this.begin();
      return;
    }
    if (tag === 'FIGURE') {
      this.#figure(element);
      return;
    }
    const level = listLevel(styles);
    if (level !== null) this.#block(element, around, { kind: 'item', level });
    else if (tag === 'LI' || (tag === 'P' && around.lists.length > 0 && isFirstInItem(element)))
      this.#block(element, around, {
        kind: 'item',
        level: Math.max(0, around.lists.length - 1),
        list: around.lists.at(-1) ?? 'bullet',
      });
    else if (/^[1-9]/.test(styles.get('mso-outline-level') ?? ''))
      this.#block(element, around, { kind: 'heading' });
    else this.#block(element, around, { kind: 'paragraph' });
  }

  #table(element: Element): void {
    this.begin();
    const rows = readTable(element, (cell) => this.#cell(cell), ownOf);
    if (rows.length > 0) this.#out.push({ kind: 'table', rows });
    this.begin();
  }

  /** The text of a cell: its paragraphs as lines. */
  #cell(cell: Element): { writing: Writing } {
    const inner = new Reader(this.keepsSpace);
    inner.children(cell, { marks: NONE, lists: [] });
    inner.begin();
    this.n_lost += inner.n_lost;
    const writing = new Writing(true);
    inner.blocks.forEach((block, i) => {
      if (block.kind === 'table') return;
      if (i > 0) writing.line();
      const at = Array.from(writing.text).length;
      const text = block.rich.text.replaceAll('\t', ' ');
      writing.add(text, NONE);
      writing.marks.push(
        ...block.rich.marks.map((mark) => ({ ...mark, from: mark.from + at, to: mark.to + at })),
      );
      writing.notes.push(...block.notes);
      if (block.kind === 'figure') this.n_lost += 1;
    });
    return { writing };
  }

  #figure(element: Element): void {
    const image = element.querySelector('img');
    const own = ownOf(element);
    this.begin({
      kind: 'figure',
      image: image ? (this.#imageOf(image) ?? '') : '',
      own: own?.own ?? null,
    });
    const caption = element.querySelector('figcaption');
    if (caption) this.children(caption, { marks: NONE, lists: [] });
    this.begin();
  }

  #picture(element: Element): void {
    const image = this.#imageOf(element);
    if (!image) return;
    this.begin({ kind: 'figure', image });
    this.begin();
  }

  #imageOf(element: Element): string | null {
    const source = element.getAttribute('src') ?? '';
    const found = /^data:(image\/[a-z+.-]+);base64,(.+)$/is.exec(source);
    if (!found || found[2]!.length * 0.75 > IMAGE_BYTES_MAX) {
      this.n_lost += 1;
      return null;
    }
    const size = (name: string) => {
      const value = Number(element.getAttribute(name));
      return Number.isFinite(value) && value > 0 ? { [name[0]!]: value } : {};
    };
    return JSON.stringify({
      mime: found[1],
      data: found[2]!.replace(/\s/g, ''),
      ...size('width'),
      ...size('height'),
    });
  }

  /** The body of a foot- or endnote stands elsewhere in the HTML than its reference. */
  #noteBody(element: Element, around: Around): void {
    this.begin();
    const body: Pasted[] = [];
    const before = this.#out;
    this.#out = body;
    for (const back of Array.from(element.querySelectorAll('a[href*="ref"]'))) back.remove();
    this.children(element, { ...around, marks: NONE });
    this.begin();
    this.#out = before;
    const texts = body.filter((block): block is PastedText => block.kind !== 'table');
    this.notes.set(NOTE.exec(element.id)![2]!, texts);
  }
}

/** A paragraph inside an item is the item's own text when nothing stands before it. */
function isFirstInItem(element: Element): boolean {
  return element.parentElement?.tagName === 'LI' && !element.previousElementSibling;
}

/** What one of our own elements says about its block. */
function ownOf(element: Element): { own: Own; shape: Partial<PastedText> } | null {
  try {
    const read = JSON.parse(element.getAttribute('data-pd') ?? 'null') as
      (Own & Pick<PastedText, 'kind' | 'level' | 'list'>) | null;
    if (!read || typeof read.id !== 'string') return null;
    const { id, other = null, origin = null, merged = [], kind, level = 0, list = 'bullet' } = read;
    return {
      own: { id, other, origin, merged },
      shape: { ...(kind ? { kind } : {}), level, list, name: id },
    };
  } catch {
    return null;
  }
}

/** Puts notes behind the blocks that refer to them. */
function withNotes(reader: Reader): Pasted[] {
  if (reader.notes.size === 0) return reader.blocks;
  const out: Pasted[] = [];
  for (const block of reader.blocks) {
    out.push(block);
    const names =
      block.kind === 'table'
        ? block.rows.flatMap((row) => row.cells.flatMap((cell) => cell.notes))
        : block.notes;
    for (const name of names) {
      const [first] = reader.notes.get(name) ?? [];
      if (first) out.push({ ...first, kind: 'note', name });
    }
  }
  return out;
}

/**
 * Styles as plain data: the content policy forbids them, and the browser would drop Word's.
 */
function withoutStyles(html: string): string {
  return html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, '')
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style='));
}

/** Reads the clipboard's HTML. */
export function readHtml(html: string): Clip {
  const body = new DOMParser().parseFromString(withoutStyles(html), 'text/html').body;
  const root = body.querySelector('[data-pd-clip]');
  const reader = new Reader(root !== null);
  reader.children(body, { marks: NONE, lists: [] });
  reader.begin();
  return {
    blocks: withNotes(reader),
    n_lost: reader.n_lost,
    cut: root?.getAttribute('data-pd-clip') ?? '',
  };
}

/** Plain text: a paragraph a line. */
export function readText(text: string): Clip {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const blocks = lines
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => pastedText('paragraph', { text: line, marks: [] }));
  return { blocks, n_lost: 0, cut: '' };
}
