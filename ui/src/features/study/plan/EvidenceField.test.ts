import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Entity, Register } from '../../../platform/contract.gen';
import { locale } from '../../../lib/locale.svelte';
import { usePlatform } from '../../../platform';
import { StudySession } from '../../../state/study.svelte';
import { referenceOf } from './evidence';
import EvidenceHolder from './EvidenceHolder.test.svelte';

const calls: { command: string; payload: unknown }[] = [];
const register = (value: unknown): Register =>
  ({ heads: [{ op: 'op1', value }], conflict: false }) as unknown as Register;
const entity = (id: string, kind: string, fields: Record<string, Register>): Entity =>
  ({ id, kind, parent: null, mark: 'shown', fields }) as unknown as Entity;

beforeEach(() => {
  locale.lang = 'en';
  calls.length = 0;
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      return Promise.resolve({ register: null } as never);
    },
    listen: () => () => undefined,
  });
});

describe('the document that proves a day', () => {
  it('is chosen from the documents of the study, and taken back', async () => {
    const milestone = entity('m', 'milestone', { evidence: register({ $ref: 'd1' }) });
    const session = new StudySession('s');
    session.doc = {
      id: 's',
      entities: [
        milestone,
        entity('d1', 'document', { 'title.en': register('Letter'), version: register('1.0') }),
        entity('d2', 'document', { 'title.en': register('Minutes') }),
      ],
    } as never;
    render(EvidenceHolder, { props: { session, entity: milestone } });
    const choice = screen.getByRole('combobox', { name: 'Evidence' });
    expect(choice).toHaveDisplayValue('Letter · 1.0');
    expect(screen.getByText(/neither a document nor a remark/)).toBeInTheDocument();
    await userEvent.selectOptions(choice, 'Minutes');
    await userEvent.selectOptions(choice, '—');
    const sent = { study: 's', entity: 'm', field: 'evidence', seen: ['op1'], why: null };
    expect(calls.map((one) => one.payload)).toEqual([
      { ...sent, value: { $ref: 'd2' } },
      { ...sent, value: null },
    ]);
  });

  it('is none where a register holds something else', () => {
    expect(['text', null, { list: [] }].map((value) => referenceOf(register(value)))).toEqual([
      '',
      '',
      '',
    ]);
    expect(referenceOf(undefined)).toBe('');
  });
});
