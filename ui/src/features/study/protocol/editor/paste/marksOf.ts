// Which marks an element of foreign HTML stands for, and what Word says in its styles.

const TAGS: Record<string, string> = {
  B: 'b',
  STRONG: 'b',
  I: 'i',
  EM: 'i',
  CITE: 'i',
  U: 'u',
  S: 's',
  STRIKE: 's',
  SUB: 'sub',
  SUP: 'sup',
};

/** The styles of an element as pairs, Word's own among them. */
export function stylesOf(element: Element): Map<string, string> {
  const styles = new Map<string, string>();
  for (const part of (element.getAttribute('data-style') ?? '').split(';')) {
    const colon = part.indexOf(':');
    if (colon > 0)
      styles.set(part.slice(0, colon).trim().toLowerCase(), part.slice(colon + 1).trim());
  }
  return styles;
}

/** The marks that hold inside an element. */
export function marksIn(
  element: Element,
  styles: Map<string, string>,
  around: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const marks = new Map(around);
  const tag = TAGS[element.tagName];
  if (tag) marks.set(tag, '');
  if (element.tagName === 'A') {
    const href = element.getAttribute('href') ?? element.getAttribute('data-href') ?? '';
    if (/^(https?:|mailto:)/i.test(href)) marks.set('a', href);
  }
  const weight = styles.get('font-weight') ?? '';
  if (/^(bold|bolder|[6-9]00)$/.test(weight)) marks.set('b', '');
  else if (/^(normal|[1-5]00)$/.test(weight)) marks.delete('b');
  const slant = styles.get('font-style') ?? '';
  if (/^(italic|oblique)/.test(slant)) marks.set('i', '');
  else if (slant === 'normal') marks.delete('i');
  const line = `${styles.get('text-decoration') ?? ''} ${styles.get('text-decoration-line') ?? ''}`;
  if (/underline/.test(line) && element.tagName !== 'A') marks.set('u', '');
  if (/line-through/.test(line)) marks.set('s', '');
  const raised = styles.get('vertical-align') ?? '';
  if (raised === 'super') marks.set('sup', '');
  if (raised === 'sub') marks.set('sub', '');
  return marks;
}

/** Whether an element is not part of the text: deleted, hidden, a remark, Word's own list marks. */
export function isLeftOut(element: Element, styles: Map<string, string>): boolean {
  const tag = element.tagName;
  if (['SCRIPT', 'STYLE', 'META', 'LINK', 'TITLE', 'HEAD', 'DEL', 'XML'].includes(tag)) return true;
  const name = element.getAttribute('class') ?? '';
  if (/\bmsoDel\b/i.test(name) || /\bMso(CommentReference|CommentText|CommentSubject)\b/.test(name))
    return true;
  if (/^(comment|comment-list)$/.test(styles.get('mso-element') ?? '')) return true;
  if (styles.get('mso-special-character') === 'comment') return true;
  if (/^#_(msocom|cmnt)/.test(element.getAttribute('href') ?? '')) return true;
  return styles.get('display') === 'none' || styles.get('mso-hide') === 'all';
}

/** Word's list place of a paragraph: level from 0, or null. */
export function listLevel(styles: Map<string, string>): number | null {
  const list = styles.get('mso-list');
  if (!list || /^(none|ignore)/i.test(list)) return null;
  const level = /level(\d+)/.exec(list);
  return level ? Number(level[1]) - 1 : 0;
}

/** Whether the mark that Word wrote before an item is a number or a letter in order. */
export function isNumber(mark: string): boolean {
  return (
    /^\s*[（(]?([0-9]+([.．][0-9]+)*|[a-zA-Z]{1,4}|[一二三四五六七八九十百]+|[①-⑳])[.．、)）]?\s*$/.test(
      mark.replaceAll('\u00a0', ' '),
    ) && !/^\s*o\s*$/.test(mark.replaceAll('\u00a0', ' '))
  );
}
