import { describe, expect, it } from 'vitest';
import type { PlanBar, PlanLane, PlanRow } from '../../../platform/contract.gen';
import {
  dayAt,
  dayOf,
  endDay,
  firstDay,
  inSight,
  keyOf,
  layOut,
  linksOf,
  scaleOf,
  stepFrom,
  ticksOf,
  xOf,
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

  it('a crowd keeps its marks and loses names', () => {
    const crowd = [lane(Array.from({ length: 40 }, (_, n) => row(`m${n}`, '2026-05-01')))];
    const [box] = layOut(crowd, scale, () => 100);
    expect(box!.marks).toHaveLength(40);
    expect(box!.marks.filter((mark) => mark.isNamed)).toHaveLength(8);
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

  it('lines lead from what is needed', () => {
    expect(linksOf(boxes, () => true).map((link) => link.id)).toEqual(['a c']);
    expect(linksOf(boxes, (one) => one.id === 'a')).toEqual([]);
  });
});
