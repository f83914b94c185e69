// Milestones of sites side by side.
import type { Bilingual, PlanLane, PlanRow } from '../../../platform/contract.gen';

export interface MatrixRow {
  /** What milestones of different sites are the same one by: their key, else their name. */
  key: string;
  name: Bilingual;
}

const keyOf = (row: PlanRow): string => row.key || row.name.zh || row.name.en;
const isIn = (row: PlanRow): boolean => row.what === 'milestone';

/** The milestones that any site has, each once, in the order in which sites have them. */
export function columnsOf(lanes: PlanLane[]): MatrixRow[] {
  const order: MatrixRow[] = [];
  for (const lane of lanes) {
    let behind = -1;
    for (const row of lane.rows.filter(isIn)) {
      const key = keyOf(row);
      const at = order.findIndex((one) => one.key === key);
      if (at >= 0) {
        behind = Math.max(behind, at);
        continue;
      }
      behind += 1;
      order.splice(behind, 0, { key, name: row.name });
    }
  }
  return order;
}

/** How a site stands at a milestone. */
export const cellAt = (lane: PlanLane, key: string): PlanRow | undefined =>
  lane.rows.find((row) => isIn(row) && keyOf(row) === key);
