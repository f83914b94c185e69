import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { SubmissionMatrixRow } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { StudySession } from '../../state/study.svelte';
import { ethicsPlace } from './ethics.svelte';
import EthicsHolder from './EthicsHolder.test.svelte';
import { EVERYTHING } from './matrixFilter';
import SubmissionMatrix from './SubmissionMatrix.svelte';

const one = (id: string, kind: string, state: string) => ({
  id,
  kind,
  state,
  round: 1,
  version: '',
  sentOn: '',
  result: '',
  letter: '',
  decidedOn: '',
  recognition: '',
  leadApproved: null,
  openPoints: 0,
});
const ROWS = [
  {
    site: 'zs',
    siteName: '中山医院',
    role: 'LEAD',
    approvedVersion: '',
    approvedOn: '',
    validUntil: '',
    submissions: [one('a', 'initial', 'decided'), one('b', 'amendment', 'draft')],
  },
  {
    site: 'hs',
    siteName: '华山医院',
    role: '',
    approvedVersion: '',
    approvedOn: '',
    validUntil: '',
    submissions: [one('c', 'initial', 'draft')],
  },
] as unknown as SubmissionMatrixRow[];

let calls: { command: string; payload: unknown }[] = [];
beforeEach(() => {
  locale.lang = 'zh';
  calls = [];
  ethicsPlace.setFilter('s', EVERYTHING);
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      return Promise.resolve({ paths: ['/tmp/table.csv'], path: '/tmp/table.csv' } as never);
    },
    listen: () => () => undefined,
  });
});

function show() {
  const session = new StudySession('s');
  session.doc = { id: 's', entities: [] };
  return render(EthicsHolder, { props: { session, View: SubmissionMatrix, rows: ROWS } });
}
const shown = () => screen.queryAllByTestId('submission-row').map((row) => row.textContent);

describe('the matrix of submissions', () => {
  it('is filtered by hospital, type and state, and says how many are left', async () => {
    show();
    expect(shown()).toHaveLength(3);
    expect(screen.queryByTestId('ethics-filter-left')).toBeNull();
    await userEvent.selectOptions(screen.getByTestId('ethics-filter-kind'), '初始审查');
    expect(shown()).toHaveLength(2);
    await userEvent.selectOptions(screen.getByTestId('ethics-filter-site'), '华山医院');
    expect(shown()).toHaveLength(1);
    expect(screen.getByTestId('ethics-filter-left')).toHaveTextContent('1 / 2 家中心');
    await userEvent.click(screen.getByTestId('ethics-filter-clear'));
    expect(shown()).toHaveLength(3);
  });

  it('is exported as it is shown', async () => {
    show();
    await userEvent.selectOptions(screen.getByTestId('ethics-filter-state'), '编制中');
    await userEvent.click(screen.getByRole('button', { name: '导出' }));
    await userEvent.click(screen.getByRole('menuitem', { name: /CSV/ }));
    const sent = calls.find((call) => call.command === 'submission.export');
    expect(sent?.payload).toMatchObject({ sites: ['zs', 'hs'], submissions: ['b', 'c'] });
  });

  it('keeps its filter, the hospital for the sitting alone', async () => {
    const first = show();
    await userEvent.selectOptions(screen.getByTestId('ethics-filter-kind'), '初始审查');
    await userEvent.selectOptions(screen.getByTestId('ethics-filter-site'), '中山医院');
    first.unmount();
    show();
    expect(screen.getByTestId('ethics-filter-site')).toHaveDisplayValue('中山医院');
    expect(shown()).toHaveLength(1);
    // Another study has the same filter for all of its own hospitals.
    expect(ethicsPlace.filterOf('t')).toEqual({ ...EVERYTHING, kind: 'initial' });
    expect(localStorage.getItem('pidesk.prefs')).not.toContain('zs');
  });
});
