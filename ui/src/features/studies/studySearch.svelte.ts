// Searching the list: the host's search over everything, merged with what the rows themselves say.
import { call } from '../../platform';
import type { SearchHit, StudyRow } from '../../platform/contract.gen';
import { matches } from '../../lib/fold';
import { attempt } from '../../state/toasts.svelte';

const WAIT_MS = 80;
const MOST_HITS = 1000;

export class StudySearch {
  query = $state('');
  /** The best hit of each study, in the order of the host's answer. */
  hits = $state.raw<Map<string, SearchHit>>(new Map());
  /** The words that `hits` answer. */
  answered = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  typed(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.ask(), WAIT_MS);
  }

  async ask(): Promise<void> {
    const words = this.query.trim();
    const mine = ++this.#asked;
    if (!words) {
      this.#take(words, []);
      return;
    }
    const answer = await attempt(() => call('search.run', { query: words, limit: MOST_HITS }));
    if (answer && mine === this.#asked) this.#take(words, answer.hits);
  }

  /** Rows that fit the words, best first. */
  filter(rows: StudyRow[]): StudyRow[] {
    const words = this.query.trim();
    if (!words) return rows;
    const order = new Map([...this.hits.keys()].map((id, place) => [id, place]));
    const fits = (row: StudyRow) =>
      order.has(row.id) ||
      matches([row.titleZh, row.titleEn, row.acronym, row.number, row.leadSite].join(' '), words);
    const place = (row: StudyRow) => order.get(row.id) ?? -1;
    return rows.filter(fits).sort((a, b) => place(a) - place(b));
  }

  #take(words: string, hits: SearchHit[]): void {
    const best = new Map<string, SearchHit>();
    for (const hit of hits) if (!best.has(hit.study)) best.set(hit.study, hit);
    this.hits = best;
    this.answered = words;
  }
}
