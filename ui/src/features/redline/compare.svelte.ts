// What is compared with what in each study, how it is shown, and the answer of the host.
import { call } from '../../platform';
import type { RedlineAnswer, RedlineStyle, StudyId } from '../../platform/contract.gen';
import type { CompareChoice } from '../versions/standing';
import type { Shown } from './redline';

class Compare {
  #choices = $state<Record<StudyId, CompareChoice>>({});
  style = $state<RedlineStyle>('underline');
  lang = $state<Shown | null>(null);
  onlyChanges = $state(true);
  part = $state<'text' | 'table'>('text');
  answer = $state.raw<RedlineAnswer | null>(null);
  failed = $state.raw<unknown>(null);
  busy = $state(false);
  #asked = 0;

  choice(study: StudyId): CompareChoice | undefined {
    return this.#choices[study];
  }

  choose(study: StudyId, choice: CompareChoice): void {
    this.#choices[study] = choice;
  }

  /** Asks for the redline; an answer that comes after a newer question is left aside. */
  async load(study: StudyId, choice: CompareChoice): Promise<void> {
    const mine = ++this.#asked;
    this.busy = true;
    try {
      const answer = await call('redline.get', { study, from: choice.from, to: choice.to });
      if (mine !== this.#asked) return;
      this.answer = answer;
      this.failed = null;
    } catch (error) {
      if (mine !== this.#asked) return;
      this.answer = null;
      this.failed = error;
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }

  forget(): void {
    this.#asked += 1;
    this.answer = null;
    this.failed = null;
    this.busy = false;
  }
}

export const compare = new Compare();
