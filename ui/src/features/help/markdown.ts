// Reads the pages of docs/user into plain values. They are drawn as elements of ours: no text of a
// page is ever taken as HTML.

export type Inline =
  | { kind: 'text'; text: string }
  | { kind: 'code'; text: string }
  | { kind: 'strong'; parts: Inline[] }
  | { kind: 'em'; parts: Inline[] }
  | { kind: 'link'; to: string; parts: Inline[] };

export type Block =
  | { kind: 'heading'; level: number; parts: Inline[] }
  | { kind: 'paragraph'; parts: Inline[] }
  | { kind: 'list'; isOrdered: boolean; items: Inline[][] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] };

const INLINE =
  /`([^`]+)`|\*\*((?:[^*]|\*(?!\*))+?)\*\*|\*([^*\s](?:[^*]*[^*\s])?)\*|\[([^\]]+)\]\(([^)\s]+)\)/;

/** Cuts a line into text, code, emphasis and links. */
export function inlines(line: string): Inline[] {
  const parts: Inline[] = [];
  let rest = line;
  for (let found = INLINE.exec(rest); found; found = INLINE.exec(rest)) {
    if (found.index > 0) parts.push({ kind: 'text', text: rest.slice(0, found.index) });
    const [whole, code, strong, em, link, to] = found;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: inlines(strong) });
    else if (em !== undefined) parts.push({ kind: 'em', parts: inlines(em) });
    else parts.push({ kind: 'link', to: to!, parts: inlines(link!) });
    rest = rest.slice(found.index + whole.length);
  }
  if (rest) parts.push({ kind: 'text', text: rest });
  return parts;
}

/** The words of a line without its marks. */
export const plain = (parts: Inline[]): string =>
  parts.map((part) => ('parts' in part ? plain(part.parts) : part.text)).join('');

const ITEM = /^\s*(?:[-*]|(\d+)\.)\s+(.*)$/;
const cells = (line: string) =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => inlines(cell.trim()));

/** Whether a line belongs to the paragraph before it. */
const goesOn = (line: string | undefined) =>
  line !== undefined &&
  line.trim() !== '' &&
  !/^#{1,6} |^```|^\||^<!--/.test(line) &&
  !ITEM.test(line);

/** Cuts a page into blocks. */
export function blocks(page: string): Block[] {
  const lines = page.replaceAll('\r\n', '\n').split('\n');
  const found: Block[] = [];
  let at = 0;
  const take = () => lines[at++] ?? '';
  const paragraph = (first: string) => {
    let text = first.trim();
    while (goesOn(lines[at])) text += joined(text, take().trim());
    return inlines(text);
  };
  while (at < lines.length) {
    const line = take();
    const heading = /^(#{1,6}) (.*)$/.exec(line);
    const item = ITEM.exec(line);
    if (line.trim() === '') continue;
    if (heading) {
      found.push({ kind: 'heading', level: heading[1]!.length, parts: inlines(heading[2]!) });
    } else if (line.startsWith('```')) {
      const text: string[] = [];
      while (at < lines.length && !lines[at]!.startsWith('```')) text.push(take());
      at += 1;
      found.push({ kind: 'code', text: text.join('\n') });
    } else if (line.startsWith('|')) {
      const rows = [line];
      while (lines[at]?.startsWith('|')) rows.push(take());
      const [head, ...body] = rows.filter((row) => !/^[|\s:-]+$/.test(row)).map(cells);
      found.push({ kind: 'table', head: head ?? [], rows: body });
    } else if (item) {
      const items = [paragraph(item[2]!)];
      for (let next = ITEM.exec(lines[at] ?? ''); next; next = ITEM.exec(lines[at] ?? '')) {
        at += 1;
        items.push(paragraph(next[2]!));
      }
      found.push({ kind: 'list', isOrdered: item[1] !== undefined, items });
    } else {
      found.push({ kind: 'paragraph', parts: paragraph(line) });
    }
  }
  return found;
}

/** Lines of Chinese are joined without a space. */
const joined = (before: string, next: string) =>
  (/[\u3000-\u9fff\uff00-\uffef]$/.test(before) ? '' : ' ') + next;
