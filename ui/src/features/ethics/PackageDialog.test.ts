import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { PackagePreview, PdfLang, SubmissionSheet } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { StudySession } from '../../state/study.svelte';
import EthicsHolder from './EthicsHolder.test.svelte';
import PackageDialog from './PackageDialog.svelte';

let calls: { command: string; payload: unknown }[] = [];
let sent: PdfLang | null = 'zh';
const preview = (lang: PdfLang | null): PackagePreview => ({
  preview: 1,
  name: '送审材料.pdf',
  pages: 9,
  lang,
  parts: [],
  remarks: [],
});
const sheet = (hash: string) =>
  ({
    row: { id: 'one', state: hash ? 'sent' : 'draft' },
    set: { key: 'cn-generic', language: 'zh' },
    list: [],
    forms: [],
    findings: [],
    hash,
    scans: [],
  }) as unknown as SubmissionSheet;

beforeEach(() => {
  locale.lang = 'zh';
  calls = [];
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      const lang = (payload as { lang?: PdfLang }).lang ?? null;
      const answer =
        command === 'submission.preview'
          ? preview(sheetHash ? sent : lang)
          : command === 'submission.page'
            ? { png: '' }
            : {};
      return Promise.resolve(answer as never);
    },
    listen: () => () => undefined,
  });
});

let sheetHash = '';
function show(hash: string) {
  sheetHash = hash;
  render(EthicsHolder, {
    props: { session: new StudySession('s'), View: PackageDialog, sheet: sheet(hash) },
  });
}
const langs = () =>
  calls
    .filter((one) => one.command === 'submission.preview')
    .map((one) => (one.payload as { lang: PdfLang }).lang);

describe('the language of a package', () => {
  it('is chosen while it was not sent', async () => {
    show('');
    await userEvent.click(await screen.findByRole('button', { name: '英文' }));
    expect(langs()).toEqual(['zh', 'en']);
  });

  it.each([
    ['zh', '递交的是中文版，不再更改'],
    ['both', '递交的是中英双语版，不再更改'],
    [null, '递交时的程序没有记录语言；这里是当时递交的文件'],
  ] as const)('is said once it was sent, and no other is offered: %s', async (lang, words) => {
    sent = lang;
    show('sha256:00');
    expect(await screen.findByTestId('package-sent-in')).toHaveTextContent(words);
    expect(screen.queryByRole('button', { name: '英文' })).toBeNull();
    expect(langs()).toHaveLength(1);
  });
});
