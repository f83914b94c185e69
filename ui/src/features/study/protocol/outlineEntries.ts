// The lines of the outline. Pure.
import type { Entity, Lang, StudyDoc } from '../../../platform/contract.gen';
import { isShown, textIn, textOf } from '../../../lib/doc';
import { levelOf } from './editor/build';

export interface OutlineEntry {
  id: string;
  title: string;
  level: number;
  /** How far a section is; null for parts that are no sections. */
  state: 'written' | 'empty' | 'not' | null;
}

/** The sections of a study with how far each is. */
export function outlineOf(doc: StudyDoc, lang: Lang, untitled: string): OutlineEntry[] {
  const written = new Set<string>();
  for (const entity of doc.entities)
    if (entity.kind === 'block' && isShown(entity) && hasText(entity))
      written.add(entity.parent ?? '');
  const sections = doc.entities.filter((entity) => entity.kind === 'section' && isShown(entity));
  return sections.map((section, i) => ({
    id: section.id,
    title: textIn(section, 'title', lang) || untitled,
    level: levelOf(section),
    state: textOf(section, 'notApplicable')
      ? 'not'
      : written.has(section.id)
        ? 'written'
        : // A heading over deeper sections is as far as they are.
          hasWrittenBelow(sections, i, written)
          ? 'written'
          : 'empty',
  }));
}

const hasText = (block: Entity) =>
  Boolean(textOf(block, 'text.zh') || textOf(block, 'text.en') || textOf(block, 'image'));

function hasWrittenBelow(sections: Entity[], at: number, written: Set<string>): boolean {
  const level = levelOf(sections[at]!);
  for (const section of sections.slice(at + 1)) {
    if (levelOf(section) <= level) return false;
    if (written.has(section.id)) return true;
  }
  return false;
}
