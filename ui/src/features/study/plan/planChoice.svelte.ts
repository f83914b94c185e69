// How a plan was looked at last, of this sitting.
import type { Zoom } from './geometry';

export const VIEWS = ['table', 'timeline', 'matrix', 'enrolment'] as const;
export type PlanView = (typeof VIEWS)[number];

class PlanChoice {
  view = $state<PlanView>('table');
  zoom = $state<Zoom>('month');
  links = $state(false);
  /** The mark that is chosen in the timeline; empty for none. */
  chosen = $state('');
  /** The day at the left end of each timeline. */
  readonly left = new Map<string, string>();
}

export const planChoice = new PlanChoice();
