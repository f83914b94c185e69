import { afterEach, describe, expect, it, vi } from 'vitest';
import { watchIdle } from '../shell/idle';
import { fitsGroup, groupsOf, pickGroup } from './recoveryGroups';

afterEach(() => vi.useRealTimers());

describe('the recovery code', () => {
  it('is asked for by one of its groups, read forgivingly', () => {
    const groups = groupsOf('GVS5RW-YHG3K1-AQE6TC');
    expect(groups).toEqual(['GVS5RW', 'YHG3K1', 'AQE6TC']);
    expect(fitsGroup(groups[1]!, ' yhg3kl ')).toBe(true);
    expect(fitsGroup(groups[1]!, 'yhg3k2')).toBe(false);
    expect(fitsGroup('', '')).toBe(false);
    expect(pickGroup(3, () => 0.999)).toBe(2);
  });
});

describe('rest', () => {
  it('locks after the minutes, and any sign of work begins them anew', () => {
    vi.useFakeTimers();
    const lock = vi.fn();
    const stop = watchIdle(
      () => 15,
      lock,
      () => Date.now(),
    );
    vi.advanceTimersByTime(14 * 60_000);
    dispatchEvent(new Event('pointermove'));
    vi.advanceTimersByTime(14 * 60_000);
    expect(lock).not.toHaveBeenCalled();
    vi.advanceTimersByTime(2 * 60_000);
    expect(lock).toHaveBeenCalledOnce();
    stop();
  });
  it('never locks when it is turned off', () => {
    vi.useFakeTimers();
    const lock = vi.fn();
    const stop = watchIdle(
      () => 0,
      lock,
      () => Date.now(),
    );
    vi.advanceTimersByTime(24 * 60 * 60_000);
    expect(lock).not.toHaveBeenCalled();
    stop();
  });
});
