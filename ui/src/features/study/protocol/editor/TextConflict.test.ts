import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BlockConflict } from '../../../../platform/contract.gen';
import { usePlatform } from '../../../../platform';
import { locale } from '../../../../lib/locale.svelte';
import { entity, held } from './testDoc';
import TextConflict from './TextConflict.svelte';

const calls: { command: string; payload: unknown }[] = [];
let answer: BlockConflict;

beforeEach(() => {
  locale.lang = 'en';
  calls.length = 0;
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      return Promise.resolve(answer as never);
    },
    listen: () => () => undefined,
  });
});

function show(values: string[]) {
  const register = held(...values);
  const block = entity('b1', 'block', 's1', { type: 'paragraph' });
  block.fields['text.zh'] = register;
  const before = vi.fn(() => Promise.resolve());
  const save = vi.fn(() => Promise.resolve());
  const props = { entity: block, register: 'text.zh', held: register, study: 's', save, before };
  render(TextConflict, { props });
  return { register, before, save };
}

describe('a text in conflict', () => {
  it('offers both changes together where they do not touch the same words', async () => {
    answer = { base: '口服 5 mg', suggestion: '每日口服 5 mg，饭后', rivals: [] };
    const { register, before, save } = show(['每日口服 5 mg', '口服 5 mg，饭后']);
    await userEvent.click(await screen.findByTestId('take-both'));
    await userEvent.type(screen.getByTestId('conflict-why'), 'agreed');
    await userEvent.click(screen.getByTestId('conflict-save'));
    const seen = register.heads.map((head) => head.op);
    await waitFor(() => expect(save).toHaveBeenCalledWith('每日口服 5 mg，饭后', seen, 'agreed'));
    expect(before).toHaveBeenCalled();
    expect(calls).toEqual([
      { command: 'block.conflict', payload: { study: 's', entity: 'b1', field: 'text.zh' } },
    ]);
  });

  it('says so where they do, and shows what each changed', async () => {
    answer = {
      base: '口服 5 mg',
      suggestion: null,
      rivals: [],
    };
    const { register } = show(['口服 10 mg', '口服 15 mg']);
    expect(await screen.findByTestId('overlap')).toBeVisible();
    expect(screen.queryByTestId('take-both')).toBeNull();
    expect(register.heads).toHaveLength(2);
  });

  it('wants a reason', async () => {
    answer = { base: null, suggestion: null, rivals: [] };
    const { save } = show(['甲', '乙']);
    await userEvent.click(screen.getAllByRole('button', { name: 'Keep this' })[0]!);
    await userEvent.click(screen.getByTestId('conflict-save'));
    expect(await screen.findByRole('alert')).toHaveTextContent('reason');
    expect(save).not.toHaveBeenCalled();
  });
});
