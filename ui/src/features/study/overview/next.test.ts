import { describe, expect, it } from 'vitest';
import type { PlanLane, PlanRow } from '../../../platform/contract.gen';
import { nextOf, nUndated } from './next';

const row = (id: string, more: Partial<PlanRow>): PlanRow =>
  ({
    what: 'milestone',
    id,
    planned: '',
    actual: '',
    due: '',
    forecast: '',
    precision: 'day',
    forecastPrecision: 'day',
    status: 'upcoming',
    daysLeft: null,
    ...more,
  }) as unknown as PlanRow;
const lane = (site: string | null, rows: PlanRow[]): PlanLane =>
  ({
    site,
    name: { zh: '复旦大学附属华山医院', en: 'Huashan Hospital' },
    rows,
  }) as unknown as PlanLane;

describe('what is next', () => {
  const lanes = [
    lane(null, [
      row('done', { actual: '2026-01-01', status: 'achieved' }),
      row('na', { planned: '2026-01-01', status: 'notApplicable' }),
      row('undated', { status: 'undated' }),
      row('pushed', { planned: '2026-06-01', due: '2026-06-01', forecast: '2026-12-20' }),
      row('soon', { planned: '2026-12-01', due: '2026-12-01', forecast: '2026-12-01' }),
    ]),
    lane('s', [
      row('late', {
        planned: '2026-11-02',
        due: '2026-11-02',
        forecast: '2026-11-27',
        status: 'overdue',
        daysLeft: -25,
      }),
      row('month', {
        planned: '2026-12',
        due: '2026-12-31',
        precision: 'month',
        forecast: '2026-12-31',
        forecastPrecision: 'month',
      }),
      row('blocked', {
        due: '2026-10-30',
        forecast: '2026-11-30',
        status: 'blocked',
        daysLeft: -28,
      }),
    ]),
  ];

  it('is what is late by the day that was missed, then what is to be expected', () => {
    expect(nextOf(lanes).map((line) => [line.row.id, line.date])).toEqual([
      ['blocked', '2026-10-30'],
      ['late', '2026-11-02'],
      ['soon', '2026-12-01'],
      ['pushed', '2026-12-20'],
      ['month', '2026-12'],
    ]);
  });

  it('says which are without a day, and where a line belongs', () => {
    expect(nUndated(lanes)).toBe(1);
    expect(nextOf(lanes).map((line) => line.place !== '')).toEqual([
      true,
      true,
      false,
      false,
      true,
    ]);
  });
});
