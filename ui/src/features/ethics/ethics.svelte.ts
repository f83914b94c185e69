// The submissions of the open study, and which one a person looks at.
import { getContext, setContext } from 'svelte';
import type {
  EntityId,
  StudyId,
  SubmissionMatrixRow,
  SubmissionSheet,
} from '../../platform/contract.gen';
import { call } from '../../platform';
import { onChanged } from '../../state/events';
import { prefs } from '../../state/prefs.svelte';
import { EVERYTHING, type MatrixFilter } from './matrixFilter';

export const VIEWS = ['list', 'check', 'forms', 'questions', 'details'] as const;
export type EthicsView = (typeof VIEWS)[number];

/** Remembered for the sitting, by study. */
class EthicsPlace {
  chosen = $state<Record<StudyId, EntityId | null>>({});
  view = $state<EthicsView>('list');
  #sites = $state<Record<StudyId, EntityId>>({});

  /** How the matrix of a study is filtered: the hospital for the sitting, the rest on this laptop. */
  filterOf(study: StudyId): MatrixFilter {
    return {
      ...EVERYTHING,
      ...(prefs.kept.submissions as Partial<MatrixFilter>),
      site: this.#sites[study] ?? '',
    };
  }

  setFilter(study: StudyId, { site, ...rest }: MatrixFilter): void {
    this.#sites[study] = site;
    prefs.change({ submissions: rest });
  }

  open(study: StudyId, submission: EntityId | null, view: EthicsView = 'list'): void {
    this.chosen[study] = submission;
    this.view = view;
  }
}
export const ethicsPlace = new EthicsPlace();

export class Submissions {
  rows = $state.raw<SubmissionMatrixRow[] | null>(null);
  sheet = $state.raw<SubmissionSheet | null>(null);
  failed = $state<unknown>(null);
  #late: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(readonly study: StudyId) {}

  get chosen(): EntityId | null {
    return ethicsPlace.chosen[this.study] ?? null;
  }

  async load(): Promise<void> {
    const asked = ++this.#asked;
    const chosen = this.chosen;
    try {
      const { rows } = await call('submission.matrix', { study: this.study });
      const is_here = rows.some((row) => row.submissions.some((one) => one.id === chosen));
      const sheet =
        chosen && is_here
          ? await call('submission.get', { study: this.study, submission: chosen })
          : null;
      // An answer that a later question has overtaken is old.
      if (asked !== this.#asked) return;
      this.rows = rows;
      this.sheet = sheet;
      this.failed = null;
    } catch (error) {
      if (asked === this.#asked) this.failed = error;
    }
  }

  follow(): () => void {
    const stop = onChanged([`study:${this.study}`], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), 60);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}

const KEY = Symbol('submissions');
export const setSubmissions = (get: () => Submissions) => setContext(KEY, get);
/** The submissions of the study that a component stands in. */
export const useSubmissions = () => getContext<() => Submissions>(KEY);
