// Suggestions of Word files that nobody has settled yet, in the order of the text.
import type { Entity, EntityId, Lang, Span, StudyDoc } from '../../platform/contract.gen';
import { isShown, textIn, textOf } from '../../lib/doc';
import { diffText } from './textDiff';

export interface Suggestion {
  id: EntityId;
  kind: string;
  lang: Lang;
  author: string;
  at: string;
  source: string;
  note: string;
  quote: string;
  /** What it would change; empty for a remark. */
  spans: Span[];
  block: EntityId;
  section: EntityId | null;
  where: string;
}

function spansOf(entity: Entity): Span[] {
  const [from, to] = [textOf(entity, 'from'), textOf(entity, 'to')];
  switch (textOf(entity, 'kind')) {
    case 'comment':
      return [];
    case 'add':
      return [{ op: 'insert', text: to, marks: [] }];
    case 'remove':
      return [{ op: 'delete', text: from, marks: [] }];
    default:
      return diffText(from, to);
  }
}

/** Open suggestions in the order in which the text is read. */
export function openSuggestions(doc: StudyDoc, lang: Lang): Suggestion[] {
  const place = new Map(doc.entities.map((entity, i) => [entity.id, i]));
  const byId = new Map(doc.entities.map((entity) => [entity.id, entity]));
  const order = (entity: Entity) => {
    const block = byId.get(entity.parent ?? '');
    const section = byId.get(block?.parent ?? '');
    return [
      place.get(section?.id ?? '') ?? 0,
      place.get(block?.id ?? '') ?? 0,
      place.get(entity.id) ?? 0,
    ] as const;
  };
  return doc.entities
    .filter(
      (entity) =>
        entity.kind === 'suggestion' &&
        isShown(entity) &&
        ['', 'open'].includes(textOf(entity, 'status')),
    )
    .map((entity) => ({ entity, order: order(entity) }))
    .sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1] || a.order[2] - b.order[2])
    .map(({ entity }) => {
      const block = byId.get(entity.parent ?? '');
      const section = byId.get(block?.parent ?? '');
      return {
        id: entity.id,
        kind: textOf(entity, 'kind') || 'change',
        lang: textOf(entity, 'lang') === 'en' ? 'en' : 'zh',
        author: textOf(entity, 'author'),
        at: textOf(entity, 'at'),
        source: textOf(entity, 'source'),
        note: textOf(entity, 'note'),
        quote: textOf(entity, 'quote'),
        spans: spansOf(entity),
        block: entity.parent ?? '',
        section: section?.id ?? null,
        where: textIn(section, 'title', lang),
      };
    });
}

/** Who made how many, the most first. */
export function authorsOf(list: Suggestion[]): { author: string; n: number }[] {
  const counts = new Map<string, number>();
  for (const one of list) counts.set(one.author, (counts.get(one.author) ?? 0) + 1);
  return [...counts].map(([author, n]) => ({ author, n })).sort((a, b) => b.n - a.n);
}

const SHOWN_AROUND = 24;

/** The pieces around what changes, without the long text that stays. */
export function shortened(spans: Span[]): Span[] {
  return spans.map((span, i) => {
    const letters = [...span.text];
    if (span.op !== 'same' || letters.length <= 2 * SHOWN_AROUND) return span;
    const first = i === 0;
    const last = i === spans.length - 1;
    const head = first ? '' : letters.slice(0, SHOWN_AROUND).join('');
    const tail = last ? '' : letters.slice(-SHOWN_AROUND).join('');
    return { ...span, text: `${head}…${tail}` };
  });
}
