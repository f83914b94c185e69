import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { center } from '../../lib/reference';
import { usePlatform } from '../../platform';
import NewStudy from './NewStudy.svelte';

it('makes the hospital that was chosen first the leading one', async () => {
  const made: Record<string, unknown>[] = [];
  usePlatform({
    call: (command, payload) => {
      if (command === 'study.create') made.push(payload as Record<string, unknown>);
      return Promise.resolve({ study: 's', studies: [], rows: [] } as never);
    },
    listen: () => () => undefined,
  });
  const user = userEvent.setup();
  render(NewStudy, { props: { onclose: () => undefined } });
  const [first, second, third] = center().hospitals.map((hospital) => hospital.code);
  const box = (code: string | undefined) => screen.getByTestId(`new-hospital-${code}`);
  await user.type(screen.getByTestId('new-title-zh'), '甲');
  await user.click(box(third));
  await user.click(box(first));
  await user.click(box(second));
  await user.click(box(first));
  expect(box(third).closest('label')).toHaveTextContent('牵头');
  await user.click(box(first));
  await user.click(screen.getByTestId('new-study-create'));
  expect(made[0]?.hospitals).toEqual([third, second, first]);
});
