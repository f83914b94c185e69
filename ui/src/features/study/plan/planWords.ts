// How a planned thing stands, in a shape, a tone and words.
import type { EntityId, PlanLane, PlanRow, PlanStatus } from '../../../platform/contract.gen';
import { asKnown, showDate, showMarked, showMoment } from '../../../lib/dates';
import { shortHospitalName } from '../../../lib/reference';
import { join, t, tData } from '../../../lib/words';
import type { Plan } from './plan.svelte';

export interface StatusMark {
  shape: string;
  tone: 'green' | 'red' | 'amber' | 'ink' | 'quiet';
}

const MARKS: Record<PlanStatus, StatusMark> = {
  achieved: { shape: '✓', tone: 'green' },
  overdue: { shape: '!', tone: 'red' },
  blocked: { shape: '⊘', tone: 'amber' },
  dueSoon: { shape: '◐', tone: 'amber' },
  upcoming: { shape: '○', tone: 'ink' },
  undated: { shape: '·', tone: 'quiet' },
  notApplicable: { shape: '–', tone: 'quiet' },
};

/** The day it is due, as exactly as it is known. */
export const dueOf = (row: PlanRow): string => asKnown(row.due, row.precision);

/** When it is due, with its hour where it is due at a moment, to be shown. */
export const dueShown = (row: PlanRow): string => (row.dueAt ? showMoment(row.dueAt) : dueOf(row));

/** When it is to be expected; at the moment that it is due at, with its hour. */
export const forecastShown = (row: PlanRow): string =>
  forecastOf(row) === dueOf(row) ? dueShown(row) : forecastOf(row);

/** The day it is to be expected, as exactly as it is known. */
export const forecastOf = (row: PlanRow): string => asKnown(row.forecast, row.forecastPrecision);

/** The day that settles it; empty when it is open, as what was done and is due anew is. */
export const doneOn = (row: PlanRow): string => (row.repeat && !row.derived ? '' : row.actual);

/** The day that sites, committees or enrolment tell, where none is noted; else empty. */
export const toldOn = (row: PlanRow | undefined): string => (row?.derived ? row.actual : '');

export interface Standing {
  date: string;
  provisional: boolean;
}

/** As it was; late, the day that was missed; else as it is to be expected, planned or due. */
export function standsOf(row: PlanRow): Standing {
  if (row.status === 'overdue' && row.due)
    return { date: dueOf(row), provisional: row.provisional };
  if (doneOn(row)) return { date: row.actual, provisional: false };
  if (row.forecast) return { date: forecastOf(row), provisional: row.forecastProvisional };
  if (row.planned) return { date: row.planned, provisional: false };
  return { date: dueOf(row), provisional: row.provisional };
}

/** The day that a rule gives to what is open, where there is no room for a column of its own. */
export const byRule = (row: PlanRow | undefined, narrow: boolean): string =>
  row?.due && narrow && doneOn(row) === '' ? showMarked(dueShown(row), row.provisional, false) : '';

export const markOf = (status: PlanStatus): StatusMark => MARKS[status];

/** The site that a milestone belongs to, in short; empty for the study's own. */
export function placeOf(id: EntityId, lanes: PlanLane[]): string {
  const lane = lanes.find((one) => one.rows.some((row) => row.id === id));
  return lane?.site ? shortHospitalName(tData(lane.name)) : '';
}

/** How it stands; where a day is near or gone, by how much. */
export function statusText(row: PlanRow): string {
  const left = row.daysLeft;
  if (left !== null && (row.status === 'overdue' || row.status === 'dueSoon')) {
    if (left === 0) return t('ui.date.today');
    return left > 0 ? t('ui.date.left', { n: left }) : t('ui.date.over', { n: -left });
  }
  return t(`plan.status.${row.status}`);
}

/** Days off the baseline, in words; empty where it is kept or there is none. */
export function slipText(slip: number | null): string {
  if (slip === null || slip === 0) return '';
  return slip > 0 ? t('ui.milestone.later', { n: slip }) : t('ui.milestone.earlier', { n: -slip });
}

/** The names of those it waits for. */
export function waitsFor(row: PlanRow, nameOf: (id: string) => string): string {
  const names = row.blockedBy.map(nameOf).filter(Boolean);
  return names.length > 0 ? t('ui.plan.waitsFor', { names: join(names) }) : '';
}

/** The names of milestones, in the language of the interface; those of a site say which. */
export function namesOf(ids: EntityId[], plan: Plan): string[] {
  return ids.flatMap((id) => {
    const row = plan.rows.get(id);
    return row ? [[nameOf(row), placeOf(id, plan.lanes)].filter(Boolean).join(' · ')] : [];
  });
}

/** What was not done yet when this was; empty where everything was. */
export function earlyText(row: PlanRow, plan: Plan): string {
  const names = row.actual ? namesOf(row.missing, plan) : [];
  return names.length > 0 ? t('ui.plan.early', { names: join(names) }) : '';
}

export const nameOf = (row: PlanRow): string => tData(row.name) || t('ui.part.unnamed');

/** What stands beside its mark on the timeline. */
export const markName = (row: PlanRow): string =>
  [row.rivalActuals?.length ? '◆' : '', standsOf(row).provisional ? '~' : '', nameOf(row)].join('');

/** All that is to be said of a milestone, for the ear and for the line below the timeline. */
export function spoken(row: PlanRow, place: string): string {
  const day = (
    key: 'actual' | 'forecast' | 'planned' | 'baseline',
    date = row[key],
    provisional = false,
  ) => (date ? `${t(`plan.${key}`)} ${showMarked(date, provisional)}` : '');
  const days = [
    doneOn(row) ? '' : day('forecast', forecastShown(row), row.forecastProvisional),
    day('actual'),
    day('planned'),
    day('baseline'),
  ];
  const rivals = (row.rivalActuals ?? []).map((one) => showDate(one));
  const conflict = rivals.length > 0 ? `${t('plan.rivals')} ${rivals.join(' / ')}` : '';
  return [nameOf(row), place, statusText(row), conflict, ...days, slipText(row.slip)]
    .filter(Boolean)
    .join(' · ');
}
