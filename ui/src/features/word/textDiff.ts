// What a suggestion changes in a text, word by word: a number with its unit is one word.
import type { Span } from '../../platform/contract.gen';

const TOKEN =
  /\d+(?:[.,]\d+)*(?:\s?(?:%|‰|℃|°C|[a-zA-Zµμ]{1,4}(?:\/[a-zA-Z0-9µμ²³]{1,4})?(?![a-zA-Z])))?|[a-zA-Z]+|\s+|./gsu;
const MOST_TOKENS = 1200;

export const tokensOf = (text: string): string[] => text.match(TOKEN) ?? [];

const plain = (op: Span['op'], words: string[]): Span[] =>
  words.length ? [{ op, text: words.join(''), marks: [] }] : [];

/** The longest common run of words of two lists, as lengths from each place to the end. */
function lengths(a: string[], b: string[]): Uint16Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

/** Pieces of two texts: kept, taken out, put in. */
export function diffText(was: string, now: string): Span[] {
  const [a, b] = [tokensOf(was), tokensOf(now)];
  let from = 0;
  while (from < a.length && from < b.length && a[from] === b[from]) from += 1;
  let end = 0;
  while (
    end < Math.min(a.length, b.length) - from &&
    a[a.length - 1 - end] === b[b.length - 1 - end]
  )
    end += 1;
  const [x, y] = [a.slice(from, a.length - end), b.slice(from, b.length - end)];
  const middle: Span[] = [];
  const put = (op: Span['op'], word: string) => {
    const last = middle.at(-1);
    if (last?.op === op) last.text += word;
    else middle.push({ op, text: word, marks: [] });
  };
  if (x.length > MOST_TOKENS || y.length > MOST_TOKENS) {
    x.forEach((word) => put('delete', word));
    y.forEach((word) => put('insert', word));
  } else {
    const table = lengths(x, y);
    let [i, j] = [0, 0];
    while (i < x.length || j < y.length) {
      if (i < x.length && j < y.length && x[i] === y[j]) {
        put('same', x[i]!);
        i += 1;
        j += 1;
      } else if (i < x.length && (j >= y.length || table[i + 1]![j]! >= table[i]![j + 1]!)) {
        put('delete', x[i]!);
        i += 1;
      } else {
        put('insert', y[j]!);
        j += 1;
      }
    }
  }
  return [...plain('same', a.slice(0, from)), ...middle, ...plain('same', a.slice(a.length - end))];
}
