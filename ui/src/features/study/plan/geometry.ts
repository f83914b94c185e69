// Where everything of a timeline stands: days to pixels, milestones and bars in rows, what is in sight.
// Pure: the screen and its tests use the same numbers.
import type { PlanBar, PlanLane, PlanRow } from '../../../platform/contract.gen';
import { addDays, daysBetween, lastDay } from '../../../lib/dates';
import { standsOf } from './planWords';

export const ZOOMS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Zoom = (typeof ZOOMS)[number];

/** Width of a day. Units: pixels. */
export const DAY_WIDTH: Record<Zoom, number> = {
  day: 30,
  week: 12,
  month: 4,
  quarter: 1.6,
  year: 0.6,
};
/** Height of one row of marks or bars. Units: pixels. */
export const ROW = 22;
/** Room above and below the rows of a lane. Units: pixels. */
export const LANE_PAD = 6;
/** Half the width of a mark. Units: pixels. */
export const MARK = 6;
/** Rows that a lane gets for names; what finds no room in them has its name where one is free. */
const MARK_ROWS_MAX = 8;

export interface Scale {
  /** The first day. Time: `YYYY-MM-DD`. */
  from: string;
  /** How many days there are. */
  days: number;
  /** Width of a day. Units: pixels. */
  day: number;
}

export interface MarkBox {
  row: PlanRow;
  /** The middle of all the days that it can mean. */
  x: number;
  /** First and last of them, where it is known to the month or less exactly. */
  reach: [number, number] | null;
  /** Where other actual days stand, that were noted for the same. */
  rivals: number[];
  /** Where its name begins, behind all that is drawn; or where it ends, before it. */
  nameX: number;
  /** Whether its name stands before it. */
  isBefore: boolean;
  /** Where its baseline stands; null without one, or where both are one. */
  baseX: number | null;
  /** Row within the lane, from 0. */
  at: number;
  isNamed: boolean;
}

export interface BarBox {
  bar: PlanBar;
  from: number;
  to: number;
  baseFrom: number | null;
  baseTo: number | null;
  at: number;
}

export interface LaneBox {
  lane: PlanLane;
  top: number;
  height: number;
  marks: MarkBox[];
  bars: BarBox[];
}

export interface Tick {
  x: number;
  label: string;
  isStrong: boolean;
}

/** The first day that a partial date can mean; empty for what is no date. */
export function firstDay(date: string): string {
  const quarter = /^(\d{4})-Q([1-4])$/.exec(date);
  if (quarter) return `${quarter[1]}-${String(Number(quarter[2]) * 3 - 2).padStart(2, '0')}-01`;
  if (date.length === 10) return date;
  if (date.length === 7) return `${date}-01`;
  return date.length === 4 ? `${date}-01-01` : '';
}

/** The last day that a partial date can mean; empty for what is no date. */
export const endDay = (date: string): string => (firstDay(date) ? lastDay(date) : '');

/** One name for one mark: letters of a site have the site's entity. */
export const keyOf = (row: PlanRow): string => [row.id, row.what, row.field].join(' ');

/** The last day on which a milestone can stand: as it was, else as it is expected, else planned. */
export const dayOf = (row: PlanRow): string => endDay(standsOf(row).date);

/** Everything that is planned, with a month on both sides and today in it. */
export function scaleOf(lanes: PlanLane[], today: string, zoom: Zoom): Scale {
  let [from, to] = [today, today];
  const reach = (day: string) => {
    if (!day) return;
    if (day < from) from = day;
    if (day > to) to = day;
  };
  for (const lane of lanes) {
    for (const row of lane.rows) {
      reach(dayOf(row));
      reach(endDay(row.baseline));
    }
    for (const bar of lane.bars)
      for (const day of [bar.from, bar.to, bar.baselineFrom, bar.baselineTo]) reach(endDay(day));
  }
  from = `${addDays(from, -20).slice(0, 7)}-01`;
  to = addDays(to, 45);
  return { from, days: daysBetween(from, to) + 1, day: DAY_WIDTH[zoom] };
}

/** Where a day begins. Units: pixels from the left end. */
export const xOf = (scale: Scale, day: string): number => daysBetween(scale.from, day) * scale.day;

/** The middle of the days that a date can mean. */
function middleOf(scale: Scale, date: string): number {
  return (xOf(scale, firstDay(date)) + xOf(scale, endDay(date)) + scale.day) / 2;
}

/** The day at a place. */
export const dayAt = (scale: Scale, x: number): string =>
  addDays(scale.from, Math.floor(x / scale.day));

/** Puts each thing into the first row where it fits behind what stands there. */
function rowFor(ends: number[], from: number, to: number, max: number): number {
  const free = ends.findIndex((end) => end <= from);
  const at = free >= 0 ? free : ends.length;
  if (at >= max) return -1;
  ends[at] = to;
  return at;
}

interface Placed {
  mark: MarkBox;
  /** First and last of what is drawn of it without its name. */
  left: number;
  right: number;
  /** What its name takes. */
  room: number;
}

/** Names those without one that have room beside them in their row: behind, or else before. */
function nameInFreeRoom(placed: Placed[]): void {
  const rows = new Map<number, Placed[]>();
  for (const one of placed) rows.set(one.mark.at, [...(rows.get(one.mark.at) ?? []), one]);
  for (const row of rows.values()) {
    let end = -Infinity;
    row.forEach(({ mark, left, right, room }, n) => {
      const next = row[n + 1]?.left ?? Infinity;
      const isBehind = mark.isNamed || right + room <= next;
      if (!isBehind && left - room >= end) {
        mark.isBefore = true;
        mark.nameX = left;
      }
      mark.isNamed = isBehind || mark.isBefore;
      end = isBehind ? right + room : right;
    });
  }
}

/** The lanes with all that stands in them, from top to bottom. `widthOf` measures a name. */
export function layOut(
  lanes: PlanLane[],
  scale: Scale,
  widthOf: (row: PlanRow) => number,
): LaneBox[] {
  let top = 0;
  return lanes.map((lane) => {
    const barEnds: number[] = [];
    const bars = lane.bars.flatMap((bar): BarBox[] => {
      if (!bar.from || !bar.to) return [];
      const from = xOf(scale, firstDay(bar.from));
      const to = Math.max(xOf(scale, endDay(bar.to)) + scale.day, from + 3);
      const hasBase = bar.baselineFrom !== '' && bar.baselineTo !== '';
      return [
        {
          bar,
          from,
          to,
          baseFrom: hasBase ? xOf(scale, firstDay(bar.baselineFrom)) : null,
          baseTo: hasBase ? xOf(scale, endDay(bar.baselineTo)) + scale.day : null,
          at: rowFor(barEnds, from, to + 4, Infinity),
        },
      ];
    });
    const shown = lane.rows
      .filter((row) => row.status !== 'notApplicable' && dayOf(row) !== '')
      .map((row) => ({ row, x: middleOf(scale, standsOf(row).date) }))
      .sort((a, b) => a.x - b.x);
    const ends: number[] = [];
    const placed = shown.map(({ row, x }): Placed => {
      const { date } = standsOf(row);
      const isPart = firstDay(date) !== endDay(date);
      const reach: MarkBox['reach'] = isPart
        ? [xOf(scale, firstDay(date)), xOf(scale, endDay(date)) + scale.day]
        : null;
      const isMoved = endDay(row.baseline) !== '' && row.baseline !== date;
      const baseX = isMoved ? middleOf(scale, row.baseline) : null;
      const rivals = (row.rivalActuals ?? [])
        .filter((one) => one !== date && firstDay(one) !== '')
        .map((one) => middleOf(scale, one));
      const drawn = [x, ...rivals, ...(baseX === null ? [] : [baseX])];
      const left = Math.min(...drawn.map((one) => one - MARK), reach?.[0] ?? x) - 2;
      const right = Math.max(...drawn.map((one) => one + MARK), reach?.[1] ?? x) + 4;
      const room = widthOf(row) + 8;
      const named = rowFor(ends, left, right + room, MARK_ROWS_MAX);
      const isNamed = named >= 0;
      const at = isNamed ? named : rowFor(ends, left, right, Infinity);
      const mark = { row, x, reach, rivals, baseX, nameX: right, isBefore: false, at, isNamed };
      return { mark, left, right, room };
    });
    nameInFreeRoom(placed);
    const marks = placed.map(({ mark }) => ({ ...mark, at: mark.at + barEnds.length }));
    const n = Math.max(1, barEnds.length + ends.length);
    const box = { lane, top, height: n * ROW + 2 * LANE_PAD, marks, bars };
    top += box.height;
    return box;
  });
}

/** The middle of a row. Units: pixels from the top of all. */
export const yOf = (box: LaneBox, at: number): number => box.top + LANE_PAD + at * ROW + ROW / 2;

const monthOf = (day: string) => Number(day.slice(5, 7));

/** The lines of the calendar in sight, each with what stands above it. */
export function ticksOf(scale: Scale, zoom: Zoom, left: number, right: number): Tick[] {
  const ticks: Tick[] = [];
  const first = Math.max(0, Math.floor(left / scale.day) - 31);
  const last = Math.min(scale.days, Math.ceil(right / scale.day) + 1);
  for (let n = first; n < last; n += 1) {
    const day = addDays(scale.from, n);
    const x = n * scale.day;
    const isFirst = day.endsWith('-01');
    const isYear = isFirst && monthOf(day) === 1;
    const isMonday = new Date(`${day}T00:00:00Z`).getUTCDay() === 1;
    if (zoom === 'day')
      ticks.push({ x, label: isFirst ? day.slice(0, 7) : day.slice(8), isStrong: isFirst });
    else if (zoom === 'week' && (isMonday || isFirst))
      ticks.push({
        x,
        label: isFirst ? day.slice(0, 7) : isMonday && farFromFirst(day) ? day.slice(5) : '',
        isStrong: isFirst,
      });
    else if (zoom === 'month' && isFirst)
      ticks.push({ x, label: day.slice(0, 7), isStrong: isYear });
    else if (zoom === 'quarter' && isFirst && monthOf(day) % 3 === 1)
      ticks.push({
        x,
        label: `${day.slice(0, 4)} Q${(monthOf(day) + 2) / 3}`,
        isStrong: isYear,
      });
    else if (zoom === 'year' && isYear) ticks.push({ x, label: day.slice(0, 4), isStrong: true });
  }
  return ticks;
}

/** A week's label has room unless the month's own stands beside it. */
function farFromFirst(day: string): boolean {
  const date = Number(day.slice(8));
  return date > 6 && date < 28;
}

export interface View {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** What of a lane can be seen; the mark by which the keyboard enters is always there. */
export function inSight(
  box: LaneBox,
  view: View,
  entry = '',
): { marks: MarkBox[]; bars: BarBox[] } {
  const isEntry = (mark: MarkBox) => entry !== '' && keyOf(mark.row) === entry;
  if (box.top > view.bottom || box.top + box.height < view.top)
    return { marks: box.marks.filter(isEntry), bars: [] };
  const NAME = 260;
  return {
    marks: box.marks.filter(
      (mark) =>
        isEntry(mark) ||
        (Math.min(
          mark.isBefore ? mark.nameX - NAME : mark.x,
          mark.baseX ?? mark.x,
          ...mark.rivals,
        ) <
          view.right + MARK &&
          mark.nameX + NAME > view.left),
    ),
    bars: box.bars.filter(
      (bar) =>
        Math.min(bar.from, bar.baseFrom ?? bar.from) < view.right &&
        Math.max(bar.to, bar.baseTo ?? bar.to) > view.left,
    ),
  };
}

export interface Found {
  lane: number;
  mark: number;
}

/** Where the keys lead from a mark: along its lane, or to the nearest one of the next lane. */
export function stepFrom(boxes: LaneBox[], at: Found | null, key: string): Found | null {
  const first = boxes.findIndex((box) => box.marks.length > 0);
  if (first < 0) return null;
  if (!at) return { lane: first, mark: 0 };
  const lane = boxes[at.lane];
  const mark = lane?.marks[at.mark];
  if (!lane || !mark) return { lane: first, mark: 0 };
  if (key === 'ArrowRight')
    return { lane: at.lane, mark: Math.min(at.mark + 1, lane.marks.length - 1) };
  if (key === 'ArrowLeft') return { lane: at.lane, mark: Math.max(at.mark - 1, 0) };
  if (key === 'Home') return { lane: at.lane, mark: 0 };
  if (key === 'End') return { lane: at.lane, mark: lane.marks.length - 1 };
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return null;
  const step = key === 'ArrowDown' ? 1 : -1;
  for (let n = at.lane + step; n >= 0 && n < boxes.length; n += step) {
    const marks = boxes[n]!.marks;
    if (marks.length === 0) continue;
    let nearest = 0;
    marks.forEach((other, place) => {
      if (Math.abs(other.x - mark.x) < Math.abs(marks[nearest]!.x - mark.x)) nearest = place;
    });
    return { lane: n, mark: nearest };
  }
  return at;
}
