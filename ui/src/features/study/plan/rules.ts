// What a date follows from, in words.
import type { PlanLane } from '../../../platform/contract.gen';
import { isKey, t, tData, type LabelKey } from '../../../lib/words';

const UNITS: Record<string, LabelKey> = {
  h: 'ui.plan.hours',
  d: 'ui.plan.days',
  b: 'ui.plan.workdays',
  m: 'ui.plan.months',
  y: 'ui.plan.years',
};

/** A stretch of time such as `10b`, in words; the text itself when it is none. */
export function periodText(period: string): string {
  const parts = /^-?(\d+)([hdbmy])$/.exec(period);
  return parts ? t(UNITS[parts[2]!]!, { n: Number(parts[1]) }) : period;
}

/** Whether a stretch of time is counted in hours. */
export const isInHours = (period: string): boolean => /^\d+h$/.test(period);

/** A rule such as `siv-35d`, in words; `nameOf` gives the name of a milestone by its key. */
export function ruleText(rule: string, nameOf: (key: string) => string): string {
  if (!rule) return '';
  const all = /^(first|last)\((.+)\)$/.exec(rule);
  if (all)
    return t(all[1] === 'first' ? 'ui.plan.firstOf' : 'ui.plan.lastOf', { name: nameOf(all[2]!) });
  const share = /^enrolled\((\d+)\)$/.exec(rule);
  if (share) return t('ui.plan.enrolledShare', { n: Number(share[1]) });
  const offset = /^(.+)([+-])(\d+[hdbmy])$/.exec(rule);
  if (!offset) return rule;
  const name = offset[1] === 'trigger' ? t('ui.plan.trigger') : nameOf(offset[1]!);
  const isSame = offset[3]!.startsWith('0');
  if (isSame) return t(offset[2] === '-' ? 'ui.plan.before' : 'ui.plan.sameDay', { name });
  const period = periodText(offset[3]!);
  return t(offset[2] === '-' ? 'ui.plan.periodBefore' : 'ui.plan.periodAfter', { name, period });
}

/** Names of milestones by key, from what is planned and from lists. */
export function namesByKey(
  lanes: PlanLane[],
  lists: { items: { key: string; name: { zh: string; en: string } }[] }[] = [],
): (key: string) => string {
  const names = new Map<string, string>();
  for (const list of lists) for (const item of list.items) names.set(item.key, tData(item.name));
  for (const lane of lanes)
    for (const row of lane.rows) if (row.key) names.set(row.key, tData(row.name));
  // What is not planned here still has a name: nobody reads a key.
  return (key) => {
    const label = `import.milestone.${key}`;
    return names.get(key) ?? (isKey(label) ? t(label) : key);
  };
}
