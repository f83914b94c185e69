// Which view of the protocol is shown in each study, and which dialog or drawer is open over it.
import type { EntityId, StudyId } from '../../platform/contract.gen';
import { route } from '../../state/route.svelte';

export const VIEWS = ['text', 'versions', 'compare', 'check', 'registration'] as const;
export type View = (typeof VIEWS)[number];
export type Sheet = 'freeze' | 'export' | 'suggestions';

class ProtocolPlace {
  #views = $state<Record<StudyId, View>>({});
  #chosen = $state<Record<StudyId, EntityId | null>>({});
  /** What is open over the view. */
  sheet = $state<Sheet | null>(null);
  /** The version that is exported; null for the working text. */
  exported = $state<EntityId | null>(null);

  view(study: StudyId): View {
    return this.#views[study] ?? 'text';
  }

  show(study: StudyId, view: View): void {
    this.#views[study] = view;
  }

  /** The version whose details are shown; null for the working text. */
  chosen(study: StudyId): EntityId | null {
    return this.#chosen[study] ?? null;
  }

  choose(study: StudyId, version: EntityId | null): void {
    this.#chosen[study] = version;
  }

  /** Goes to a view of the study that is open, whatever tab it shows. */
  go(view: View): void {
    if (route.place.screen !== 'study') return;
    this.show(route.place.study, view);
    route.goTab('protocol');
  }

  /** Opens something over the protocol of the study that is open. */
  open(sheet: Sheet): void {
    if (route.place.screen !== 'study') return;
    if (sheet === 'suggestions') this.go('text');
    this.exported = null;
    this.sheet = sheet;
  }

  exportOf(version: EntityId | null): void {
    this.exported = version;
    this.sheet = 'export';
  }
}

export const protocolPlace = new ProtocolPlace();
