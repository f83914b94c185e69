// Where the person is, and the way back.
import type { EntityId, StudyId } from '../platform/contract.gen';

export const STUDY_TABS = [
  'overview',
  'protocol',
  'sites',
  'milestones',
  'submissions',
  'documents',
  'members',
  'history',
] as const;
export type StudyTab = (typeof STUDY_TABS)[number];

export interface Spot {
  entity: EntityId;
  field?: string;
}

export const DIRECTORY_PARTS = ['people', 'organisations', 'forms', 'spellings'] as const;
export type DirectoryPart = (typeof DIRECTORY_PARTS)[number];

export type Place =
  | { screen: 'today' }
  | { screen: 'studies' }
  | { screen: 'study'; study: StudyId; tab: StudyTab; spot?: Spot }
  | { screen: 'directory'; part?: DirectoryPart }
  | { screen: 'person'; id: EntityId; spot?: Spot }
  | { screen: 'organisation'; id: EntityId; spot?: Spot }
  /** The form set that is open. */
  | { screen: 'formset' }
  /** What stands between a site and its start; an empty site: the one chosen last. */
  | { screen: 'readiness'; study: StudyId; site: EntityId }
  | { screen: 'import' }
  | { screen: 'conflicts' }
  /** What was kept for review. */
  | { screen: 'review' }
  | { screen: 'history' }
  | { screen: 'settings'; part?: string };

const TAB_KEY = 'pidesk.tab.';

class Route {
  place = $state.raw<Place>({ screen: 'today' });
  #back: Place[] = [];

  go(place: Place): void {
    this.#back = [...this.#back.slice(-30), this.place];
    this.place = place;
  }

  /** Opens a study where it was left. */
  goStudy(study: StudyId, tab?: StudyTab, spot?: Spot): void {
    const last = sessionStorage.getItem(TAB_KEY + study) as StudyTab | null;
    this.go({ screen: 'study', study, tab: tab ?? last ?? 'overview', spot });
  }

  /** Opens whatever an entry is part of: a study, or somebody or something of the directory. */
  goEntity(study: StudyId, kind: string, entity: EntityId, field?: string): void {
    const spot = { entity, field };
    if (['individual', 'credential'].includes(kind))
      this.go({ screen: 'person', id: entity, spot });
    else if (['organisation', 'department', 'committee', 'office'].includes(kind))
      this.go({ screen: 'organisation', id: entity, spot });
    else this.goStudy(study, tabOf(kind, field), spot);
  }

  /** Puts another place where the person is, without a step in the way back. */
  replace(place: Place): void {
    this.place = place;
  }

  /** Changes the tab without a step in the way back. */
  goTab(tab: StudyTab): void {
    if (this.place.screen !== 'study') return;
    sessionStorage.setItem(TAB_KEY + this.place.study, tab);
    this.place = { screen: 'study', study: this.place.study, tab };
  }

  /** Whether the person is at one of the lists where ways begin. */
  get isHome(): boolean {
    return ['today', 'studies', 'directory'].includes(this.place.screen);
  }

  back(): void {
    this.place = this.#back.pop() ?? { screen: 'today' };
  }

  /** Begins anew at a place, without a way back. */
  reset(place: Place = { screen: 'today' }): void {
    this.#back = [];
    this.place = place;
  }
}

export const route = new Route();

const IN_PROTOCOL = [
  'section',
  'block',
  'arm',
  'intervention',
  'outcome',
  'version',
  'approval',
  'suggestion',
  'upload',
  'rationale',
];

const OF_SUBMISSION = ['submission', 'enclosure', 'answer', 'decision', 'reply', 'point'];

/** The tab that shows a kind of entity. */
export function tabOf(kind: string, field = ''): StudyTab {
  if (IN_PROTOCOL.includes(kind)) return 'protocol';
  if (kind === 'study' && field.startsWith('eligibility.')) return 'protocol';
  if (['site', 'contact', 'assignment'].includes(kind)) return 'sites';
  if (kind === 'milestone' || kind === 'enrolment') return 'milestones';
  if (OF_SUBMISSION.includes(kind)) return 'submissions';
  return kind === 'document' ? 'documents' : 'overview';
}
