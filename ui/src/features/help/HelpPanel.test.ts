import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { keyGroups } from './keyList';
import { help } from './help.svelte';
import HelpPanel from './HelpPanel.svelte';

const key = (name: string, target: Element = document.body) => {
  const event = new KeyboardEvent('keydown', { key: name, cancelable: true, bubbles: true });
  Object.defineProperty(event, 'target', { value: target });
  help.onkeydown(event);
  return event;
};

beforeEach(() => help.close());

describe('help', () => {
  it('opens by F1 at the page of the place, and closes by it', () => {
    expect(key('F1').defaultPrevented).toBe(true);
    expect(help.isOpen).toBe(true);
    expect(help.at.page).toBe('first-start');
    key('F1');
    expect(help.isOpen).toBe(false);
  });

  it('leaves a question mark to what takes text', () => {
    const input = document.createElement('input');
    document.body.append(input);
    expect(key('?', input).defaultPrevented).toBe(false);
    key('？');
    expect(help.at.page).toBe('keys');
    input.remove();
  });

  it('is searched by the keyboard alone, and goes back', async () => {
    key('F1');
    render(HelpPanel);
    const user = userEvent.setup();
    expect(document.activeElement).toBe(screen.getByTestId('help-search'));
    await user.keyboard('恢复码');
    expect(screen.getAllByTestId('help-hit').length).toBeGreaterThan(1);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByTestId('help-page')).toHaveTextContent('恢复码');
    await user.click(screen.getByLabelText('上一页'));
    expect(screen.getByTestId('help-page')).toHaveAttribute('data-page', 'first-start');
    await user.keyboard('{Escape}');
    expect(help.isOpen).toBe(false);
  });

  it('lists every shortcut once', async () => {
    help.open({ page: 'keys' });
    render(HelpPanel);
    expect(screen.getByTestId('help-keys')).toHaveTextContent('Ctrl+K');
    const rows = keyGroups().flatMap((group) =>
      group.rows.map((row) => group.title + row.label + row.keys.join()),
    );
    expect(new Set(rows).size).toBe(rows.length);
  });
});
