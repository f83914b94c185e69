// Today's lines as they are read: in sections, with a date, a mark and the place where each is settled.
import type {
  CredentialEnd,
  StudyId,
  Today,
  TodayCounts,
  TodayLine,
} from '../../platform/contract.gen';
import { addDays, asKnown, daysBetween, showDate, showMoment } from '../../lib/dates';
import { codeText } from '../../lib/reference';
import { t, tData, type LabelKey } from '../../lib/words';
import { tabOf, type Place } from '../../state/route.svelte';

/** A line of the list: something planned, a conflict, or a credential that ends. */
export type Line = Omit<TodayLine, 'what'> & { what: TodayLine['what'] | 'credential' };

/** Everything that is listed, with how many there are. */
export type Found = Omit<Today, 'lines'> & { lines: Line[] };

export interface Section {
  id: string;
  title: string;
  lines: Line[];
  /** How many there are, whether or not they are all listed. */
  n: number;
}

export interface Mark {
  shape: string;
  tone: 'red' | 'amber' | 'accent' | 'quiet';
  text: string;
}

/** One name for one line, as long as it stands. */
export const keyOf = (line: Line) =>
  [line.reason, line.study, line.entity ?? '', line.what ?? '', line.key].join(' ');

/** The Monday of a day's week. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** A line's day, as exactly as it is known. */
export function dateOf(line: Line): string {
  if (line.dueAt) return showMoment(line.dueAt);
  return showDate(asKnown(line.due, line.precision));
}

function distance(days: number): string {
  if (days === 0) return t('ui.date.today');
  return days > 0 ? t('ui.date.left', { n: days }) : t('ui.date.over', { n: -days });
}

/** How a line stands: a shape, a tone and words. */
export function markOf(line: Line, today: string): Mark {
  const left = line.daysLeft;
  if (line.reason === 'conflict')
    return {
      shape: '◆',
      tone: 'amber',
      text: line.n > 0 ? t('plan.nConflicts', { n: line.n }) : t('plan.rivals'),
    };
  if (line.reason === 'doubled') return { shape: '◆', tone: 'amber', text: t('plan.twins') };
  if (line.reason === 'blocked')
    return { shape: '⊘', tone: 'red', text: t('plan.nBlocking', { n: line.n }) };
  if (line.reason === 'early')
    return { shape: '!', tone: 'amber', text: t('plan.nEarly', { n: line.n }) };
  if (line.reason === 'waiting') {
    const n = line.since ? daysBetween(line.since, today) : 0;
    return { shape: '…', tone: 'quiet', text: n > 0 ? t('ui.today.waited', { n }) : '' };
  }
  // Hours pass within a day: such a line can be late on its own day.
  if (line.reason === 'overdue' && (left ?? 0) >= 0)
    return { shape: '!', tone: 'red', text: t('plan.status.overdue') };
  if (left === null) return { shape: '○', tone: 'quiet', text: '' };
  if (left < 0) return { shape: '!', tone: 'red', text: distance(left) };
  if (left === 0) return { shape: '●', tone: 'amber', text: distance(left) };
  return {
    shape: left <= 7 ? '◐' : '○',
    tone: left <= 7 ? 'accent' : 'quiet',
    text: distance(left),
  };
}

/** The list with the credentials that end, by day. */
export function withCredentials(found: Today, ending: CredentialEnd[], n: number): Found {
  const lines = ending.map((one): Line => {
    // Of somebody who is nobody of the directory it stands with the contact.
    const isContact = one.person === one.entity;
    const daysLeft = daysBetween(found.today, one.until);
    const name = `${tData(one.name)}${t('reminder.colon')}${codeText('credentialKind', one.kind)}`;
    return {
      reason: 'expiring',
      what: 'credential',
      study: one.study,
      studyTitle: { zh: '', en: '' },
      site: null,
      siteName: { zh: one.siteName, en: one.siteName },
      entity: one.person,
      kind: isContact ? 'contact' : 'credential',
      field: isContact ? 'gcpUntil' : '',
      key: one.kind,
      name: { zh: name, en: name },
      due: one.until,
      legal: '',
      dueAt: '',
      precision: 'day',
      provisional: false,
      daysLeft,
      n: 0,
      since: '',
      rivalActuals: [],
    };
  });
  const isLetter = (line: Line) => line.reason === 'expiring';
  const letters = [...found.lines.filter(isLetter), ...lines].sort((a, b) =>
    a.due < b.due ? -1 : Number(a.due > b.due),
  );
  const rest = found.lines.filter((line) => !isLetter(line));
  return {
    ...found,
    lines: [...rest, ...letters],
    counts: { ...found.counts, expiring: found.counts.expiring + n },
  };
}

/** Where a line is settled. */
export function placeOf(line: Line): Place {
  if (!line.entity) return { screen: 'conflicts' };
  if (line.what === 'credential' && line.kind === 'credential')
    return { screen: 'person', id: line.entity };
  if (line.reason === 'blocked' && line.site)
    return { screen: 'readiness', study: line.study, site: line.site };
  return {
    screen: 'study',
    study: line.study,
    tab: tabOf(line.kind, line.field),
    spot: { entity: line.entity, field: line.field },
  };
}

/** For how many things lines stand: one may name all conflicts of a study. */
export const weightOf = (lines: Line[]): number =>
  lines.reduce((sum, line) => sum + (line.reason === 'conflict' ? Math.max(1, line.n) : 1), 0);

/** How many of a section are not listed. */
export const restOf = (section: Section): number => section.n - weightOf(section.lines);

/** Studies that have a line, in the order of their first one. */
export const studiesOf = (lines: Line[]) => [...new Set(lines.map((line) => line.study))];

/** What there is of each, in short, each with the section where it begins. */
export function countsOf(sections: Section[]): { id: string; title: string; n: number }[] {
  const weeks = sections.filter((section) => section.id.startsWith('week-'));
  const counts = sections.map((section) => {
    if (section !== weeks[0]) return { ...section, title: t(SHORT[section.id] ?? 'ui.today.head') };
    const n = weeks.reduce((sum, week) => sum + week.n, 0);
    return { ...section, title: t('ui.milestone.soon'), n };
  });
  return counts.filter((one) => one.id === weeks[0]?.id || !one.id.startsWith('week-'));
}

const SHORT: Record<string, LabelKey> = {
  overdue: 'plan.status.overdue',
  expiring: 'ui.today.letters',
  conflict: 'ui.conflicts.title',
  doubled: 'ui.today.doubled',
  early: 'ui.ready.earlyState',
  waiting: 'plan.reason.waiting',
  blocked: 'plan.status.blocked',
};

const monthDay = (day: string) => day.slice(5);

function weekTitle(monday: string, today: string): string {
  const days = `${monthDay(monday)} – ${monthDay(addDays(monday, 6))}`;
  const weeks = daysBetween(mondayOf(today), monday) / 7;
  if (weeks === 0) return `${t('ui.today.thisWeek')} ${days}`;
  return weeks === 1 ? `${t('ui.today.nextWeek')} ${days}` : days;
}

/** The sections that have lines; `study` leaves the lines of one study alone. */
export function sectionsOf(found: Found, study: string): Section[] {
  const lines = found.lines.filter((line) => study === '' || line.study === study);
  const of = (reason: TodayLine['reason']) => lines.filter((line) => line.reason === reason);
  const count = (reason: keyof TodayCounts) =>
    study === '' ? found.counts[reason] : weightOf(of(reason));
  const whole = (reason: keyof TodayCounts): Section => ({
    id: reason,
    title: t(`plan.reason.${reason}`),
    lines: of(reason),
    n: count(reason),
  });
  const due = of('due');
  const now = due.filter((line) => line.daysLeft === 0);
  const weeks = new Map<string, Line[]>();
  for (const line of due) {
    if (line.daysLeft === 0) continue;
    const monday = mondayOf(line.due);
    weeks.set(monday, [...(weeks.get(monday) ?? []), line]);
  }
  const sections = [
    whole('overdue'),
    { id: 'today', title: t('ui.today.head'), lines: now, n: now.length },
    ...[...weeks].map(([monday, inWeek]) => ({
      id: `week-${monday}`,
      title: weekTitle(monday, found.today),
      lines: inWeek,
      n: inWeek.length,
    })),
    whole('expiring'),
    whole('conflict'),
    whole('doubled'),
    whole('early'),
    whole('waiting'),
    whole('blocked'),
  ];
  return sections.filter((section) => section.n > 0);
}

/** The same lines by study: the study with the most urgent line first. */
export function sectionsByStudy(
  found: Found,
  study: string,
  nameOf: (study: StudyId) => string,
): Section[] {
  const lines = sectionsOf(found, study).flatMap((section) => section.lines);
  return studiesOf(lines).map((id) => {
    const mine = lines.filter((line) => line.study === id);
    return { id: `study-${id}`, title: nameOf(id), lines: mine, n: weightOf(mine) };
  });
}

/** What a line is about, in words. */
export const whatOf = (line: Line) =>
  line.what === null ? t('ui.cmd.conflicts') : tData(line.name) || t('ui.part.unnamed');

/** The day that a line shows: when it is due, or since when an answer is awaited. */
export const dayOf = (line: Line) =>
  line.reason === 'waiting' && !line.due ? showDate(line.since) : dateOf(line);

/** The list as text, to be pasted into a message. */
export function todayText(
  today: string,
  sections: Section[],
  nameOf: (study: StudyId) => string,
): string {
  const toText = (line: Line) =>
    [
      `- ${line.provisional ? '~' : ''}${dayOf(line) || '—'}`,
      markOf(line, today).text,
      line.provisional ? t('ui.today.provisional') : '',
      whatOf(line),
      tData(line.siteName),
      nameOf(line.study),
    ]
      .filter(Boolean)
      .join('  ');
  const blocks = sections.map((section) =>
    [
      `${section.title}  ${t('ui.today.n', { n: section.n })}`,
      ...section.lines.map(toText),
      ...(restOf(section) > 0 ? [t('ui.today.rest', { n: restOf(section) })] : []),
    ].join('\n'),
  );
  return [`${t('ui.today.title')} ${showDate(today)}`, ...blocks].join('\n\n');
}
