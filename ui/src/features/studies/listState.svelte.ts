// Filters and place of the list, remembered while the program runs.
import type { StudyRow } from '../../platform/contract.gen';
import { StudySearch } from './studySearch.svelte';

class ListState {
  readonly search = new StudySearch();
  status = $state<string[]>([]);
  hospital = $state<string[]>([]);
  area = $state<string[]>([]);
  archived = $state(false);
  view = $state<'table' | 'timeline'>('table');
  scroll = 0;
  last = $state('');

  get filtered(): boolean {
    return this.status.length + this.hospital.length + this.area.length > 0;
  }

  clear(): void {
    this.status = [];
    this.hospital = [];
    this.area = [];
    this.search.typed('');
  }

  rows(all: StudyRow[]): StudyRow[] {
    const any = (wanted: string[], has: string[]) =>
      wanted.length === 0 || wanted.some((code) => has.includes(code));
    const shown = all.filter(
      (row) =>
        row.archived === this.archived &&
        row.joined === null &&
        any(this.status, [row.status]) &&
        any(this.hospital, row.hospitals) &&
        any(this.area, row.diseaseAreas),
    );
    return this.search.filter(shown);
  }
}

export const listState = new ListState();
