// Which template each study is held against, and whether only open rows are shown.
import type { StudyId } from '../../platform/contract.gen';

export const TEMPLATES = ['m11', 'spirit', 'interventional', 'observational'] as const;
export type TemplateKey = (typeof TEMPLATES)[number];

class CheckChoice {
  #templates = $state<Record<StudyId, TemplateKey>>({});
  onlyOpen = $state(false);

  of(study: StudyId): TemplateKey | undefined {
    return this.#templates[study];
  }

  choose(study: StudyId, template: string): void {
    const known = TEMPLATES.find((key) => key === template);
    if (known) this.#templates[study] = known;
  }
}

export const checkChoice = new CheckChoice();
