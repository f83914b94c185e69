// Calendar days, partial dates and instants: reading what is typed, writing what is shown.
import type { DatePrecision } from '../platform/contract.gen';
import { day } from './day.svelte';
import { locale } from './locale.svelte';
import { join, t } from './words';

const PARTIAL = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/;
const MS_PER_DAY = 86_400_000;

const two = (n: number) => String(n).padStart(2, '0');

/** Today as the host counts it (the day in Shanghai), `YYYY-MM-DD`. */
export const today = (): string => day.today;

const QUARTER = /^(\d{4})-Q([1-4])$/;

/** Whether a text is a day, a partial date or a quarter that exists in the calendar. */
export function isDate(text: string): boolean {
  if (QUARTER.test(text)) return true;
  const parts = PARTIAL.exec(text);
  if (!parts) return false;
  const [, year, month, day] = parts;
  if (month && (Number(month) < 1 || Number(month) > 12)) return false;
  if (!day) return true;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCDate() === Number(day) && date.getUTCMonth() === Number(month) - 1;
}

/** Adds days to a day. */
export function addDays(day: string, n: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + n * MS_PER_DAY).toISOString().slice(0, 10);
}

function addMonths(day: string, n: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + n, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  return `${first.getUTCFullYear()}-${two(first.getUTCMonth() + 1)}-${two(Math.min(date, last))}`;
}

/**
 * Reads a typed date: `2026-3-5`, `2026/03`, `20260305`, `2026年3月5日`, `3-5` (this year),
 * `today`, `今天`, `+14`, `+2w`, `-1m`, `2026 Q3`, `2026年第三季度`. Gives null when it is none.
 */
export function readDate(typed: string, base = today()): string | null {
  const text = typed.trim().normalize('NFKC').toLowerCase();
  if (text === 'today' || text === '今天' || text === 't') return base;
  if (text === 'tomorrow' || text === '明天') return addDays(base, 1);
  const step = /^([+-]\d{1,4})\s*(d|天|日|w|周|m|月|个月|y|年)?$/.exec(text);
  if (step) {
    const n = Number(step[1]);
    const unit = step[2] ?? 'd';
    if ('w周'.includes(unit)) return addDays(base, 7 * n);
    if (['m', '月', '个月'].includes(unit)) return addMonths(base, n);
    return 'y年'.includes(unit) ? addMonths(base, 12 * n) : addDays(base, n);
  }
  const quarter = /^(\d{4})\s*[-年/]?\s*(?:q([1-4])|第?([1-4一二三四])季度?)$/.exec(text);
  if (quarter)
    return `${quarter[1]}-Q${quarter[2] ?? ('一二三四'.indexOf(quarter[3]!) + 1 || quarter[3])}`;
  const compact = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const parts = compact
    ? compact.slice(1)
    : text
        .replace(/[日号]$/, '')
        .split(/[-/.年月\s]+/)
        .filter(Boolean);
  if (parts.length < 1 || parts.length > 3 || parts.some((part) => !/^\d+$/.test(part)))
    return null;
  if (parts[0]!.length !== 4) {
    if (parts.length !== 2) return null;
    parts.unshift(base.slice(0, 4));
  }
  const iso = parts.map((part, i) => (i === 0 ? part : part.padStart(2, '0'))).join('-');
  return isDate(iso) ? iso : null;
}

/** A day as exactly as it is known, as it would be stored: `2026-12-31` by the month is `2026-12`. */
export function asKnown(day: string, precision: DatePrecision | undefined): string {
  if (day.length !== 10) return day;
  if (precision === 'month') return day.slice(0, 7);
  if (precision === 'quarter')
    return `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
  return precision === 'year' ? day.slice(0, 4) : day;
}

/** A month, a quarter or a year in words: `2026年11月`, `2026 Q4`. */
function showPartial(date: string): string {
  const [year, rest] = date.split('-') as [string, string | undefined];
  if (rest === undefined) return t('date.year', { year });
  if (rest.startsWith('Q')) return t('date.quarter', { year, n: rest.slice(1) });
  return t('date.month', { year, month: Number(rest), mm: rest });
}

/** A date of a plan as text; `~` says that it rests on working days that are not announced yet. */
export const showMarked = (date: string, provisional: boolean, weekday = true): string =>
  `${provisional && date ? '~' : ''}${showDate(date, weekday)}`;

/** What `~` says. */
export const provisionalWhy = (years: number[]): string =>
  years.length > 0
    ? t('plan.provisional', { year: join(years.map(String)) })
    : t('ui.today.provisional');

/** A day with its weekday, as `2026-03-05 (周四)`; a month or a quarter in words. */
export function showDate(date: string, withWeekday = true): string {
  if (!isDate(date)) return date;
  if (date.length !== 10) return showPartial(date);
  if (!withWeekday) return date;
  const weekday = new Intl.DateTimeFormat(locale.tag, { weekday: 'short', timeZone: 'UTC' });
  return `${date} (${weekday.format(new Date(`${date}T00:00:00Z`))})`;
}

/** The last day that a partial date can mean. */
export function lastDay(date: string): string {
  if (date.length === 10) return date;
  const quarter = QUARTER.exec(date);
  if (quarter) return lastDay(`${quarter[1]}-${two(Number(quarter[2]) * 3)}`);
  if (date.length === 7) return addDays(addMonths(`${date}-01`, 1), -1);
  return `${date}-12-31`;
}

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round(
    (Date.parse(`${lastDay(to)}T00:00:00Z`) - Date.parse(`${lastDay(from)}T00:00:00Z`)) /
      MS_PER_DAY,
  );
}

/** How far a day is, in words: `还剩 12 天`, `2 days overdue`. */
export function showDistance(date: string, base = today()): string {
  const n = daysBetween(base, date);
  if (n === 0) return t('ui.date.today');
  return n > 0 ? t('ui.date.left', { n }) : t('ui.date.over', { n: -n });
}

/** An instant at an offset: `2026-03-05 18:49`. */
export function showInstant(at: string, offsetMinutes = -new Date(at).getTimezoneOffset()): string {
  const ms = Date.parse(at);
  if (Number.isNaN(ms)) return at;
  return new Date(ms + offsetMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

/** A moment of a plan, given in Shanghai's time: `2026-03-05 18:49`. */
export const showMoment = (at: string): string => at.slice(0, 16).replace('T', ' ');

/** An offset as `UTC+8` or `UTC+05:30`. */
export function showOffset(minutes: number): string {
  const abs = Math.abs(minutes);
  const sign = minutes < 0 ? '−' : '+';
  return `UTC${sign}${Math.floor(abs / 60)}${abs % 60 ? `:${two(abs % 60)}` : ''}`;
}

/** How long ago, in words; the instant itself after a week. */
export function showAgo(at: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (Number.isNaN(minutes)) return '';
  if (minutes < 1) return t('ui.date.justNow');
  if (minutes < 60) return t('ui.date.minutesAgo', { n: minutes });
  if (minutes < 24 * 60) return t('ui.date.hoursAgo', { n: Math.floor(minutes / 60) });
  if (minutes < 7 * 24 * 60) return t('ui.date.daysAgo', { n: Math.floor(minutes / 1440) });
  return showInstant(at).slice(0, 10);
}
