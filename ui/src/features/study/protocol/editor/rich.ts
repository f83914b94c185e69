// Text with marks as it is stored, and as nodes of the editor. Pure.
//
// Stored marks count Unicode characters; JavaScript and the editor count UTF-16 units.
import { Fragment, type Mark, type Node as PmNode } from 'prosemirror-model';
import type { JsonValue } from '../../../../platform/contract.gen';
import { schema } from './schema';

/** What a mark says; the order is that of the stored form. */
export const KINDS = ['b', 'i', 'u', 's', 'sub', 'sup', 'a', 'fn'] as const;
export type MarkKind = (typeof KINDS)[number];

export interface RichMark {
  from: number;
  to: number;
  kind: MarkKind;
  href: string;
}

/** Units: characters, not UTF-16. */
export interface Rich {
  text: string;
  marks: RichMark[];
}

export const EMPTY: Rich = { text: '', marks: [] };
export const CELL = '\t';

const lengthOf = (text: string) => Array.from(text).length;
const place = (kind: MarkKind) => KINDS.indexOf(kind);
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Puts marks into the one form that a text has. */
export function normal(text: string, marks: RichMark[]): Rich {
  const n = lengthOf(text);
  const inside = marks
    .map((mark) => ({ ...mark, from: Math.min(mark.from, n), to: Math.min(mark.to, n) }))
    .filter((mark) => mark.from < mark.to || mark.kind === 'fn')
    .sort(
      (a, b) =>
        place(a.kind) - place(b.kind) || byText(a.href, b.href) || a.from - b.from || a.to - b.to,
    );
  const joined: RichMark[] = [];
  for (const mark of inside) {
    const last = joined.at(-1);
    if (mark.kind === 'fn') joined.push({ ...mark, to: mark.from });
    else if (last && last.kind === mark.kind && last.href === mark.href && mark.from <= last.to)
      last.to = Math.max(last.to, mark.to);
    else joined.push(mark);
  }
  joined.sort(
    (a, b) =>
      a.from - b.from || a.to - b.to || place(a.kind) - place(b.kind) || byText(a.href, b.href),
  );
  return { text, marks: joined };
}

/** Reads a stored value; what is no text is empty, unknown marks are left out. */
export function readRich(value: JsonValue | undefined): Rich {
  if (typeof value === 'string') return { text: value, marks: [] };
  if (!value || typeof value !== 'object' || Array.isArray(value)) return EMPTY;
  if (typeof value.text !== 'string') return EMPTY;
  const marks = Array.isArray(value.marks) ? value.marks.flatMap(readMark) : [];
  return normal(value.text, marks);
}

function readMark(value: JsonValue): RichMark[] {
  if (!Array.isArray(value)) return [];
  const [from, to, kind, href] = value;
  if (typeof from !== 'number' || typeof to !== 'number') return [];
  if (!KINDS.includes(kind as MarkKind)) return [];
  return [{ from, to, kind: kind as MarkKind, href: typeof href === 'string' ? href : '' }];
}

/** The value to store; null for an empty text. */
export function writeRich(rich: Rich): JsonValue {
  if (rich.text === '') return null;
  if (rich.marks.length === 0) return rich.text;
  return {
    text: rich.text,
    marks: rich.marks.map(({ from, to, kind, href }) =>
      kind === 'a' ? [from, to, kind, href] : [from, to, kind],
    ),
  };
}

/** A part of a text. Units: characters. */
export function slice(rich: Rich, from: number, to: number): Rich {
  const text = Array.from(rich.text).slice(from, to).join('');
  const cut = (at: number) => Math.min(Math.max(at, from), to) - from;
  const marks = rich.marks
    .filter((mark) =>
      mark.kind === 'fn' ? from <= mark.from && mark.from <= to : mark.from < to && from < mark.to,
    )
    .map((mark) => ({ ...mark, from: cut(mark.from), to: cut(mark.to) }));
  return normal(text, marks);
}

/** Several texts one behind the other, with something between. */
export function joinRich(parts: Rich[], between: string): Rich {
  let text = '';
  const marks: RichMark[] = [];
  for (const [i, part] of parts.entries()) {
    if (i > 0) text += between;
    const at = lengthOf(text);
    text += part.text;
    for (const mark of part.marks) marks.push({ ...mark, from: mark.from + at, to: mark.to + at });
  }
  return normal(text, marks);
}

/** The cells of a row. */
export function cellsOf(row: Rich): Rich[] {
  const cells: Rich[] = [];
  let from = 0;
  for (const cell of row.text.split(CELL)) {
    const n = lengthOf(cell);
    cells.push(slice(row, from, from + n));
    from += n + 1;
  }
  return cells;
}

/** A row of cells; a cell holds no cell separator. */
export function rowOf(cells: Rich[]): Rich {
  const clean = cells.map((cell) => ({ ...cell, text: cell.text.replaceAll(CELL, ' ') }));
  return joinRich(clean, CELL);
}

/** A text as the editor holds it; `notes` names the notes that it refers to, in order. */
export function toInline(rich: Rich, notes: Iterator<string> = [].values()): Fragment {
  const chars = Array.from(rich.text);
  const cuts = new Set([0, chars.length]);
  for (const mark of rich.marks) cuts.add(mark.from).add(mark.to);
  const at = [...cuts].sort((a, b) => a - b);
  const out: PmNode[] = [];
  for (const [i, from] of at.entries()) {
    for (const mark of rich.marks)
      if (mark.kind === 'fn' && mark.from === from)
        out.push(schema.nodes.fn.create({ note: notes.next().value ?? '' }));
    const to = at[i + 1];
    if (to === undefined) break;
    const marks = rich.marks
      .filter((mark) => mark.kind !== 'fn' && mark.from <= from && to <= mark.to)
      .reduce<readonly Mark[]>(
        (set, { kind, href }) =>
          schema.marks[kind]!.create(kind === 'a' ? { href } : null).addToSet(set),
        [],
      );
    pushText(out, chars.slice(from, to).join(''), marks);
  }
  return Fragment.from(out);
}

function pushText(out: PmNode[], text: string, marks: readonly Mark[]): void {
  for (const [i, line] of text.split('\n').entries()) {
    if (i > 0) out.push(schema.nodes.br.create(null, null, marks));
    if (line) out.push(schema.text(line, marks));
  }
}

/** What the editor holds in a block or cell, as a text. */
export function fromInline(parent: PmNode): Rich {
  let text = '';
  let at = 0;
  const marks: RichMark[] = [];
  parent.forEach((node) => {
    if (node.type === schema.nodes.fn) {
      marks.push({ from: at, to: at, kind: 'fn', href: '' });
      return;
    }
    const piece = node.isText ? node.text! : '\n';
    const to = at + lengthOf(piece);
    for (const mark of node.marks)
      marks.push({
        from: at,
        to,
        kind: mark.type.name as MarkKind,
        href: (mark.attrs.href as string | undefined) ?? '',
      });
    text += piece;
    at = to;
  });
  return normal(text, marks);
}
