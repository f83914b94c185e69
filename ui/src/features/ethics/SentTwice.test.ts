import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { SentPackage, SubmissionSheet } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { StudySession } from '../../state/study.svelte';
import EthicsHolder from './EthicsHolder.test.svelte';
import SentLine from './SentLine.svelte';
import SentTwice from './SentTwice.svelte';

const one = (hash: string, byName: string, stands = true): SentPackage => ({
  package: `sha256:${hash}`,
  name: 'package.pdf',
  size: 1000,
  pages: 12,
  lang: 'zh',
  sentOn: '2026-02-10',
  byName,
  device: 'ab12',
  at: '2026-02-10T08:00:00Z',
  tzMinutes: 480,
  isHere: true,
  stands,
});

let asked: [string, unknown][] = [];
beforeEach(() => {
  locale.lang = 'zh';
  asked = [];
  usePlatform({
    call: (command: string, payload: unknown) => {
      asked.push([command, payload]);
      const rows = [one('aa', '李明'), one('bb', '王芳')];
      return Promise.resolve((command === 'submission.packages' ? { rows } : {}) as never);
    },
    listen: () => () => undefined,
  });
});

describe('a submission that two laptops sent', () => {
  it('is decided in one step, with a reason', async () => {
    let done = 0;
    render(SentTwice, {
      props: { study: 's', submission: 'x', ondone: () => void (done += 1) },
    });
    const user = userEvent.setup();
    expect(await screen.findByText(/李明/)).toBeVisible();
    expect(screen.getByText('bb')).toBeVisible();
    await user.click(screen.getAllByTestId('sent-this')[1]!);
    await user.click(screen.getByTestId('sent-decide'));
    expect(screen.getByRole('alert')).toBeVisible();
    await user.type(screen.getByTestId('sent-why'), '电话核实');
    await user.click(screen.getByTestId('sent-decide'));
    expect(asked.at(-1)).toEqual([
      'submission.choose',
      {
        study: 's',
        submission: 'x',
        package: 'sha256:bb',
        among: ['sha256:aa', 'sha256:bb'],
        why: '电话核实',
      },
    ]);
    expect(done).toBe(1);
  });
});

describe('what was sent', () => {
  const show = (packages: SentPackage[]) => {
    const sheet = { row: { id: 'x' }, hash: 'sha256:m', packages, scans: [] };
    render(EthicsHolder, {
      props: {
        session: new StudySession('s'),
        View: SentLine,
        sheet: sheet as unknown as SubmissionSheet,
      },
    });
  };

  it('shows the hash of the file that was sent, and what was set aside', () => {
    show([one('aa', '李明', false), one('bb', '王芳')]);
    expect(screen.getByTestId('sent-sha')).toHaveTextContent('所递交 PDF 的校验值');
    expect(screen.getByTestId('sent-sha')).toHaveTextContent('bb');
    expect(screen.getByTestId('copy-sha')).toBeVisible();
    expect(screen.getByTestId('sent-aside')).toHaveTextContent('aa');
    expect(screen.queryByTestId('sent-twice')).toBeNull();
  });

  it('asks which one it is while two stand', () => {
    show([one('aa', '李明'), one('bb', '王芳')]);
    expect(screen.queryByTestId('sent-sha')).toBeNull();
    expect(screen.getByTestId('sent-twice')).toBeVisible();
  });
});
