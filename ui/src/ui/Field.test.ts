import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { locale } from '../lib/locale.svelte';
import { fieldOf } from '../lib/reference';
import { HostFailure } from '../platform';
import type { Head, JsonValue, Register } from '../platform/contract.gen';
import Field from './Field.svelte';

const head = (op: string, value: JsonValue, byName = '李文静'): Head => ({
  op,
  lam: 1,
  value,
  redacted: false,
  by: 'p',
  byName,
  device: 'a3f9',
  at: '2026-11-20T03:12:00Z',
  tzMinutes: 480,
});
const register = (...heads: Head[]): Register => ({ heads, conflict: heads.length > 1 });

function show(name: string, reg: Register | undefined, extra: Record<string, unknown> = {}) {
  const save = vi
    .fn<(value: JsonValue, seen: string[], why?: string) => Promise<void>>()
    .mockResolvedValue();
  const keep = vi.fn<(value: JsonValue, seen: string[]) => Promise<void>>().mockResolvedValue();
  const view = render(Field, {
    field: fieldOf('study', name),
    register: reg,
    label: '缩写',
    save,
    keep,
    ...extra,
  });
  return { save, keep, ...view };
}

const opened = async (user: ReturnType<typeof userEvent.setup>) => {
  await user.click(screen.getByRole('button', { name: /缩写/ }));
  return screen.getByRole('textbox', { name: '缩写' });
};

describe.each(['zh', 'en'] as const)('a field in %s', (lang) => {
  beforeEach(() => {
    locale.lang = lang;
  });
  afterEach(() => {
    locale.lang = 'zh';
    vi.useRealTimers();
  });

  it('is text until it is clicked, and saves when it is left', async () => {
    const user = userEvent.setup();
    const { save } = show('acronym', register(head('1', 'OLD')));
    const input = await opened(user);
    await user.clear(input);
    await user.type(input, 'NEW');
    await user.tab();
    expect(save).toHaveBeenCalledExactlyOnceWith('NEW', ['1']);
  });

  it('saves with what was on screen when the edit began, not with what came since', async () => {
    const user = userEvent.setup();
    const { save, rerender } = show('acronym', register(head('1', 'OLD')));
    const input = await opened(user);
    await rerender({ register: register(head('2', 'THEIRS', '陈怡')) });
    expect(input).toHaveValue('OLD');
    await user.type(input, 'MINE{Enter}');
    expect(save.mock.calls[0]?.[1]).toEqual(['1']);
  });

  it('opens by Enter, restores by Escape, and the focus comes back', async () => {
    const user = userEvent.setup();
    const { save } = show('acronym', register(head('1', 'OLD')));
    screen.getByRole('button', { name: /缩写/ }).focus();
    await user.keyboard('{Enter}');
    await user.keyboard('XYZ{Escape}');
    expect(save).not.toHaveBeenCalled();
    const rest = screen.getByRole('button', { name: /缩写/ });
    expect(rest).toHaveTextContent('OLD');
    await waitFor(() => expect(rest).toHaveFocus());
  });

  it('leaves an unchanged value alone', async () => {
    const user = userEvent.setup();
    const { save } = show('acronym', register(head('1', 'OLD')));
    await opened(user);
    await user.keyboard('{Enter}');
    expect(save).not.toHaveBeenCalled();
  });

  it('does not take the Enter of an input method', async () => {
    const user = userEvent.setup();
    const { save } = show('acronym', undefined);
    const input = await opened(user);
    await user.type(input, '卒中');
    input.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true }),
    );
    input.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', isComposing: true, bubbles: true }),
    );
    expect(save).not.toHaveBeenCalled();
    expect(input).toHaveValue('卒中');
  });

  it('keeps the text and says why when saving fails', async () => {
    const user = userEvent.setup();
    const { save, keep } = show('acronym', register(head('1', 'OLD')));
    save.mockRejectedValueOnce(
      new HostFailure({ kind: 'unavailable', code: 'unheard.of', params: {}, traceId: '' }),
    );
    const input = await opened(user);
    await user.clear(input);
    await user.type(input, 'NEW{Enter}');
    expect(await screen.findByRole('alert')).not.toBeEmptyDOMElement();
    expect(screen.getByRole('textbox')).toHaveValue('NEW');
    expect(keep).toHaveBeenLastCalledWith('NEW', ['1']);
  });

  it('clears with null, and refuses what is no date', async () => {
    const user = userEvent.setup();
    const { save } = show('versionDate', register(head('1', '2026-03-05')));
    const input = await opened(user);
    await user.clear(input);
    await user.type(input, 'soon{Enter}');
    expect(save).not.toHaveBeenCalled();
    expect(await screen.findByRole('alert')).toBeVisible();
    await user.clear(input);
    await user.keyboard('{Enter}');
    expect(save).toHaveBeenCalledExactlyOnceWith(null, ['1']);
  });

  it('offers a draft back, and saves it with the draft’s own token', async () => {
    const user = userEvent.setup();
    const draft = { entity: 'e', field: 'acronym', value: 'HALF', seen: ['0'] };
    const { save } = show('acronym', register(head('1', 'OLD')), { draft });
    expect(screen.getByText('HALF')).toBeVisible();
    await user.click(
      screen.getByRole('button', { name: lang === 'zh' ? '继续编辑' : 'Go on editing' }),
    );
    const input = screen.getByRole('textbox');
    expect(input).toHaveValue('HALF');
    await user.keyboard('{End}-DONE{Enter}');
    expect(save).toHaveBeenCalledExactlyOnceWith('HALF-DONE', ['0']);
  });

  it('chooses a code with the keyboard', async () => {
    const user = userEvent.setup();
    const { save } = show('status', register(head('1', 'RECRUITING')));
    screen.getByRole('button', { name: /缩写/ }).focus();
    await user.keyboard('{Enter}');
    await user.type(screen.getByRole('combobox'), lang === 'zh' ? '暂停' : 'suspend');
    await user.keyboard('{Enter}');
    expect(save).toHaveBeenCalledExactlyOnceWith('SUSPENDED', ['1']);
  });

  it('shows every rival and settles with a reason over all of them', async () => {
    const user = userEvent.setup();
    const { save } = show('acronym', register(head('1', 'OURS'), head('2', 'THEIRS', '陈怡')));
    expect(screen.getByText('OURS')).toBeVisible();
    expect(screen.getByText(/陈怡/)).toBeVisible();
    await user.click(
      screen.getAllByRole('button', { name: lang === 'zh' ? '采用此值' : 'Keep this' })[1]!,
    );
    const settle = screen.getByTestId('conflict-save');
    await user.click(settle);
    expect(await screen.findByRole('alert')).toBeVisible();
    expect(save).not.toHaveBeenCalled();
    await user.type(screen.getByTestId('conflict-why'), '已核对{Enter}');
    expect(save).toHaveBeenCalledExactlyOnceWith('THEIRS', ['1', '2'], '已核对');
  });

  it('keeps a draft twice a second while typing, not at every letter', async () => {
    vi.useFakeTimers();
    const user = userEvent.setup({ advanceTimers: vi.advanceTimersByTime });
    const { keep } = show('acronym', register(head('1', 'OLD')));
    const input = await opened(user);
    await user.type(input, 'ABCDEF');
    expect(keep).not.toHaveBeenCalled();
    vi.advanceTimersByTime(500);
    expect(keep).toHaveBeenCalledExactlyOnceWith('OLDABCDEF', ['1']);
  });
});
