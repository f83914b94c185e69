// What the choices over a Word file come to.
import type { EntityId } from '../../platform/contract.gen';
import type { WordPreview } from '../versions/types';

export const SKIP = 'skip';
/** A section of the study, a new one, or nowhere. */
export type SectionChoice = EntityId | 'new' | typeof SKIP;

export interface WordPlan {
  /** Blocks that come in. */
  blocks: number;
  /** New sections. */
  sections: number;
  /** Headings that are left out. */
  skipped: number;
}

/** What would come in. */
export function planOf(
  preview: WordPreview | null,
  choices: Record<number, SectionChoice>,
): WordPlan {
  const plan: WordPlan = { blocks: 0, sections: 0, skipped: 0 };
  for (const section of preview?.sections ?? []) {
    const to = choices[section.at] ?? 'new';
    if (to === SKIP) {
      plan.skipped += 1;
      continue;
    }
    plan.blocks += section.blocks;
    if (to === 'new') plan.sections += 1;
  }
  return plan;
}
