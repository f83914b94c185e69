// The plan of the open study as the host works it out, kept up to date.
import { getContext, setContext } from 'svelte';
import { call } from '../../../platform';
import type {
  EntityId,
  PlanLane,
  PlanRow,
  StudyId,
  StudyPlan,
} from '../../../platform/contract.gen';
import { onChanged } from '../../../state/events';

export class Plan {
  found = $state.raw<StudyPlan | null>(null);
  failed = $state.raw<unknown>(null);
  #late: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly study: StudyId) {}

  /** What is planned, by its entity. Letters have the entity of their site. */
  readonly rows: ReadonlyMap<EntityId, PlanRow> = $derived(
    new Map(
      (this.found?.lanes ?? [])
        .flatMap((lane) => lane.rows)
        .filter((row) => row.what === 'milestone' || row.what === 'deadline')
        .map((row) => [row.id, row]),
    ),
  );

  get lanes(): PlanLane[] {
    return this.found?.lanes ?? [];
  }

  laneOf(site: EntityId | null): PlanLane | undefined {
    return this.lanes.find((lane) => lane.site === site);
  }

  async load(): Promise<void> {
    try {
      this.found = await call('plan.get', { study: this.study });
      this.failed = null;
    } catch (error) {
      this.failed = error;
    }
  }

  follow(): () => void {
    void this.load();
    const stop = onChanged([`study:${this.study}`, 'calendar'], () => {
      clearTimeout(this.#late);
      this.#late = setTimeout(() => void this.load(), 50);
    });
    return () => {
      clearTimeout(this.#late);
      stop();
    };
  }
}

const KEY = Symbol('plan');

export const setPlan = (plan: () => Plan) => setContext(KEY, plan);

/** The plan of the study that a component stands in. */
export const usePlan = () => getContext<() => Plan>(KEY);
