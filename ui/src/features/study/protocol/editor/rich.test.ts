import { describe, expect, it } from 'vitest';
import { cellsOf, fromInline, KINDS, normal, readRich, rowOf, toInline, writeRich } from './rich';
import { schema } from './schema';

/** A small generator with a seed, so that a failure can be repeated. */
function random(seed: number) {
  let state = seed;
  return (n: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % n;
  };
}

const LETTERS = ['a', ' ', '口', '服', '\n', '😀', '𠮷', 'é', '1', '.', '👩‍🔬', 'e\u0301'];

function randomRich(seed: number) {
  const next = random(seed);
  const text = Array.from({ length: next(20) }, () => LETTERS[next(LETTERS.length)]!).join('');
  const n = Array.from(text).length;
  const marks = Array.from({ length: next(6) }, () => {
    const kind = KINDS[next(KINDS.length)]!;
    const from = next(n + 1);
    const to = from + next(n + 1 - from);
    return { from, to, kind, href: kind === 'a' ? `https://example.org/${next(2)}` : '' };
  });
  return normal(text, withoutBothHeights(marks));
}

/** A character is raised or lowered, never both: the editor's schema says so. */
function withoutBothHeights<T extends { kind: string }>(marks: T[]): T[] {
  const hasSub = marks.some((mark) => mark.kind === 'sub');
  return marks.filter((mark) => !(hasSub && mark.kind === 'sup'));
}

/** Links do not lie over each other either. */
function withoutCrossedLinks(rich: ReturnType<typeof randomRich>) {
  const links = rich.marks.filter((mark) => mark.kind === 'a').slice(0, 1);
  return normal(rich.text, [...rich.marks.filter((mark) => mark.kind !== 'a'), ...links]);
}

describe('text with marks', () => {
  it('comes back from the editor as it went in, whatever it is', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const rich = withoutCrossedLinks(randomRich(seed));
      const node = schema.nodes.paragraph.create(null, toInline(rich));
      node.check();
      expect(fromInline(node), `seed ${seed}`).toEqual(rich);
      expect(readRich(writeRich(rich))).toEqual(rich.text === '' ? normal('', []) : rich);
    }
  });

  it('comes back from cells', () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const cells = [1, 2, 3].map((i) => randomRich(seed * 7 + i));
      expect(cellsOf(rowOf(cells)), `seed ${seed}`).toEqual(cells);
    }
  });

  it('counts characters, not UTF-16 units', () => {
    const rich = normal('😀粗体', [{ from: 1, to: 3, kind: 'b', href: '' }]);
    const node = schema.nodes.paragraph.create(null, toInline(rich));
    expect(node.child(1).text).toBe('粗体');
    expect(writeRich(fromInline(node))).toEqual({ text: '😀粗体', marks: [[1, 3, 'b']] });
  });

  it('has one form, the same as the host’s', () => {
    const read = readRich({
      text: '口服 5 mg',
      marks: [
        [4, 99, 'b'],
        [0, 2, 'i'],
        [3, 4, 'b'],
        [7, 7, 'fn'],
        [1, 1, 'u'],
        [0, 1, 'x'],
      ],
    });
    expect(writeRich(read)).toEqual({
      text: '口服 5 mg',
      marks: [
        [0, 2, 'i'],
        [3, 7, 'b'],
        [7, 7, 'fn'],
      ],
    });
    expect(writeRich(readRich('a'))).toBe('a');
    expect(writeRich(readRich(null))).toBeNull();
  });
});
