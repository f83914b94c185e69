import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { FormSetRow, SubmissionSheet } from '../../platform/contract.gen';
import { HostFailure, usePlatform } from '../../platform';
import { StudySession } from '../../state/study.svelte';
import { formSets } from '../formsets/formsets.svelte';
import EthicsHolder from './EthicsHolder.test.svelte';
import SetChoice from './SetChoice.svelte';

const row = (key: string, version: string, newest = true) =>
  ({ set: { key, version, name: { zh: `套件${key}`, en: key } }, newest }) as unknown as FormSetRow;
const sheet = (key: string) =>
  ({
    row: { id: 'one' },
    set: { key, name: { zh: `套件${key}`, en: key } },
  }) as unknown as SubmissionSheet;

let calls: { command: string; payload: unknown }[] = [];
let refused = false;
beforeEach(() => {
  locale.lang = 'zh';
  [calls, refused] = [[], false];
  const rows = [row('甲', '1'), row('乙', '2'), row('乙', '1', false)];
  formSets.rows = rows;
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      if (command === 'submission.forms' && refused)
        return Promise.reject(
          new HostFailure({ kind: 'invalid', code: 'desk.error.sent', params: {}, traceId: '' }),
        );
      return Promise.resolve((command === 'formset.list' ? { rows } : {}) as never);
    },
    listen: () => () => undefined,
  });
});

const show = (key: string) => {
  render(EthicsHolder, {
    props: { session: new StudySession('s'), View: SetChoice, sheet: sheet(key) },
  });
  return screen.getByTestId<HTMLSelectElement>('submission-forms');
};
const chosen = () => calls.filter((one) => one.command === 'submission.forms');

describe('the form set of a draft', () => {
  it('is one of the newest ones, each once', () => {
    const select = show('甲');
    expect([...select.options].map((one) => one.text)).toEqual(['套件甲', '套件乙']);
    expect(select).toHaveValue('甲');
  });

  it('stays shown where it is not here any more', () => {
    const select = show('丙');
    expect(select).toHaveDisplayValue('套件丙');
    expect(select.options).toHaveLength(3);
  });

  it('is changed by choosing another one', async () => {
    await userEvent.selectOptions(show('甲'), '套件乙');
    expect(chosen().map((one) => one.payload)).toEqual([
      { study: 's', submission: 'one', key: '乙' },
    ]);
  });

  it('is shown as it was when the choice was refused', async () => {
    refused = true;
    const select = show('甲');
    await userEvent.selectOptions(select, '套件乙');
    expect(chosen()).toHaveLength(1);
    await waitFor(() => expect(select).toHaveValue('甲'));
  });
});
