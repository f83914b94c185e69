// Which page speaks of the place where the person is.
import type { Place, StudyTab } from '../../state/route.svelte';

const TABS: Record<StudyTab, string> = {
  overview: 'studies',
  protocol: 'protocol',
  sites: 'studies',
  milestones: 'studies',
  documents: 'studies',
  history: 'studies',
};

const PARTS: Record<string, string> = {
  safety: 'safety',
  copies: 'safety',
  verify: 'safety',
  center: 'center',
  calendar: 'today',
  reminders: 'today',
};

/** The page for a place; before a vault is open, the one about the first start. */
export function topicOf(place: Place | null): string {
  if (!place) return 'first-start';
  switch (place.screen) {
    case 'today':
    case 'readiness':
      return 'today';
    case 'study':
      return TABS[place.tab];
    case 'import':
      return 'import';
    case 'conflicts':
      return 'center';
    case 'settings':
      return PARTS[place.part ?? ''] ?? 'README';
    default:
      return 'studies';
  }
}

/** Every page that a place can lead to. */
export const TOPICS = [
  ...new Set([...Object.values(TABS), ...Object.values(PARTS), 'first-start', 'import', 'today']),
];
