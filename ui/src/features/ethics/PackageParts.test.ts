import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { PackagePart, PackagePreview } from '../../platform/contract.gen';
import PackageParts from './PackageParts.svelte';

const part = (no: number, title: string, more: Partial<PackagePart> = {}): PackagePart => ({
  no,
  title,
  version: '',
  date: '',
  name: '',
  document: null,
  firstPage: 0,
  lastPage: 0,
  refused: '',
  ...more,
});
/** What was sent: a letter of ours, a file, one on another laptop, one that was locked. */
const made: PackagePreview = {
  preview: 4,
  name: '送审材料.pdf',
  pages: 12,
  lang: 'zh',
  parts: [
    part(0, '递交信', { firstPage: 1, lastPage: 1 }),
    part(2, '知情同意书', { version: 'V1.1', date: '2026-03-05', firstPage: 4, lastPage: 9 }),
    part(3, '保险', { refused: 'elsewhere' }),
    part(4, '合同', { refused: 'password', document: 'd4' }),
  ],
  remarks: ['已递交：给出的是递交时保存的文件', '保险：文件还在另一台电脑上'],
};

function show(answer = made) {
  const handlers = { onpage: vi.fn(), onagain: vi.fn() };
  render(PackageParts, { props: { made: answer, busy: false, ...handlers } });
  const list = within(screen.getByTestId('package-parts'));
  return { ...handlers, list };
}

beforeEach(() => (locale.lang = 'zh'));

describe('the parts of a package', () => {
  it('stand in the order of the list with number, version, date and first page', () => {
    const { list } = show();
    const rows = list.getAllByRole('listitem').map((row) => {
      const words = within(row).getAllByRole('button')[0]!;
      return words.textContent.replace(/\s+/g, ' ').trim();
    });
    expect(rows).toEqual([
      '送审材料.pdf1',
      '递交信 1',
      '2. 知情同意书 V1.1 2026-03-054',
      '3. 保险 —',
      '4. 合同 —',
    ]);
    expect(screen.getByText('共 12 页')).toBeInTheDocument();
  });

  it('lead to their first page, and a part without one leads nowhere', async () => {
    const { list, onpage } = show();
    await userEvent.click(list.getByRole('button', { name: /知情同意书/ }));
    await userEvent.click(list.getByRole('button', { name: /保险/ }));
    await userEvent.click(list.getByRole('button', { name: /送审材料/ }));
    expect(onpage.mock.calls).toEqual([[4], [1]]);
    expect(list.getByRole('button', { name: /保险/ })).toBeDisabled();
  });

  it('say why they are not in it, and ask for a password where one opens them', () => {
    const { list } = show();
    expect(list.getByText(/▲ .*另一台电脑/)).toBeInTheDocument();
    expect(list.getAllByLabelText(/密码/)).toHaveLength(1);
  });

  it('bear the remarks, folded, and none where there are none', () => {
    show();
    expect(screen.getByText('保险：文件还在另一台电脑上')).toBeInTheDocument();
    document.body.innerHTML = '';
    show({ ...made, remarks: [] });
    expect(document.querySelector('details')).toBeNull();
  });
});
