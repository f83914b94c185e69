// What the choices over a Word file come to.
import type { EntityId, SectionChoice, WordPlan, WordSection } from '../../platform/contract.gen';

export const SKIP = 'skip';
/** A section of the study, a new one, or nowhere. */
export type Target = EntityId | 'new' | typeof SKIP;

/** Where each section of a file goes as planned. */
export function planned(sections: WordSection[]): Record<number, Target> {
  return Object.fromEntries(sections.map(({ at, section }) => [at, section ?? 'new']));
}

/** How many blocks would come in. */
export function nBlocks(plan: WordPlan | undefined, targets: Record<number, Target>): number {
  const wanted = (plan?.sections ?? []).filter((section) => targets[section.at] !== SKIP);
  return wanted.reduce((n, section) => n + section.blocks, 0);
}

/** The choices as the host takes them. */
export function choicesOf(
  sections: WordSection[],
  targets: Record<number, Target>,
): SectionChoice[] {
  return sections.map(({ at, section }) => {
    const to = targets[at] ?? section ?? 'new';
    if (to === 'new' || to === SKIP) return { at, to, section: null };
    return { at, to: 'existing', section: to };
  });
}
