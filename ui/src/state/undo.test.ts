import { beforeEach, describe, expect, it } from 'vitest';
import { usePlatform } from '../platform';
import { saving } from './sync.svelte';
import { toasts } from './toasts.svelte';
import { undoing } from './undo';

beforeEach(() => {
  toasts.list = [];
  usePlatform({ call: () => Promise.resolve({} as never), listen: () => () => undefined });
});

describe('the offer to take back', () => {
  it('is gone once another save follows, so that it never takes back that one', async () => {
    toasts.say('joined', undoing());
    toasts.say('a word');
    await saving.during(() => Promise.resolve());
    expect(toasts.list.map((toast) => toast.text)).toEqual(['a word']);
    toasts.say('joined another', undoing());
    expect(toasts.list).toHaveLength(2);
  });
});
