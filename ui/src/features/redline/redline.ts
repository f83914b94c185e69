// Reading a redline: what counts as a change, what is folded away, rows put together as tables.
import type { Lang, Line, Span } from '../../platform/contract.gen';

export type Shown = 'zh' | 'en' | 'both';
export type Side = 'all' | 'old' | 'new';

export interface Layout {
  span: number[];
  vm: string[];
  w: number[];
  head: boolean;
}

export type Item =
  | { is: 'line'; key: string; at: number; line: Line }
  | { is: 'table'; key: string; at: number; rows: { at: number; line: Line }[]; whole: boolean }
  | { is: 'gap'; key: string; at: number; n: number };

const CONTEXT = 1;

export const langsOf = (shown: Shown): Lang[] => (shown === 'both' ? ['zh', 'en'] : [shown]);

const differs = (spans: Span[]) => spans.some((span) => span.op !== 'same');

/** Whether a line is a change for somebody who reads these languages. */
export function isChange(line: Line, shown: Shown): boolean {
  if (line.state.is === 'same') return false;
  const langs = langsOf(shown);
  if (langs.some((lang) => differs(line[lang]))) return true;
  // A change of the other language only is none here; one of type or place is.
  const other = shown === 'zh' ? 'en' : 'zh';
  return shown === 'both' || !differs(line[other]);
}

/** Whether a line has anything to show in these languages. */
export const hasText = (line: Line, shown: Shown) =>
  langsOf(shown).some((lang) => line[lang].length > 0) ||
  (line.zh.length === 0 && line.en.length === 0);

/** Places of lines that are changes, in reading order. */
export function changePlaces(lines: Line[], shown: Shown): number[] {
  return lines.flatMap((line, at) => (isChange(line, shown) ? [at] : []));
}

/** Which lines stay when only changes are wanted: they, their neighbours, their titles. */
function kept(lines: Line[], shown: Shown, opened: ReadonlySet<number>): boolean[] {
  const keep = lines.map(() => false);
  const titles = new Map<string, number>();
  lines.forEach((line, at) => {
    if (line.what === 'title' && line.state.is !== 'movedAway') titles.set(line.entity, at);
  });
  for (const at of changePlaces(lines, shown)) {
    for (let i = Math.max(0, at - CONTEXT); i <= Math.min(lines.length - 1, at + CONTEXT); i += 1)
      keep[i] = true;
    const title = titles.get(lines[at]!.section ?? '');
    if (title !== undefined) keep[title] = true;
  }
  // A gap that was opened is named by its first line.
  for (let at = 0; at < lines.length; at += 1) {
    if (keep[at] || (at > 0 && !keep[at - 1] && !opened.has(at))) continue;
    if (opened.has(at)) for (let i = at; i < lines.length && !keep[i]; i += 1) keep[i] = true;
  }
  return keep;
}

/** Lines as they are laid out: rows of one table together, what is folded away as a gap. */
export function itemsOf(
  lines: Line[],
  shown: Shown,
  onlyChanges: boolean,
  opened: ReadonlySet<number> = new Set(),
): Item[] {
  const keep = onlyChanges ? kept(lines, shown, opened) : null;
  const items: Item[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const last = items.at(-1);
    if (keep && !keep[at]) {
      if (!hasText(line, shown)) continue;
      if (last?.is === 'gap') last.n += 1;
      else items.push({ is: 'gap', key: `gap-${at}`, at, n: 1 });
      continue;
    }
    if (!hasText(line, shown)) continue;
    if (line.kind === 'row' && line.what === 'block') {
      if (last?.is === 'table' && last.rows.at(-1)?.line.table === line.table) {
        last.rows.push({ at, line });
        continue;
      }
      items.push({ is: 'table', key: `t-${at}`, at, rows: [{ at, line }], whole: true });
      continue;
    }
    items.push({ is: 'line', key: `l-${at}`, at, line });
  }
  if (keep) {
    for (const item of items) {
      if (item.is === 'table') item.whole = isWhole(lines, item.rows);
    }
  }
  return items;
}

function isWhole(lines: Line[], rows: { at: number; line: Line }[]): boolean {
  const [first, last] = [rows[0]!, rows.at(-1)!];
  const same = (line: Line | undefined) => line?.kind === 'row' && line.table === first.line.table;
  return !same(lines[first.at - 1]) && !same(lines[last.at + 1]);
}

/** Cells of a row: its text is cut at every tab, the marks stay. */
export function cellsOf(spans: Span[]): Span[][] {
  const cells: Span[][] = [[]];
  for (const span of spans) {
    span.text.split('\t').forEach((text, i) => {
      if (i > 0) cells.push([]);
      if (text !== '' || (span.text === '' && i === 0)) cells.at(-1)!.push({ ...span, text });
    });
  }
  return cells;
}

const numbers = (value: unknown): number[] =>
  Array.isArray(value) ? value.filter((n): n is number => typeof n === 'number') : [];

/** The layout of a row; one that cannot be read is that of a plain row. */
export function layoutOf(text: string): Layout {
  const plain: Layout = { span: [], vm: [], w: [], head: false };
  if (!text) return plain;
  try {
    const value = JSON.parse(text) as Record<string, unknown>;
    return {
      span: numbers(value.span),
      vm: Array.isArray(value.vm) ? value.vm.map(String) : [],
      w: numbers(value.w),
      head: value.head === true,
    };
  } catch {
    return plain;
  }
}

export interface Cell {
  spans: Span[];
  cols: number;
  rows: number;
}

/** Rows as cells with how many columns and rows each covers. */
export function tableOf(rows: Line[], lang: Lang, whole: boolean): Cell[][] {
  const laid = rows.map((row) => {
    const { span, vm } = layoutOf(row.layout);
    let column = 0;
    return cellsOf(row[lang]).map((spans, i) => {
      const cols = Math.max(1, span[i] ?? 1);
      const cell = { spans, cols, rows: 1, column, vm: vm[i] ?? '' };
      column += cols;
      return cell;
    });
  });
  if (!whole) return laid;
  return laid.map((cells, at) =>
    cells
      // A cell that goes on from above is covered by the one that begins there.
      .filter((cell) => !(cell.vm === 'cont' && at > 0))
      .map((cell) => {
        if (cell.vm !== 'start') return cell;
        let n = 1;
        while (laid[at + n]?.some((o) => o.column === cell.column && o.vm === 'cont')) n += 1;
        return { ...cell, rows: n };
      }),
  );
}

/** The spans of one side. */
export function sideOf(spans: Span[], side: Side): Span[] {
  if (side === 'all') return spans;
  return spans.filter((span) => span.op !== (side === 'old' ? 'insert' : 'delete'));
}

export const plainOf = (spans: Span[]) => spans.map((span) => span.text).join('');

/** Both values of a register that changes as a whole: a code, a date, a number. */
export function valuesOf(spans: Span[]): { was: string; now: string } {
  return { was: plainOf(sideOf(spans, 'old')), now: plainOf(sideOf(spans, 'new')) };
}

/** The next change after, or before, a place; goes round at the ends. */
export function nextChange(places: number[], at: number, step: 1 | -1): number {
  if (places.length === 0) return -1;
  if (step === 1) return places.find((place) => place > at) ?? places[0]!;
  return places.findLast((place) => place < at) ?? places.at(-1)!;
}

/** Bullets and numbers of list items; other lines have none. */
export function bulletsOf(lines: Line[]): string[] {
  const counts: number[] = [];
  return lines.map((line) => {
    if (line.what !== 'block' || line.kind !== 'item') {
      // A note or a row inside a list does not end it; other text does.
      if (line.kind !== 'note' && line.kind !== 'row') counts.length = 0;
      return '';
    }
    counts.length = Math.min(counts.length, line.level + 1);
    if (line.state.is === 'removed' || line.state.is === 'movedAway')
      return line.list === 'number' ? '·' : '•';
    counts[line.level] = (counts[line.level] ?? 0) + 1;
    return line.list === 'number' ? `${counts[line.level]}.` : '•';
  });
}

/** Titles of sections by entity, in a language, else in the other one. */
export function titlesOf(lines: Line[], lang: Lang): Map<string, string> {
  const titles = new Map<string, string>();
  for (const line of lines) {
    if (line.what !== 'title') continue;
    const other = lang === 'zh' ? 'en' : 'zh';
    const text = (of: Lang) => valuesOf(line[of]).now || valuesOf(line[of]).was;
    titles.set(line.entity, text(lang) || text(other));
  }
  return titles;
}
