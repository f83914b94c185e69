import { describe, expect, it } from 'vitest';
import type { PlanBar, PlanLane, PlanRow } from '../../../platform/contract.gen';
import { addDays } from '../../../lib/dates';
import { linksOf } from './links';
import {
  dayAt,
  dayOf,
  endDay,
  firstDay,
  inSight,
  keyOf,
  layOut,
  scaleOf,
  stepFrom,
  ticksOf,
  xOf,
  yOf,
  ZOOMS,
} from './geometry';

const row = (id: string, forecast: string, more: Partial<PlanRow> = {}): PlanRow =>
  ({
    id,
    key: id,
    name: { zh: id, en: id },
    baseline: '',
    planned: '',
    actual: '',
    due: '',
    forecast,
    status: 'upcoming',
    needs: [],
    ...more,
  }) as unknown as PlanRow;

const lane = (rows: PlanRow[], bars: PlanBar[] = []): PlanLane =>
  ({ site: null, name: { zh: '甲', en: 'A' }, origins: [], bars, rows }) as unknown as PlanLane;

describe('days', () => {
  it.each([
    ['2026-03-05', '2026-03-05', '2026-03-05'],
    ['2026-02', '2026-02-01', '2026-02-28'],
    ['2026-Q2', '2026-04-01', '2026-06-30'],
    ['2027', '2027-01-01', '2027-12-31'],
    ['', '', ''],
  ])('%s is from %s to %s', (date, first, last) => {
    expect([firstDay(date), endDay(date)]).toEqual([first, last]);
  });

  it('a milestone stands where it happened, else where it is expected', () => {
    expect(dayOf(row('a', '2026-05-01', { actual: '2026-04' }))).toBe('2026-04-30');
    expect(dayOf(row('a', '2026-05-01', { planned: '2026-01-01' }))).toBe('2026-05-01');
    expect(dayOf(row('a', '', { planned: '2026-Q1' }))).toBe('2026-03-31');
    const again = { planned: '2026-05-01', actual: '2026-05-10', repeat: '6m' };
    expect(dayOf(row('a', '2026-11-10', again))).toBe('2026-11-10');
  });
});

describe('names', () => {
  it('never stand on each other or on a mark, however many there are', () => {
    const rows = Array.from({ length: 40 }, (_, n) =>
      row(`m${n}`, `2026-03-${String(1 + (n % 4)).padStart(2, '0')}`, {
        baseline: n % 3 ? '' : '2026-03-20',
        rivalActuals: n % 5 ? [] : ['2026-03-02', '2026-03-11'],
      }),
    );
    const lanes = [lane(rows)];
    const scale = scaleOf(lanes, '2026-03-01', 'month');
    const width = 70;
    const box = layOut(lanes, scale, () => width)[0]!;
    const taken = box.marks.map((mark) => {
      const shapes = [mark.x, mark.baseX ?? mark.x, ...mark.rivals];
      return {
        at: mark.at,
        from: mark.isBefore ? mark.nameX - width : Math.min(...shapes) - 6,
        to: mark.isNamed && !mark.isBefore ? mark.nameX + width : Math.max(...shapes) + 6,
      };
    });
    expect(box.marks.filter((mark) => mark.isNamed).length).toBeGreaterThan(5);
    taken.forEach((one, n) =>
      taken.slice(n + 1).forEach((two) => {
        expect(one.at !== two.at || one.to <= two.from || two.to <= one.from).toBe(true);
      }),
    );
    expect(Math.max(...box.marks.map((mark) => yOf(box, mark.at)))).toBeLessThan(box.height);
  });

  it('of what has two actual days begin behind both', () => {
    const torn = row('a', '', {
      actual: '2026-03-02',
      rivalActuals: ['2026-03-02', '2026-03-11'],
    });
    const lanes = [lane([torn])];
    const scale = scaleOf(lanes, '2026-03-01', 'month');
    const mark = layOut(lanes, scale, () => 10)[0]!.marks[0]!;
    expect(mark.rivals).toEqual([xOf(scale, '2026-03-11') + scale.day / 2]);
    expect(mark.nameX).toBeGreaterThan(mark.rivals[0]!);
  });
});

describe('a mark', () => {
  it('of a month stands in the middle of it and shows its breadth', () => {
    const month = row('a', '2026-11-30', { forecastPrecision: 'month' });
    const day = row('b', '2026-11-30', { forecastPrecision: 'day' });
    const lanes = [lane([month, day])];
    const scale = scaleOf(lanes, '2026-10-10', 'month');
    const [first, second] = layOut(lanes, scale, () => 10)[0]!.marks;
    const from = xOf(scale, '2026-11-01');
    const to = xOf(scale, '2026-12-01');
    expect(first!.reach).toEqual([from, to]);
    expect(first!.x).toBe((from + to) / 2);
    expect(second!.reach).toBeNull();
    expect(second!.x).toBe(to - scale.day / 2);
  });

  it('that keeps the month that was approved has no shadow', () => {
    const lanes = [
      lane([row('a', '2026-11-30', { forecastPrecision: 'month', baseline: '2026-11' })]),
    ];
    const scale = scaleOf(lanes, '2026-10-10', 'month');
    expect(layOut(lanes, scale, () => 10)[0]!.marks[0]!.baseX).toBeNull();
  });
});

describe('a scale', () => {
  it('holds everything and today, and goes there and back at every zoom', () => {
    const lanes = [lane([row('a', '2026-01-10'), row('b', '2027-06-30', { baseline: '2025-12' })])];
    for (const zoom of ZOOMS) {
      const scale = scaleOf(lanes, '2026-11-26', zoom);
      expect(scale.from).toBe('2025-12-01');
      for (const day of ['2025-12-31', '2026-02-28', '2026-11-26', '2027-06-30']) {
        const x = xOf(scale, day);
        expect(x).toBeLessThan(scale.days * scale.day);
        expect(dayAt(scale, x + scale.day / 2)).toBe(day);
      }
    }
  });

  it('has a line for each month, quarter and year in sight', () => {
    const scale = scaleOf([lane([row('a', '2027-12-31')])], '2026-01-15', 'month');
    const labels = ticksOf(scale, 'month', 0, 365 * scale.day).map((tick) => tick.label);
    expect(labels.slice(0, 3)).toEqual(['2025-12', '2026-01', '2026-02']);
    const quarters = ticksOf({ ...scale, day: 1.6 }, 'quarter', 0, 1e6);
    expect(quarters[0]).toMatchObject({ label: '2026 Q1', isStrong: true });
    // Only what is in sight.
    expect(ticksOf(scale, 'month', 100 * scale.day, 130 * scale.day).length).toBeLessThan(4);
  });
});

describe('a lane', () => {
  const rows = [
    row('a', '2026-03-01'),
    row('b', '2026-03-03'),
    row('c', '2026-09-01', { baseline: '2026-06-01', needs: ['a'] }),
    row('d', '', {}),
    row('e', '2026-04-01', { status: 'notApplicable' }),
  ];
  const bar = { from: '2026-03-01', to: '2026-09-01', baselineFrom: '', baselineTo: '' } as PlanBar;
  const lanes = [lane(rows, [bar]), lane([]), lane([row('f', '2026-08-20')])];
  const scale = scaleOf(lanes, '2026-05-01', 'month');
  const boxes = layOut(lanes, scale, () => 80);

  it('names do not stand on each other', () => {
    const [a, b, c] = boxes[0]!.marks;
    expect(boxes[0]!.marks.map((mark) => mark.row.id)).toEqual(['a', 'b', 'c']);
    expect(a!.at).not.toBe(b!.at);
    expect(c!.at).toBe(a!.at);
    expect(a!.at).toBeGreaterThan(boxes[0]!.bars[0]!.at);
    expect(c!.baseX).toBeLessThan(c!.x);
  });

  it('stands under the one before', () => {
    expect(boxes[1]!.top).toBe(boxes[0]!.height);
    expect(boxes[2]!.top).toBe(boxes[0]!.height + boxes[1]!.height);
  });

  it('a crowd keeps its marks, and the names that have room before or behind them', () => {
    const crowd = (days: (n: number) => string) =>
      layOut([lane(Array.from({ length: 40 }, (_, n) => row(`m${n}`, days(n))))], scale, () => 100);
    // Each has a row for itself.
    const [same] = crowd(() => '2026-05-01');
    expect(same!.marks.filter((mark) => mark.isNamed)).toHaveLength(40);
    const [dense] = crowd((n) => addDays('2026-05-01', n * 2));
    expect(dense!.marks).toHaveLength(40);
    const named = dense!.marks.filter((mark) => mark.isNamed).length;
    expect(named).toBeGreaterThan(8);
    expect(named).toBeLessThan(40);
    expect(dense!.marks.some((mark) => mark.isBefore)).toBe(true);
  });

  it('only what is in sight is drawn', () => {
    const x = xOf(scale, '2026-09-01');
    const view = { left: x - 10, right: x + 10, top: 0, bottom: 1000 };
    expect(inSight(boxes[0]!, view).marks.map((mark) => mark.row.id)).toContain('c');
    expect(inSight(boxes[0]!, { ...view, left: x + 2000, right: x + 3000 }).marks).toEqual([]);
    const away = { ...view, bottom: 10 };
    expect(inSight(boxes[2]!, away)).toEqual({ marks: [], bars: [] });
    // The way in for the keyboard is never out of reach.
    const [f] = boxes[2]!.marks;
    expect(inSight(boxes[2]!, away, keyOf(f!.row)).marks).toEqual([f]);
  });

  it('of five hundred bars a window draws those that it shows', () => {
    const lanes = Array.from({ length: 100 }, (_, n) =>
      lane(
        [row(`m${n}`, '2026-06-01')],
        Array.from({ length: 5 }, (_, at) => {
          const month = String(2 * at + 1).padStart(2, '0');
          const name = { zh: '段', en: 'Phase' };
          const none = { baselineFrom: '', baselineTo: '' };
          const days = { from: `2026-${month}-01`, to: `2026-${month}-28` };
          return { key: `${n}-${at}`, name, ...days, ...none, done: false } as unknown as PlanBar;
        }),
      ),
    );
    const wide = scaleOf(lanes, '2026-06-01', 'week');
    const all = layOut(lanes, wide, () => 60);
    expect(all.flatMap((box) => box.bars)).toHaveLength(500);
    const left = xOf(wide, '2026-05-10');
    const view = { left, right: left + 300, top: 0, bottom: 600 };
    const drawn = all.flatMap((box) => inSight(box, view).bars);
    const shown = all.filter((box) => box.top <= view.bottom).length;
    expect(shown).toBeLessThan(15);
    expect(drawn).toHaveLength(shown);
  });

  it('keys go along a lane and to the nearest of the next one', () => {
    expect(stepFrom(boxes, null, 'ArrowRight')).toEqual({ lane: 0, mark: 0 });
    expect(stepFrom(boxes, { lane: 0, mark: 0 }, 'ArrowRight')).toEqual({ lane: 0, mark: 1 });
    expect(stepFrom(boxes, { lane: 0, mark: 2 }, 'ArrowRight')).toEqual({ lane: 0, mark: 2 });
    expect(stepFrom(boxes, { lane: 0, mark: 0 }, 'ArrowDown')).toEqual({ lane: 2, mark: 0 });
    expect(stepFrom(boxes, { lane: 2, mark: 0 }, 'ArrowUp')).toEqual({ lane: 0, mark: 2 });
    expect(stepFrom(boxes, { lane: 2, mark: 0 }, 'a')).toBeNull();
    expect(stepFrom([], null, 'ArrowDown')).toBeNull();
  });

  it('lines lead level and upright, and past every other mark', () => {
    const rows = ['01', '08', '15', '22'].map((day, n, all) =>
      row(`r${n}`, `2026-03-${day}`, { needs: all.slice(0, n).map((_, m) => `r${m}`) }),
    );
    const lanes = [lane(rows), lane([row('z', '2026-03-18', { needs: ['r0', 'r3'] })])];
    const scale = scaleOf(lanes, '2026-03-01', 'month');
    const laid = layOut(lanes, scale, () => 60);
    const links = linksOf(laid, () => true);
    expect(links).toHaveLength(8);
    const marks = laid.flatMap((box) =>
      box.marks.map((mark) => ({ x: mark.x, y: yOf(box, mark.at) })),
    );
    for (const { points } of links)
      points.slice(1).forEach((to, n) => {
        const from = points[n]!;
        expect(from.x === to.x || from.y === to.y).toBe(true);
        const [left, right] = [Math.min(from.x, to.x), Math.max(from.x, to.x)];
        const [top, bottom] = [Math.min(from.y, to.y), Math.max(from.y, to.y)];
        // A line ends at the edge of its own two marks and is inside of none.
        const hit = marks.filter(
          (one) => one.x > left - 5 && one.x < right + 5 && one.y > top - 5 && one.y < bottom + 5,
        );
        expect(hit).toEqual([]);
      });
  });

  it('lines lead from what is needed', () => {
    expect(linksOf(boxes, () => true).map((link) => link.id)).toEqual(['a c']);
    expect(linksOf(boxes, (one) => one.id === 'a')).toEqual([]);
  });
});
