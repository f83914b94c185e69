// What stands between a site and its start, as it is read: in groups, each line with its place.
import { showDate, showMarked } from '../../lib/dates';
import { codeText } from '../../lib/reference';
import { t, tCode, tData } from '../../lib/words';
import { locale } from '../../lib/locale.svelte';
import type {
  ContactStanding,
  DutyRow,
  Entity,
  EntityId,
  PlanRow,
  Readiness,
  StudyId,
} from '../../platform/contract.gen';
import { textIn, textOf } from '../../lib/doc';
import { standingText } from '../directory/credential';
import { tabOf, type Place } from '../../state/route.svelte';
import { dueShown, forecastOf, markOf, statusText, type StatusMark } from '../study/plan/planWords';

export interface Line {
  key: string;
  shape: string;
  tone: StatusMark['tone'];
  /** How it stands, in words. */
  state: string;
  date: string;
  name: string;
  /** Whom or what it waits for. */
  waits: string;
  place: Place;
}

export interface Group {
  id: 'early' | 'blocking' | 'people' | 'gates' | 'open' | 'letters';
  title: string;
  lines: Line[];
}

/** How a line of the plan stands: a conflict before anything else. */
export function standingOf(row: PlanRow): Pick<Line, 'shape' | 'tone' | 'state'> {
  if (row.conflicts.length > 0) return { shape: '◆', tone: 'amber', state: t('plan.rivals') };
  const { shape, tone } = markOf(row.status);
  const left = row.daysLeft;
  // What is blocked and late is late first.
  if (row.status === 'blocked' && left !== null && left < 0)
    return { shape: '!', tone: 'red', state: t('ui.date.over', { n: -left }) };
  const isIdle = row.waiting && ['upcoming', 'undated'].includes(row.status);
  return { shape: isIdle ? '…' : shape, tone, state: statusText(row) };
}

/** When it is to be expected, in words; empty where nothing says so. */
export function expectedOn(row: PlanRow): string {
  const date = showMarked(forecastOf(row), row.forecastProvisional);
  return date ? t('ui.ready.forecast', { date }) : '';
}

/** The day that a line of the plan shows. */
function dateOf(row: PlanRow): string {
  return row.due ? showMarked(dueShown(row), row.provisional) : expectedOn(row);
}

const whoOf = (row: DutyRow) =>
  (locale.lang === 'zh' ? row.nameZh || row.nameEn : row.nameEn || row.nameZh) ||
  t('ui.part.unnamed');

/** What is wrong with an entry of the delegation log, in words. */
function findingsOf(row: DutyRow): string {
  const words = row.findings.map((finding) => {
    const { code, ...params } = { kind: '', state: '', ...finding } as Record<string, string>;
    return tCode(`people.finding.${code}`, {
      ...params,
      kind: params.kind ? codeText('credentialKind', params.kind) : '',
      state: params.state ? codeText('credentialState', params.state) : '',
    });
  });
  return words.map((text) => text.trim()).join(locale.lang === 'zh' ? '；' : '; ');
}

/** Where a line of the plan is settled. */
export const placeOf = (study: StudyId, row: PlanRow): Place => ({
  screen: 'study',
  study,
  tab: tabOf(row.kind, row.field),
  spot: { entity: row.id, field: row.field },
});

/** Everything open about a site, the most urgent group first; groups without lines are left out. */
export function groupsOf(
  study: StudyId,
  found: Readiness,
  duties: DutyRow[],
  names?: (ids: EntityId[]) => string[],
  contacts: (Pick<ContactStanding, 'standing' | 'ending'> & { entity: Entity })[] = [],
): Group[] {
  const known = [...found.blocking, ...found.studyGates, ...found.open, ...found.letters];
  const missing = (row: PlanRow) => (names ? names(row.missing) : []);
  const nameOf = new Map(known.map((row) => [row.id, tData(row.name)]));
  const isOpen = (row: PlanRow) => !['achieved', 'notApplicable'].includes(row.status);
  const toLine = (row: PlanRow): Line => {
    const names = row.blockedBy.flatMap((id) => nameOf.get(id) ?? []);
    const waits = names.length > 0 ? t('ui.ready.waits', { names: names.join(' · ') }) : '';
    return {
      key: `${row.what} ${row.id}`,
      ...standingOf(row),
      date: dateOf(row),
      name: tData(row.name) || t('ui.part.unnamed'),
      waits: waits || (row.waiting ? t('ui.ready.waiting') : ''),
      place: placeOf(study, row),
    };
  };
  const wrong = duties.filter((row) => row.site === found.site && row.open && row.findings.length);
  const people = wrong
    .sort((a, b) => Number(b.breach) - Number(a.breach))
    .map((row): Line => ({
      key: `duty ${row.id}`,
      shape: row.breach ? '!' : '?',
      tone: row.breach ? 'red' : 'amber',
      state: t(row.breach ? 'ui.ready.breach' : 'ui.ready.finding'),
      date: '',
      name: [whoOf(row), row.role && codeText('contactRole', row.role)].filter(Boolean).join(' · '),
      waits: findingsOf(row),
      place: { screen: 'study', study, tab: 'sites', spot: { entity: row.id } },
    }));
  // A contact whose certificate ends is not in order either.
  const ending = contacts
    .filter(({ ending }) => ending)
    .map(({ entity, standing }): Line => {
      const isOver = standing.state === 'expired';
      const role = codeText('contactRole', textOf(entity, 'role'));
      const name = textIn(entity, 'name', locale.lang) || t('ui.part.unnamed');
      return {
        key: `contact ${entity.id} ${standing.kind}`,
        shape: isOver ? '!' : '?',
        tone: isOver ? 'red' : 'amber',
        state: t(isOver ? 'ui.ready.breach' : 'ui.ready.finding'),
        date: showDate(standing.until),
        name: [name, role].filter(Boolean).join(' · '),
        waits: `${codeText('credentialKind', standing.kind)} ${standingText(standing)}`,
        place: {
          screen: 'study',
          study,
          tab: 'sites',
          spot: { entity: entity.id, field: 'gcpUntil' },
        },
      };
    });
  const toEarly = (row: PlanRow): Line => ({
    ...toLine(row),
    shape: '!',
    tone: 'red',
    state: t('ui.ready.earlyState'),
    date: showDate(row.actual),
    waits: t('ui.plan.early', { names: missing(row).join(' · ') }),
  });
  const of = (id: Group['id'], lines: Line[]): Group => ({ id, title: t(`ui.ready.${id}`), lines });
  return [
    of('early', found.early.map(toEarly)),
    of('blocking', found.blocking.map(toLine)),
    of('people', [...people, ...ending]),
    of('gates', found.studyGates.map(toLine)),
    of('open', found.open.map(toLine)),
    of('letters', found.letters.filter(isOpen).map(toLine)),
  ].filter((group) => group.lines.length > 0);
}

/** The page as text, to be sent to whoever has to do something. */
export function readinessText(title: string, head: string[], groups: Group[]): string {
  const blocks = groups.map((group) =>
    [
      `${group.title}${locale.lang === 'zh' ? '（' : ' ('}${group.lines.length}${locale.lang === 'zh' ? '）' : ')'}`,
      ...group.lines.map(
        (line) =>
          `- ${[line.name, line.date, line.state, line.waits].filter(Boolean).join(locale.lang === 'zh' ? '，' : ', ')}`,
      ),
    ].join('\n'),
  );
  return [[title, ...head].join('\n'), ...blocks].join('\n\n');
}
