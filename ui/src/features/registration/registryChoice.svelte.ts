// Which registry's sheet each study shows, and which rows of it.
import type { StudyId } from '../../platform/contract.gen';
import type { RowFilter } from './registration';

export const REGISTRIES = ['who', 'chictr', 'nmr'] as const;
export type Registry = (typeof REGISTRIES)[number];

class RegistryChoice {
  #chosen = $state<Record<StudyId, Registry>>({});
  filter = $state<RowFilter>('all');

  of(study: StudyId): Registry {
    return this.#chosen[study] ?? 'nmr';
  }

  choose(study: StudyId, registry: string): void {
    const known = REGISTRIES.find((key) => key === registry);
    if (!known) return;
    this.#chosen[study] = known;
    this.filter = 'all';
  }
}

export const registryChoice = new RegistryChoice();
