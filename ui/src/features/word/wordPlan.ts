// What the choices over a Word file come to.
import type { EntityId } from '../../platform/contract.gen';
import type { SectionTarget, WordBlock, WordPreview } from '../versions/types';

export const SKIP = 'skip';
/** A section of the study, a new one, or nowhere. */
export type SectionChoice = EntityId | 'new' | typeof SKIP;

/** A block that may be one of the study, with its place in the file. */
export interface Unsure {
  key: string;
  section: number;
  block: number;
  text: WordBlock;
}

/** Blocks that a person should look at. */
export function unsureOf(preview: WordPreview | null): Unsure[] {
  return (preview?.sections ?? []).flatMap(({ blocks }, section) =>
    blocks.flatMap((text, block) =>
      text.unsure ? [{ key: `${section}.${block}`, section, block, text }] : [],
    ),
  );
}

/** How many blocks would come in. */
export function nBlocks(
  preview: WordPreview | null,
  choices: Record<number, SectionChoice>,
): number {
  const wanted = (preview?.sections ?? []).filter((_, place) => choices[place] !== SKIP);
  return wanted.reduce((n, section) => n + section.blocks.length, 0);
}

/** A choice as the host takes it. */
export function targetOf(choice: SectionChoice): SectionTarget {
  if (choice === 'new' || choice === SKIP) return { is: choice };
  return { is: 'known', id: choice };
}
