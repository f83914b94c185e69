import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Entity } from '../../../platform/contract.gen';
import { locale } from '../../../lib/locale.svelte';
import { usePlatform } from '../../../platform';
import { StudySession } from '../../../state/study.svelte';
import RivalHolder from './RivalHolder.test.svelte';

it('two actual days are both read in the cell, and one is chosen from there with a reason', async () => {
  locale.lang = 'en';
  const calls: unknown[] = [];
  usePlatform({
    call: (command, payload) => {
      if (command === 'field.set') calls.push(payload);
      return Promise.resolve({ register: null } as never);
    },
    listen: () => () => undefined,
  });
  const head = (op: string, value: string) => ({
    op,
    value,
    redacted: false,
    byName: 'Li',
    device: 'k7m2',
    at: '2026-06-25T01:00:00Z',
    tzMinutes: 480,
  });
  const entity = {
    id: 'm',
    kind: 'milestone',
    parent: null,
    mark: 'shown',
    fields: {
      actual: { heads: [head('a', '2026-06-24'), head('b', '2026-07')], conflict: true },
    },
  } as unknown as Entity;
  const session = new StudySession('s');
  session.doc = { id: 's', entities: [entity] } as never;
  render(RivalHolder, { props: { session, entity } });
  const cell = screen.getByTestId('rival-dates');
  expect(cell).toHaveTextContent('2026-06-24 (Wed)2026-07');
  await userEvent.click(cell);
  const dialog = within(screen.getByTestId('rival-dialog'));
  await userEvent.click(dialog.getAllByText('Keep this')[1]!);
  await userEvent.type(dialog.getByTestId('conflict-why'), 'the sign-in sheet{Enter}');
  expect(calls).toEqual([
    {
      study: 's',
      entity: 'm',
      field: 'actual',
      value: '2026-07',
      seen: ['a', 'b'],
      why: 'the sign-in sheet',
    },
  ]);
});
