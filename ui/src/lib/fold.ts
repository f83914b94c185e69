// Text folded for comparing, and marked for showing.

/** Folds width, case and accents, so that typed words find written ones. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase();
}

/** Whether every word of a query is in a text. */
export function matches(text: string, query: string): boolean {
  const folded = fold(text);
  return fold(query)
    .split(/\s+/)
    .filter(Boolean)
    .every((word) => folded.includes(word));
}

export interface Piece {
  text: string;
  marked: boolean;
}

/** Cuts a text at marks. Units: UTF-16 code units. */
export function cut(text: string, marks: [number, number][]): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (start < at || end <= start) continue;
    if (start > at) pieces.push({ text: text.slice(at, start), marked: false });
    pieces.push({ text: text.slice(start, end), marked: true });
    at = end;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), marked: false });
  return pieces;
}

/** Compares texts as people sort them: numbers by value, Chinese by sound. */
export const collate = new Intl.Collator('zh-CN', { numeric: true, sensitivity: 'base' }).compare;
