import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { showDistance, today } from '../lib/dates';
import { usePlatform } from '../platform';
import { askToday, followToday } from './today';

let answer = { today: '2026-12-01', left: 60 };
let asked = 0;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  answer = { today: '2026-12-01', left: 60 };
  usePlatform({
    call: (command) => {
      if ((command as string) === 'app.day') asked += 1;
      return Promise.resolve(answer as never);
    },
    listen: () => () => undefined,
  });
});
afterEach(() => vi.useRealTimers());

describe('today', () => {
  it('is what the host says, whatever the laptop calls it', async () => {
    vi.setSystemTime(new Date('2026-11-30T12:00:00-08:00'));
    await askToday();
    expect(today()).toBe('2026-12-01');
    expect(showDistance('2026-12-01')).toBe('今天');
  });

  it('is asked for again when it is over and when the window is looked at', async () => {
    const stop = followToday();
    await askToday();
    answer = { today: '2026-12-02', left: 86_400 };
    await vi.advanceTimersByTimeAsync(60_000);
    expect(today()).toBe('2026-12-02');
    answer = { today: '2026-12-04', left: 100 };
    window.dispatchEvent(new Event('focus'));
    await vi.advanceTimersByTimeAsync(0);
    expect(today()).toBe('2026-12-04');
    expect(asked).toBe(3);
    stop();
    window.dispatchEvent(new Event('focus'));
    await vi.advanceTimersByTimeAsync(200_000);
    expect(asked).toBe(3);
  });
});
