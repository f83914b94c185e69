// What comes from the clipboard, before it becomes blocks of the text.
import type { JsonValue } from '../../../../../platform/contract.gen';
import { normal, type Rich, type RichMark } from '../rich';

export type PastedKind = 'paragraph' | 'heading' | 'item' | 'note' | 'figure';

/** What one of our own blocks said about itself when it was copied. */
export interface Own {
  id: string;
  other: JsonValue;
  origin: string | null;
  merged: string[];
}

export interface PastedText {
  kind: PastedKind;
  level: number;
  list: 'bullet' | 'number';
  rich: Rich;
  /** Names of the notes that the text refers to, in order. */
  notes: string[];
  /** The name by which a note is referred to. */
  name: string;
  image: string;
  own: Own | null;
}

export interface PastedCell {
  rich: Rich;
  notes: string[];
  span: number;
  vm: '' | 'start' | 'cont';
}

export interface PastedRow {
  cells: PastedCell[];
  head: boolean;
  own: Own | null;
}

export interface PastedTable {
  kind: 'table';
  rows: PastedRow[];
}

export type Pasted = PastedText | PastedTable;

export interface Clip {
  blocks: Pasted[];
  /** Pictures that could not come along: too large, or not in the clipboard. */
  n_lost: number;
  /** Names one cut, so that its ids are kept at the first pasting. */
  cut: string;
}

export function pastedText(
  kind: PastedKind,
  rich: Rich,
  more: Partial<PastedText> = {},
): PastedText {
  return {
    kind,
    level: 0,
    list: 'bullet',
    rich,
    notes: [],
    name: '',
    image: '',
    own: null,
    ...more,
  };
}

/** Text in the making: pieces with the marks that hold for them. */
export class Writing {
  text = '';
  marks: RichMark[] = [];
  notes: string[] = [];
  #n = 0;

  constructor(private readonly keepsSpace: boolean) {}

  add(piece: string, marks: ReadonlyMap<string, string>): void {
    const clean = this.keepsSpace ? piece : this.#collapsed(piece);
    if (!clean) return;
    const to = this.#n + Array.from(clean).length;
    for (const [kind, href] of marks)
      this.marks.push({ from: this.#n, to, kind: kind as RichMark['kind'], href });
    this.text += clean;
    this.#n = to;
  }

  line(): void {
    this.text += '\n';
    this.#n += 1;
  }

  note(name: string): void {
    this.marks.push({ from: this.#n, to: this.#n, kind: 'fn', href: '' });
    this.notes.push(name);
  }

  #collapsed(piece: string): string {
    const clean = piece.replace(/[ \t\r\n\f]+/g, ' ').replaceAll('\u00a0', ' ');
    return /(^|[ \n])$/.test(this.text) ? clean.replace(/^ /, '') : clean;
  }

  /** The text without white space at its ends. */
  rich(): Rich {
    if (this.keepsSpace) return normal(this.text, this.marks);
    const before = Array.from(this.text.match(/^\s*/)![0]).length;
    const text = this.text.trim();
    const n = Array.from(text).length;
    const shift = (at: number) => Math.min(Math.max(at - before, 0), n);
    return normal(
      text,
      this.marks.map((mark) => ({ ...mark, from: shift(mark.from), to: shift(mark.to) })),
    );
  }
}
