// Rows of a check, by chapter, with how far each chapter is.
import type { CheckRow, Entity, EntityId, JsonValue, StudyDoc } from '../../platform/contract.gen';
import { partsOf, textOf } from '../../lib/doc';

export interface Chapter {
  key: string;
  /** The row that heads it, or the key of its group. */
  head: CheckRow | null;
  group: string;
  rows: CheckRow[];
  met: number;
  /** Rows that apply. */
  total: number;
}

/** Whether somebody still has something to do. */
export const isOpen = (row: CheckRow) => row.status === 'empty' || row.status === 'partly';

const top = (number: string) => /^(\d+)/.exec(number)?.[1] ?? '';

/** Rows put together by group, and headings of a protocol by their first number. */
export function chaptersOf(rows: CheckRow[]): Chapter[] {
  const chapters: Chapter[] = [];
  for (const row of rows) {
    const byNumber = row.group === 'headings';
    const key = byNumber ? `${row.group} ${top(row.number)}` : row.group;
    let chapter = chapters.at(-1);
    if (chapter?.key !== key) {
      const head = byNumber && row.level === 1 && row.number ? row : null;
      chapter = { key, head, group: row.group, rows: [], met: 0, total: 0 };
      chapters.push(chapter);
    }
    chapter.rows.push(row);
    if (row.status === 'notApplicable') continue;
    chapter.total += 1;
    if (row.status === 'met') chapter.met += 1;
  }
  return chapters;
}

/** How many of each status. */
export function countsOf(rows: CheckRow[]): {
  met: number;
  partly: number;
  empty: number;
  na: number;
} {
  const n = (status: string) => rows.filter((row) => row.status === status).length;
  return { met: n('met'), partly: n('partly'), empty: n('empty'), na: n('notApplicable') };
}

/** A title without the number that stands before it in the template. */
export function bareTitle(title: string, number: string): string {
  return number && title.startsWith(`${number} `) ? title.slice(number.length + 1) : title;
}

/** The section of a study that a row of a template speaks of. */
export function sectionOf(doc: StudyDoc, row: CheckRow): Entity | undefined {
  const sections = partsOf(doc, doc.id, 'section');
  const named = row.places.map((place) => place.entity);
  return (
    sections.find((section) => textOf(section, 'key') === row.key) ??
    sections.find((section) => named.includes(section.id))
  );
}

export interface NewSection {
  fields: Record<string, JsonValue>;
  after: EntityId | null;
}

/** A section for a heading of the template that the study has not, in its place. */
export function newSection(doc: StudyDoc, rows: CheckRow[], row: CheckRow): NewSection {
  const sections = partsOf(doc, doc.id, 'section');
  const at = rows.indexOf(row);
  const earlier = new Set(rows.slice(0, at).map((one) => one.key));
  const before = sections.findLast((section) => earlier.has(textOf(section, 'key')));
  const title = (text: string) =>
    row.number && !text.startsWith(row.number) ? `${row.number} ${text}` : text;
  return {
    after: before?.id ?? null,
    fields: {
      key: row.key,
      level: row.level,
      ...(row.title.zh ? { 'title.zh': title(row.title.zh) } : {}),
      ...(row.title.en ? { 'title.en': title(row.title.en) } : {}),
    },
  };
}
