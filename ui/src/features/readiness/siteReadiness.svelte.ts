// How ready one site of a study is, as the host has it, kept up to date.
import { call } from '../../platform';
import type {
  ContactStanding,
  DutyRow,
  EntityId,
  Readiness,
  StudyId,
} from '../../platform/contract.gen';
import type { Left } from '../../lib/walk';
import { onChanged } from '../../state/events';

// Several topics change at once; one question answers all.
const WAIT_MS = 60;

export class SiteReadiness {
  /** The line that was left last. */
  static last: Left | null = null;

  found = $state.raw<Readiness | null>(null);
  duties = $state.raw<DutyRow[]>([]);
  contacts = $state.raw<ContactStanding[]>([]);
  failed = $state<unknown>(null);
  #site: EntityId = '';
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly study: StudyId) {}

  async ask(site: EntityId): Promise<void> {
    this.#site = site;
    const { study } = this;
    try {
      const [found, log] = await Promise.all([
        call('readiness.get', { study, site }),
        call('delegation.get', { study, site }),
      ]);
      // Another site was chosen meanwhile.
      if (site !== this.#site) return;
      this.found = found;
      this.duties = log.rows;
      this.contacts = log.contacts;
      this.failed = null;
    } catch (error) {
      if (site === this.#site) this.failed = error;
    }
  }

  follow(): () => void {
    const stop = onChanged([`study:${this.study}`, 'studies', 'calendar'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => this.#site && void this.ask(this.#site), WAIT_MS);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}
