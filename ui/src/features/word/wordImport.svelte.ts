// A Word file on its way into a study: reading, preview with choices, run, report.
import type {
  EntityId,
  Lang,
  StudyId,
  WordPlan,
  WordPreview,
  WordReport,
} from '../../platform/contract.gen';
import { call } from '../../platform';
import { on } from '../../state/events';
import type { Progress } from '../../state/imports.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';
import { errorText } from '../../lib/failures';
import { choicesOf, nBlocks, planned, type Target } from './wordPlan';

export type WordStage = 'idle' | 'reading' | 'preview' | 'running' | 'done';

class WordImport {
  stage = $state<WordStage>('idle');
  study = $state<StudyId>('');
  file = $state('');
  progress = $state.raw<Progress | null>(null);
  preview = $state.raw<WordPreview | null>(null);
  report = $state.raw<WordReport | null>(null);
  problem = $state('');
  lang = $state<Lang>('zh');
  /** Where each heading of the file goes: a section, a new one, or nowhere. */
  sections = $state<Record<number, Target>>({});
  /** Which unsure blocks are new ones, by their place; the others are those that they resemble. */
  fresh = $state<Record<number, boolean>>({});
  /** Blocks that are gone in the file and stay in the study. */
  kept = $state<Record<EntityId, boolean>>({});
  #job = 0;
  /** The newest job that was given up; numbers only grow. */
  #last = 0;
  #mine = 0;

  follow(): () => void {
    this.reset();
    return on('progress', (event) => {
      if (this.stage !== 'reading' || !event.stage.startsWith('word')) return;
      // A reading that was given up may still tell where it is.
      if (event.job <= this.#last) return;
      this.#job = event.job;
      this.progress = event;
    });
  }

  get plan(): WordPlan | undefined {
    return this.preview?.plan;
  }

  /** How many blocks would come in as things are chosen. */
  get blocks(): number {
    return nBlocks(this.plan, this.sections);
  }

  async pick(study: StudyId): Promise<void> {
    const picked = await attempt(() => call('file.pick', { purpose: 'openWord', name: '' }));
    if (picked?.paths[0]) await this.read(study, picked.paths[0]);
  }

  async read(study: StudyId, path: string): Promise<void> {
    // A file that is coming in goes on to its end.
    if (this.stage === 'running') return;
    this.reset();
    const mine = this.#mine;
    this.study = study;
    this.file = path.split(/[\\/]/).at(-1) ?? path;
    this.stage = 'reading';
    try {
      const preview = await call('word.read', { study, path });
      if (mine !== this.#mine) return;
      this.preview = preview;
      this.file = preview.file || this.file;
      this.lang = preview.plan.lang;
      this.sections = planned(preview.plan.sections);
      this.stage = 'preview';
    } catch (error) {
      if (mine !== this.#mine) return;
      this.stage = 'idle';
      this.problem = errorText(error);
      toasts.fail(error);
    } finally {
      this.progress = null;
    }
  }

  /** Matches the file anew; what was decided over one language says nothing about the other. */
  async chooseLang(lang: Lang): Promise<void> {
    const before = this.preview;
    if (!before || this.stage !== 'preview' || lang === this.lang) return;
    const mine = this.#mine;
    this.lang = lang;
    const { preview: job } = before;
    const preview = await attempt(() =>
      call('word.plan', { study: this.study, preview: job, lang }),
    );
    if (mine !== this.#mine || this.lang !== lang) return;
    if (!preview) {
      this.lang = before.plan.lang;
      return;
    }
    this.preview = preview;
    this.sections = planned(preview.plan.sections);
    this.fresh = {};
    this.kept = {};
  }

  async run(): Promise<void> {
    const preview = this.preview;
    if (!preview || this.stage !== 'preview') return;
    this.stage = 'running';
    this.problem = '';
    try {
      this.report = await call('word.run', {
        study: this.study,
        preview: preview.preview,
        choices: {
          lang: this.lang,
          sections: choicesOf(preview.plan.sections, this.sections),
          unsure: preview.plan.unsure.map(({ at }) => ({ at, same: !this.fresh[at] })),
          archiveGone: true,
          keepGone: preview.plan.gone.map((one) => one.block).filter((id) => this.kept[id]),
        },
      });
      this.stage = 'done';
    } catch (error) {
      this.stage = 'preview';
      this.problem = errorText(error);
    } finally {
      this.progress = null;
    }
  }

  /** Gives up a reading or a preview; the host forgets the file. */
  async cancel(): Promise<void> {
    const job = this.preview?.preview ?? this.#job;
    this.reset();
    this.#last = Math.max(this.#last, job);
    if (job) await attempt(() => call('job.cancel', { job }));
  }

  reset(): void {
    this.#mine += 1;
    this.#job = 0;
    this.stage = 'idle';
    this.study = '';
    this.file = '';
    this.progress = null;
    this.preview = null;
    this.report = null;
    this.problem = '';
    this.sections = {};
    this.fresh = {};
    this.kept = {};
  }
}

export const wordImport = new WordImport();
