// Where one was in the directory: part, words, filters, scroll, row. Kept while the program runs.
import type { DirectoryPart } from '../../state/route.svelte';
import type { PeopleFilters } from './people';

class DirectoryPlace implements PeopleFilters {
  part = $state<DirectoryPart>('people');
  query = $state('');
  state = $state<string[]>([]);
  role = $state<string[]>([]);
  organisation = $state<string[]>([]);
  archived = $state(false);
  scroll: Record<string, number> = {};
  last = $state<Record<string, string>>({});

  get isFiltered(): boolean {
    return (
      this.query.trim() !== '' ||
      this.archived ||
      this.state.length + this.role.length + this.organisation.length > 0
    );
  }

  clear(): void {
    this.query = '';
    this.state = [];
    this.role = [];
    this.organisation = [];
    this.archived = false;
  }
}

export const directoryPlace = new DirectoryPlace();
