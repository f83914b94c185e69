// The two parts of the settings that speak of days, against a host that answers as ours does.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ReminderWishes, YearRow } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { toasts } from '../../state/toasts.svelte';
import CalendarSettings from './CalendarSettings.svelte';
import ReminderSettings from './ReminderSettings.svelte';

const host = { answers: {} as Record<string, (req: never) => unknown> };
usePlatform({
  call: async (command, req) => host.answers[command]!(req as never) as never,
  listen: () => () => undefined,
});

const year = (n: number, from: string, loadedAt = ''): YearRow => ({
  year: n,
  from,
  sources: from === 'missing' ? [] : [`https://www.gov.cn/${n}`],
  loadedAt,
  nOff: from === 'missing' ? 0 : 33,
  nWork: from === 'missing' ? 0 : 6,
});
const known = [2022, 2023, 2024, 2025, 2026].map((n) => year(n, 'builtin'));

beforeEach(() => {
  toasts.list = [];
  host.answers = {};
});

describe('the years', () => {
  beforeEach(() => {
    host.answers['calendar.years'] = () => ({ years: [...known, year(2027, 'missing')] });
  });

  it('say what is official and what is not announced yet, the newest first', async () => {
    render(CalendarSettings);
    const rows = await screen.findAllByTestId('calendar-year');
    expect(rows.map((row) => row.textContent!.trim().slice(0, 4))).toEqual([
      '2027',
      '2026',
      '2025',
      '2024',
    ]);
    expect(rows[0]).toHaveTextContent('尚未公布');
    expect(rows[1]).toHaveTextContent('内置');
    expect(rows[1]).toHaveTextContent('放假 33 天，调休上班 6 天');
    await userEvent.click(screen.getByText('更早的 2 个年度'));
    expect(screen.getAllByTestId('calendar-year')).toHaveLength(6);
  });

  it('take a file from disk, and forget it', async () => {
    host.answers['file.pick'] = () => ({ paths: ['2027.json'] });
    host.answers['calendar.load'] = ({ path }: { path: string }) => {
      expect(path).toBe('2027.json');
      const loaded = year(2027, 'loaded', '2026-11-26T08:00:00Z');
      return { years: [...known, loaded, year(2028, 'missing')] };
    };
    host.answers['calendar.forget'] = (req: { year: number }) => {
      expect(req.year).toBe(2027);
      return { years: [...known, year(2027, 'missing')] };
    };
    render(CalendarSettings);
    await userEvent.click(await screen.findByTestId('calendar-load'));
    expect(toasts.list.at(-1)!.text).toBe('2027 年安排已导入，相关日期已重新计算');
    const [next, loaded] = screen.getAllByTestId('calendar-year');
    expect(next).toHaveTextContent('2028');
    await userEvent.click(within(loaded!).getByTestId('calendar-forget'));
    expect(screen.getAllByTestId('calendar-year')[0]).toHaveTextContent('2027');
    expect(screen.queryByTestId('calendar-forget')).toBeNull();
  });

  it('stay as they are when the file is none, and the reason is said', async () => {
    host.answers['file.pick'] = () => ({ paths: ['cat.jpg'] });
    host.answers['calendar.load'] = () => {
      throw new Error('no');
    };
    render(CalendarSettings);
    await userEvent.click(await screen.findByTestId('calendar-load'));
    expect(toasts.list.at(-1)!.kind).toBe('failed');
    expect(screen.getAllByTestId('calendar-year')[0]).toHaveTextContent('2027');
    expect(screen.getByTestId('calendar-load')).toBeEnabled();
  });
});

describe('reminders', () => {
  const wishes: ReminderWishes = { on: true, quietFrom: '20:00', quietTo: '07:30', names: true };
  beforeEach(() => {
    let kept = wishes;
    host.answers['reminder.wishes'] = () => kept;
    host.answers['reminder.setWishes'] = (given: ReminderWishes) => (kept = given);
  });

  it('are set one wish at a time', async () => {
    const set = vi.spyOn(host.answers, 'reminder.setWishes');
    render(ReminderSettings);
    await userEvent.selectOptions(await screen.findByTestId('reminder-from'), '07:30');
    expect(set).toHaveBeenLastCalledWith({ ...wishes, quietFrom: '07:30' });
    expect(screen.getByText(/没有免打扰时段/)).toBeInTheDocument();
    await userEvent.click(screen.getByTestId('reminder-says-number'));
    await userEvent.click(screen.getByTestId('reminder-on'));
    expect(set).toHaveBeenLastCalledWith({
      on: false,
      quietFrom: '07:30',
      quietTo: '07:30',
      names: false,
    });
    expect(screen.getByTestId('reminder-from')).toBeDisabled();
  });

  it('go back to what is kept when it was not kept', async () => {
    host.answers['reminder.setWishes'] = () => {
      throw new Error('no');
    };
    render(ReminderSettings);
    await userEvent.click(await screen.findByTestId('reminder-on'));
    expect(screen.getByTestId('reminder-on')).toBeChecked();
    expect(toasts.list.at(-1)!.kind).toBe('failed');
  });

  it('can be tried, and say so when the system shows none', async () => {
    host.answers['reminder.try'] = () => ({});
    render(ReminderSettings);
    await userEvent.click(await screen.findByTestId('reminder-try'));
    expect(toasts.list.at(-1)!.text).toBe('已交给系统显示');
    host.answers['reminder.try'] = () => {
      throw new Error('no');
    };
    await userEvent.click(screen.getByTestId('reminder-try'));
    expect(toasts.list.at(-1)!.kind).toBe('failed');
  });
});
