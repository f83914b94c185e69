import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Today, TodayLine } from '../../platform/contract.gen';
import { prefs } from '../../state/prefs.svelte';
import { route } from '../../state/route.svelte';
import { todayList } from '../../state/todayList.svelte';
import TodayScreen from './TodayScreen.svelte';

const line = (entity: string, daysLeft: number): TodayLine => ({
  reason: daysLeft < 0 ? 'overdue' : 'due',
  what: 'milestone',
  study: 'a',
  studyTitle: { zh: '研究', en: 'Study' },
  site: null,
  siteName: { zh: '', en: '' },
  entity,
  kind: 'milestone',
  field: 'actual',
  key: '',
  name: { zh: `事项 ${entity}`, en: entity },
  due: '2026-11-26',
  legal: '',
  dueAt: '',
  precision: 'day',
  provisional: daysLeft > 0,
  daysLeft,
  n: 0,
  since: '',
  rivalActuals: [],
});
const found = (lines: TodayLine[]): Today => ({
  today: '2026-11-26',
  until: '2026-12-26',
  lines,
  counts: {
    overdue: lines.filter((one) => one.reason === 'overdue').length,
    due: lines.filter((one) => one.reason === 'due').length,
    expiring: 0,
    blocked: 0,
    conflict: 0,
    doubled: 0,
    early: 0,
    waiting: 0,
  },
  missingYears: [2027],
});

beforeEach(() => {
  route.reset();
  todayList.study = '';
  todayList.last = null;
});

describe('today', () => {
  it('says that nothing is due', () => {
    todayList.found = found([]);
    render(TodayScreen);
    expect(screen.getByText(/今后 30 天没有到期事项/)).toBeInTheDocument();
  });

  it('is walked by j, k and arrows, and Enter opens the place', async () => {
    todayList.found = found([line('x', -2), line('y', 3)]);
    render(TodayScreen);
    const user = userEvent.setup();
    await user.keyboard('j');
    expect(document.activeElement).toHaveTextContent('事项 x');
    await user.keyboard('{ArrowDown}');
    expect(document.activeElement).toHaveTextContent('事项 y');
    await user.keyboard('k');
    expect(document.activeElement).toHaveTextContent('事项 x');
    const pressed: boolean[] = [];
    const note = (event: Event) => pressed.push(event.defaultPrevented);
    window.addEventListener('keydown', note);
    let n = 0;
    document.activeElement!.addEventListener('click', () => (n += 1));
    await user.keyboard('{Enter}');
    window.removeEventListener('keydown', note);
    expect(route.place).toMatchObject({ screen: 'study', study: 'a', spot: { entity: 'x' } });
    // Once, and nothing of the key press is left for where it leads.
    expect([n, pressed]).toEqual([1, [true]]);
  });

  it('comes back to the line that was left, or to what took its place', () => {
    todayList.found = found([line('x', -2), line('y', 3), line('z', 4)]);
    todayList.last = { key: 'due a y milestone ', place: 1 };
    const { unmount } = render(TodayScreen);
    expect(document.activeElement).toHaveTextContent('事项 y');
    unmount();
    todayList.found = found([line('x', -2), line('z', 4)]);
    render(TodayScreen);
    expect(document.activeElement).toHaveTextContent('事项 z');
  });

  it('is grouped by study when that is asked for, and remembers it', async () => {
    todayList.found = found([line('x', -2), { ...line('y', 3), study: 'b' }]);
    render(TodayScreen);
    await userEvent.click(screen.getByTestId('today-by-study'));
    expect(prefs.kept.todayBy).toBe('study');
    expect(screen.getAllByRole('region')).toHaveLength(2);
    await userEvent.click(screen.getByTestId('today-by-urgency'));
    expect(screen.getAllByRole('region')[0]).toHaveTextContent('已逾期');
  });

  it('tells dates that rest on days not announced yet', () => {
    todayList.found = found([line('y', 3)]);
    render(TodayScreen);
    expect(screen.getByText(/2027 年放假安排尚未公布/)).toBeInTheDocument();
    expect(screen.getByTestId('today-line')).toHaveTextContent('~暂定');
    expect(screen.getByTitle('暂定：2027 年放假安排尚未公布')).toBeInTheDocument();
  });

  it('draws more lines when they are asked for', async () => {
    todayList.found = found(Array.from({ length: 50 }, (_, n) => line(`z${n}`, -1)));
    render(TodayScreen);
    expect(screen.getAllByTestId('today-line')).toHaveLength(40);
    await userEvent.click(screen.getByText('再显示 10 项'));
    expect(screen.getAllByTestId('today-line')).toHaveLength(50);
  });
});
