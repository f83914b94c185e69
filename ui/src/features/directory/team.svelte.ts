// The delegation log of the open study, as the host judges it.
import { call } from '../../platform';
import type { ContactStanding, DutyRow, EntityId, StudyId } from '../../platform/contract.gen';
import { onChanged } from '../../state/events';
import { attempt } from '../../state/toasts.svelte';

const WAIT_MS = 40;

export class StudyTeam {
  rows = $state.raw<DutyRow[]>([]);
  contacts = $state.raw<ContactStanding[]>([]);
  loaded = $state(false);
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly study: StudyId) {}

  async load(): Promise<void> {
    const log = await attempt(() => call('delegation.get', { study: this.study, site: null }));
    if (!log) return;
    this.rows = log.rows;
    this.contacts = log.contacts;
    this.loaded = true;
  }

  follow(): () => void {
    void this.load();
    // A certificate of the directory changes what is wrong with a log.
    const stop = onChanged([`study:${this.study}`, 'studies'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), WAIT_MS);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}

export type SitesView = 'sites' | 'log';

/** Which view, site and entry one was at in each study. */
class LogPlace {
  view = $state<Record<StudyId, SitesView>>({});
  site = $state<Record<StudyId, EntityId>>({});
  duty = $state<Record<StudyId, EntityId>>({});
  ended = $state(false);

  /** Opens the log, of one site or of all, at an entry when one is named. */
  open(study: StudyId, site: EntityId = '', duty: EntityId = ''): void {
    this.view[study] = 'log';
    this.site[study] = site;
    if (duty) this.duty[study] = duty;
  }
}

export const logPlace = new LogPlace();
