// The sheets of a plan: what they ask the host for, and when they let one write.
import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlanLane, PlanRow, StudyPlan } from '../../../platform/contract.gen';
import { locale } from '../../../lib/locale.svelte';
import { HostFailure, usePlatform } from '../../../platform';
import ApplyDialog from './ApplyDialog.svelte';
import BaselineDialog from './BaselineDialog.svelte';
import CloneDialog from './CloneDialog.svelte';
import DeadlineDialog from './DeadlineDialog.svelte';
import { Plan } from './plan.svelte';
import ReplanDialog from './ReplanDialog.svelte';

const row = (id: string, more: Partial<PlanRow> = {}): PlanRow =>
  ({
    what: 'milestone',
    id,
    kind: 'milestone',
    field: 'actual',
    key: id,
    name: { zh: `事项 ${id}`, en: `Item ${id}` },
    baseline: '',
    planned: '',
    actual: '',
    due: '',
    legal: '',
    dueAt: '',
    forecast: '',
    provisional: false,
    status: 'upcoming',
    notApplicable: '',
    seen: { planned: [`${id}:p`], baseline: [`${id}:b`] },
    ...more,
  }) as unknown as PlanRow;
const lane = (site: string | null, name: string, rows: PlanRow[]): PlanLane =>
  ({ site, name: { zh: name, en: name }, bars: [], rows, origins: [] }) as unknown as PlanLane;
const preview = (key: string, existing: string | null = null) => ({
  key,
  name: { zh: key, en: key },
  existing,
  date: '2026-12-01',
  byRule: true,
  legal: '',
  provisional: false,
  rule: '',
  ruleVerification: '',
  source: '',
  needs: [],
});
const listOf = (key: string, level: string) => ({
  key,
  level,
  version: '1',
  name: { zh: key, en: key },
  source: { zh: 's', en: 's' },
  verification: 'verified',
  anchor: '',
  phases: [],
  items: [],
});
const rule = (key: string, period: string, more: object = {}) => ({
  key,
  name: { zh: key, en: key },
  trigger: { zh: '获知', en: 'aware' },
  note: { zh: '', en: '' },
  period,
  repeats: false,
  dated: false,
  source: 's',
  article: '1',
  verification: 'verified',
  ...more,
});

let calls: { command: string; payload: Record<string, unknown> }[] = [];
let answers: Record<string, unknown>;
const sent = (command: string) => calls.filter((one) => one.command === command);
const onclose = vi.fn();

function planOf(lanes: PlanLane[], missingYears: number[] = []): Plan {
  const plan = new Plan('s');
  plan.found = { today: '2026-11-26', lanes, missingYears } as unknown as StudyPlan;
  answers['plan.get'] = plan.found;
  return plan;
}

beforeEach(() => {
  locale.lang = 'en';
  calls = [];
  onclose.mockClear();
  answers = {
    'milestone.lists': {
      lists: [listOf('of-study', 'study'), listOf('of-site', 'site')],
      deadlines: { rules: [rule('report', '5b'), rule('sae', '24h')] },
    },
  };
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload: payload as Record<string, unknown> });
      const answer = answers[command] ?? {};
      if (answer instanceof Error) return Promise.reject(answer);
      const given =
        typeof answer === 'function' ? (answer as (p: unknown) => unknown)(payload) : answer;
      return Promise.resolve(given as never);
    },
    listen: () => () => undefined,
  });
});

describe('a list of milestones', () => {
  const lanes = [lane(null, 'Study', []), lane('a', 'Site A', []), lane('b', 'Site B', [])];
  const show = async () => {
    answers['milestone.preview'] = (asked: { site: string | null }) => ({
      rows: [preview('siv', asked.site === 'b' ? 'm9' : null), preview('training')],
    });
    render(ApplyDialog, { props: { plan: planOf(lanes), site: 'a', onclose } });
    await screen.findByTestId('apply-preview');
  };

  it('is seen for every place before it is written, and written in one step', async () => {
    await show();
    expect(screen.getByTestId('apply-write')).toHaveTextContent('Add 2');
    await userEvent.click(screen.getAllByTestId('apply-site')[1]!);
    expect(await screen.findByText('at 1 site already')).toBeInTheDocument();
    // Three in all: one of the four is there.
    expect(screen.getByTestId('apply-write')).toHaveTextContent('Add 3');
    expect(sent('milestone.apply')).toEqual([]);
    await userEvent.type(screen.getByTestId('apply-date-training'), '2026/12/5');
    await userEvent.click(screen.getByTestId('apply-write'));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(sent('milestone.apply').map((one) => one.payload)).toEqual([
      {
        study: 's',
        sites: ['a', 'b'],
        list: 'of-site',
        rows: [
          { key: 'siv', planned: '' },
          { key: 'training', planned: '2026-12-05' },
        ],
      },
    ]);
  });

  it('is not written without a place, nor with what is no date', async () => {
    await show();
    await userEvent.type(screen.getByTestId('apply-date-siv'), 'soon');
    expect(screen.getByTestId('apply-write')).toBeDisabled();
    await userEvent.clear(screen.getByTestId('apply-date-siv'));
    expect(screen.getByTestId('apply-write')).toBeEnabled();
    await userEvent.click(screen.getAllByTestId('apply-site')[0]!);
    expect(screen.getByTestId('apply-write')).toBeDisabled();
  });
});

describe('planning anew', () => {
  const rows = [row('x', { planned: '2026-12-01' }), row('y', { planned: '2027-01-31' })];

  it('wants a reason, and sends what was on screen', async () => {
    render(ReplanDialog, { props: { plan: planOf([lane(null, 'S', rows)]), rows, onclose } });
    const says = () => screen.getByRole('status').textContent;
    expect(says()).toBe('No day was changed yet.');
    await userEvent.type(screen.getByTestId('replan-shift'), '+14');
    expect(screen.getByTestId('replan-write')).toBeDisabled();
    expect(says()).toBe('A reason is still missing.');
    const [first] = screen.getAllByTestId('replan-date');
    const [weekday] = screen.getAllByTestId('replan-day');
    expect(weekday).toHaveTextContent(/\((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\)/);
    await userEvent.clear(first!);
    await userEvent.type(first!, 'soon');
    expect(says()).toBe('A day is not understood.');
    await userEvent.clear(first!);
    await userEvent.type(first!, '2026-12-15');
    await userEvent.type(screen.getByTestId('replan-why'), ' contract late ');
    expect(says()).toBe('');
    await userEvent.click(screen.getByTestId('replan-write'));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(sent('plan.replan')[0]!.payload).toEqual({
      study: 's',
      dates: [
        { milestone: 'x', date: '2026-12-15', seen: ['x:p'] },
        { milestone: 'y', date: '2027-02-14', seen: ['y:p'] },
      ],
      why: 'contract late',
    });
  });

  it('names the site where two have the same milestone', () => {
    const there = row('z', { name: rows[0]!.name, planned: '2026-12-02' });
    const lanes = [lane(null, 'S', rows), lane('a', 'Site A', [there])];
    render(ReplanDialog, { props: { plan: planOf(lanes), rows: [...rows, there], onclose } });
    expect(screen.getByRole('textbox', { name: 'New day · Item x' })).toHaveValue('2026-12-01');
    expect(screen.getByRole('textbox', { name: 'New day · Item x · Site A' })).toHaveValue(
      '2026-12-02',
    );
  });

  it('survives a number that leads out of the calendar', async () => {
    render(ReplanDialog, { props: { plan: planOf([lane(null, 'S', rows)]), rows, onclose } });
    await userEvent.type(screen.getByTestId('replan-shift'), '99999999999');
    expect(screen.getByTestId('replan-shift')).toHaveAttribute('aria-invalid', 'true');
  });

  it('stays open and says why when the host refuses', async () => {
    answers['plan.replan'] = new HostFailure({
      kind: 'unavailable',
      code: 'host',
      params: {},
      traceId: 't',
    } as never);
    render(ReplanDialog, {
      props: { plan: planOf([lane(null, 'S', rows)]), rows: rows.slice(0, 1), onclose },
    });
    const date = screen.getByTestId('replan-date');
    await userEvent.clear(date);
    await userEvent.type(date, '2027-Q1');
    await userEvent.type(screen.getByTestId('replan-why'), 'late');
    await userEvent.click(screen.getByTestId('replan-write'));
    expect(await screen.findByRole('alert')).not.toBeEmptyDOMElement();
    expect(onclose).not.toHaveBeenCalled();
    expect(date).toHaveValue('2027-Q1');
  });
});

describe('the baseline', () => {
  it('is replaced only with a reason', async () => {
    const rows = [
      row('x', { planned: '2026-12-01' }),
      row('y', { planned: '2026-12-09', baseline: '2026-12-02' }),
    ];
    render(BaselineDialog, { props: { plan: planOf([lane(null, 'S', rows)]), onclose } });
    expect(screen.getByTestId('baseline-write')).toHaveTextContent('1');
    await userEvent.click(screen.getByTestId('baseline-anew'));
    expect(screen.getByTestId('baseline-write')).toBeDisabled();
    await userEvent.type(screen.getByTestId('baseline-why'), 'amendment');
    await userEvent.click(screen.getByTestId('baseline-write'));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(sent('plan.baseline')[0]!.payload).toEqual({
      study: 's',
      dates: [
        { milestone: 'x', date: '2026-12-01', seen: ['x:b'] },
        { milestone: 'y', date: '2026-12-09', seen: ['y:b'] },
      ],
      why: 'amendment',
    });
  });
});

describe('a deadline', () => {
  it('tells its safe and its legal end, and which year is not announced', async () => {
    const onstarted = vi.fn();
    const begun = row('d', {
      what: 'deadline',
      due: '2026-12-31',
      legal: '2027-01-04',
      provisional: true,
    });
    const plan = planOf([lane(null, 'S', [begun])], [2027]);
    answers['deadline.start'] = { milestone: 'd' };
    render(DeadlineDialog, { props: { plan, onclose, onstarted } });
    await screen.findByRole('option', { name: 'report' });
    const day = screen.getByTestId('deadline-day');
    await userEvent.clear(day);
    await userEvent.type(day, '2026-12-24');
    await userEvent.click(screen.getByTestId('deadline-write'));
    const ends = await screen.findByTestId('deadline-ends');
    expect(ends).toHaveTextContent(
      'Safe end ~provisional 2026-12-31 (Thu) Legal end ~provisional 2027-01-04 (Mon)',
    );
    expect(ends).toHaveTextContent('Provisional: holidays of 2027 not yet announced');
    await userEvent.click(screen.getByTestId('deadline-show'));
    expect(onstarted).toHaveBeenCalledWith('d');
  });

  it('asks for the moment where hours are counted', async () => {
    const begun = row('d', {
      what: 'deadline',
      due: '2026-12-25',
      dueAt: '2026-12-25T22:30:00+08:00',
    });
    answers['deadline.start'] = { milestone: 'd' };
    render(DeadlineDialog, {
      props: { plan: planOf([lane(null, 'S', [begun])]), onclose, onstarted: vi.fn() },
    });
    await screen.findByRole('option', { name: 'sae' });
    await userEvent.selectOptions(screen.getByTestId('deadline-rule'), 'sae');
    expect(screen.getByTestId('deadline-write')).toBeDisabled();
    await userEvent.type(screen.getByTestId('deadline-time'), '22：30');
    await userEvent.click(screen.getByTestId('deadline-write'));
    expect(await screen.findByTestId('deadline-ends')).toHaveTextContent('2026-12-25 22:30');
    expect(sent('deadline.start')[0]!.payload.trigger).toMatch(/^\d{4}-\d{2}-\d{2}T22:30$/);
  });
});

describe('copying', () => {
  it('takes milestones of another place, never onto itself', async () => {
    const lanes = [lane(null, 'Study', [row('x')]), lane('a', 'Site A', [row('y'), row('z')])];
    render(CloneDialog, { props: { plan: planOf(lanes), onclose } });
    expect(screen.getByTestId('clone-write')).toBeDisabled();
    await userEvent.selectOptions(screen.getByTestId('clone-from'), 'a');
    expect(screen.getByText('Item y, Item z')).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('clone-write'));
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(sent('milestone.clone')[0]!.payload).toEqual({
      from: 's',
      fromSite: 'a',
      to: 's',
      toSite: null,
    });
  });
});
