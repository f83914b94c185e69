import { describe, expect, it } from 'vitest';
import { partInSight } from './parts';

const parts = [
  { id: 'a', top: -300 },
  { id: 'b', top: 40 },
  { id: 'c', top: 500 },
];

describe('partInSight', () => {
  it('is the last part whose head was reached', () => {
    expect(partInSight(parts, false)).toBe('b');
  });

  it('is the first one before anything was scrolled', () => {
    expect(
      partInSight(
        [
          { id: 'a', top: 120 },
          { id: 'b', top: 600 },
        ],
        false,
      ),
    ).toBe('a');
  });

  it('is the last one at the end, even when its head never gets to the top', () => {
    expect(partInSight(parts, true)).toBe('c');
  });
});
