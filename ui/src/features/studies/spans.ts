// All studies over time, in the shape of one plan: a lane a study, a bar a site.
import { shortHospitalName } from '../../lib/reference';
import type { PlanLane, PlanPoint, PlanRow, StudySpan } from '../../platform/contract.gen';

function rowOf(point: PlanPoint): PlanRow {
  return {
    what: 'milestone',
    id: point.id,
    kind: 'milestone',
    field: 'planned',
    key: point.key,
    name: point.name,
    baseline: point.baseline,
    planned: point.done ? '' : point.date,
    actual: point.done ? point.date : '',
    derived: false,
    rivalActuals: [],
    conflicts: [],
    due: '',
    legal: '',
    dueAt: '',
    precision: 'day',
    provisional: false,
    forecast: point.done ? '' : point.date,
    forecastPrecision: 'day',
    forecastProvisional: point.provisional,
    pushedBy: [],
    slip: null,
    status: point.done ? 'achieved' : point.overdue ? 'overdue' : 'upcoming',
    daysLeft: null,
    rule: '',
    trigger: '',
    repeat: '',
    origin: '',
    needs: [],
    blockedBy: [],
    waiting: false,
    notApplicable: '',
    note: '',
    evidence: null,
    unproven: false,
    disputed: false,
    otherwiseDue: '',
    countedFrom: false,
    missing: [],
    twins: [],
    rivalPlanned: [],
    seen: {},
  };
}

/** One lane for each study. The lane's site is the study. */
export function lanesOf(spans: StudySpan[]): PlanLane[] {
  return spans.map((span) => ({
    site: span.study,
    name: span.title,
    origins: [],
    bars: span.sites
      .filter((site) => site.from && site.to)
      .map((site) => ({
        key: site.site,
        name: { zh: shortHospitalName(site.name.zh), en: shortHospitalName(site.name.en) },
        from: site.from,
        to: site.to,
        baselineFrom: '',
        baselineTo: '',
        done: false,
      })),
    rows: span.points.map(rowOf),
    enrolment: {
      target: 0,
      rivalTargets: [],
      rivalCounts: false,
      screened: 0,
      enrolled: 0,
      asOf: '',
      pace: null,
      reachedOn: '',
      counts: [],
    },
  }));
}
