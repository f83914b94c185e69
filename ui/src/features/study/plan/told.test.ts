// What the sites tell of a milestone, and the hour that something is due at, as the table says them.
import { render, screen } from '@testing-library/svelte';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PlanRow } from '../../../platform/contract.gen';
import { locale } from '../../../lib/locale.svelte';
import { usePlatform } from '../../../platform';
import { StudySession } from '../../../state/study.svelte';
import ToldHolder from './ToldHolder.test.svelte';

const row = (more: Partial<PlanRow>): PlanRow =>
  ({
    what: 'milestone',
    id: 'm',
    kind: 'milestone',
    field: 'actual',
    name: { zh: '首例入组', en: 'First participant in' },
    baseline: '',
    planned: '',
    actual: '',
    derived: false,
    rivalActuals: [],
    conflicts: [],
    due: '',
    legal: '',
    dueAt: '',
    precision: 'day',
    forecast: '',
    forecastPrecision: 'day',
    provisional: false,
    forecastProvisional: false,
    status: 'achieved',
    notApplicable: '',
    needs: [],
    blockedBy: [],
    pushedBy: [],
    missing: [],
    twins: [],
    rule: '',
    trigger: '',
    repeat: '',
    seen: {},
    ...more,
  }) as unknown as PlanRow;

beforeEach(() => {
  locale.lang = 'en';
  usePlatform({
    call: () => Promise.resolve({ register: null } as never),
    listen: () => () => undefined,
  });
});

function shown(found: PlanRow) {
  const of = (value: string) => ({ heads: [{ op: 'a', redacted: false, value }], conflict: false });
  const fields = { 'name.en': of('First participant in'), planned: of(found.planned) };
  const study = { id: 's', kind: 'study', parent: null, mark: 'shown', fields: {} };
  const milestone = { id: 'm', kind: 'milestone', parent: 's', mark: 'shown', fields };
  const session = new StudySession('s');
  session.doc = { id: 's', entities: [study, milestone] } as never;
  render(ToldHolder, { props: { session, row: found } });
}

describe('a milestone that the sites tell of', () => {
  const told = row({
    planned: '2027-04-26',
    actual: '2026-11-28',
    derived: true,
    due: '2026-11-28',
    rule: 'first(site_fpi)',
  });

  it('has its actual day in the table, beside the planned one', () => {
    shown(told);
    const cells = screen.getByTestId('milestone-row').querySelectorAll('td.date');
    expect(cells[0]).toHaveTextContent('2027-04-26');
    expect([...cells].at(-1)).toHaveTextContent('2026-11-28');
  });

  it('is not due any more in what stands behind it', () => {
    shown(told);
    const text = screen.getByTestId('told-detail').textContent;
    expect(text).toMatch(/actual\s+2026-11-28/);
    expect(text).not.toContain('due ');
  });
});

it('says the hour where something is due at a moment', () => {
  shown(
    row({
      what: 'deadline',
      status: 'dueSoon',
      due: '2026-11-28',
      dueAt: '2026-11-28T20:00:00+08:00',
      forecast: '2026-11-28',
      rule: 'trigger+24h',
    }),
  );
  expect(screen.getByTestId('milestone-row')).toHaveTextContent('2026-11-28 20:00');
  expect(screen.getByTestId('told-detail')).toHaveTextContent('2026-11-28 20:00');
});
