import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Entity } from '../../../platform/contract.gen';
import { locale } from '../../../lib/locale.svelte';
import { HostFailure, usePlatform } from '../../../platform';
import { StudySession } from '../../../state/study.svelte';
import DayHolder from './DayHolder.test.svelte';

it('a frozen day is corrected in its cell, with the reason that is asked for', async () => {
  locale.lang = 'en';
  const whys: (string | null)[] = [];
  usePlatform({
    call: (command, payload) => {
      if (command !== 'field.set') return Promise.resolve({ register: null } as never);
      const { why, field, value } = payload as { why: string | null; field: string; value: string };
      whys.push(why);
      expect([field, value]).toEqual(['baseline', '2026-10-15']);
      if (why) return Promise.resolve({ register: null } as never);
      const failure = { kind: 'invalid', code: 'desk.error.whyMissing', params: {}, trace: '' };
      return Promise.reject(new HostFailure(failure as never));
    },
    listen: () => () => undefined,
  });
  const head = { op: 'a', value: '2026-10-01', redacted: false, byName: 'Li', device: 'k7m2' };
  const entity = {
    id: 'm',
    kind: 'milestone',
    parent: null,
    mark: 'shown',
    fields: { baseline: { heads: [{ ...head, at: '2026-06-25T01:00:00Z', tzMinutes: 480 }] } },
  } as unknown as Entity;
  const session = new StudySession('s');
  session.doc = { id: 's', entities: [entity] } as never;
  render(DayHolder, { props: { session, entity } });
  await userEvent.click(screen.getByRole('button', { name: /Visit · Baseline.*Enter/ }));
  const input = screen.getByRole('textbox');
  await userEvent.clear(input);
  await userEvent.type(input, '2026-10-15{Enter}');
  await userEvent.type(await screen.findByTestId('actual-why-text'), 'a slip of the pen');
  await userEvent.click(screen.getByTestId('actual-why-write'));
  expect(whys).toEqual([null, 'a slip of the pen']);
});
