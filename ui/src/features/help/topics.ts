// Which page speaks of the place where the person is.
import type { Place, StudyTab } from '../../state/route.svelte';

export interface Topic {
  page: string;
  /** The section of the page, counted from 1: the languages have the same ones. */
  section?: number;
}

const TABS: Record<StudyTab, string> = {
  overview: 'studies',
  protocol: 'protocol',
  sites: 'studies',
  milestones: 'plan',
  submissions: 'ethics',
  documents: 'ethics',
  members: 'center',
  history: 'studies',
};

const PARTS: Record<string, Topic> = {
  safety: { page: 'safety' },
  copies: { page: 'safety' },
  verify: { page: 'safety' },
  center: { page: 'center' },
  laptops: { page: 'center' },
  stick: { page: 'center' },
  reminders: { page: 'today', section: 2 },
  calendar: { page: 'today', section: 3 },
};

/** What speaks of a place; before a vault is open, the page about the first start. */
export function topicOf(place: Place | null): Topic {
  if (!place) return { page: 'first-start' };
  switch (place.screen) {
    case 'today':
      return { page: 'today' };
    case 'readiness':
      return { page: 'today', section: 1 };
    case 'study':
      return { page: TABS[place.tab] };
    case 'formset':
      return { page: 'ethics' };
    case 'directory':
      return { page: 'people' };
    case 'person':
    case 'organisation':
      return { page: 'people', section: 2 };
    case 'import':
      return { page: 'import' };
    case 'conflicts':
    case 'review':
      return { page: 'center' };
    case 'settings':
      return PARTS[place.part ?? ''] ?? { page: 'README' };
    default:
      return { page: 'studies' };
  }
}

/** Everything that a place can lead to. */
export const TOPICS: Topic[] = [
  ...Object.values(TABS).map((page) => ({ page })),
  ...Object.values(PARTS),
  topicOf({ screen: 'readiness', study: '', site: '' }),
  topicOf({ screen: 'directory' }),
  topicOf({ screen: 'person', id: '' }),
  { page: 'first-start' },
  { page: 'import' },
];
