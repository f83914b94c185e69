// What is compared with what in each study, how it is shown, and the answer of the host.
import { call } from '../../platform';
import type {
  RedlineAnswer,
  RedlinePictures,
  RedlineStyle,
  StudyId,
} from '../../platform/contract.gen';
import type { CompareChoice } from '../versions/standing';
import type { Shown } from './redline';

const NONE: RedlinePictures = { old: {}, new: {} };

class Compare {
  #choices = $state<Record<StudyId, CompareChoice>>({});
  style = $state<RedlineStyle>('underline');
  lang = $state<Shown | null>(null);
  onlyChanges = $state(true);
  part = $state<'text' | 'table'>('text');
  answer = $state.raw<RedlineAnswer | null>(null);
  /** Pictures come after the text, where it has any. */
  pictures = $state.raw<RedlinePictures>(NONE);
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
      void this.#loadPictures(study, choice, mine);
    } catch (error) {
      if (mine !== this.#asked) return;
      this.answer = null;
      this.failed = error;
    } finally {
      if (mine === this.#asked) this.busy = false;
    }
  }

  async #loadPictures(study: StudyId, choice: CompareChoice, mine: number): Promise<void> {
    const has = this.answer?.redline.lines.some((line) => line.kind === 'figure');
    // Without them the captions still say what there is.
    const pictures = has
      ? await call('redline.pictures', { study, from: choice.from, to: choice.to }).catch(
          () => NONE,
        )
      : NONE;
    if (mine === this.#asked) this.pictures = pictures;
  }

  forget(): void {
    this.#asked += 1;
    this.pictures = NONE;
    this.answer = null;
    this.failed = null;
    this.busy = false;
  }
}

export const compare = new Compare();
