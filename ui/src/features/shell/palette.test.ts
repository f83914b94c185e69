import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { usePlatform } from '../../platform';
import Palette from './Palette.svelte';

it('names a person with her hospital', async () => {
  const bare = { zh: '', en: '' };
  const person = {
    id: 'p',
    name: { zh: '王建国', en: '' },
    nameZh: '王建国',
    nameEn: '',
    title: bare,
    organisationName: { zh: '华山医院', en: 'Huashan Hospital' },
    mobile: '13800000000',
    phone: '',
  };
  usePlatform({
    call: (command) =>
      Promise.resolve(
        (command === 'directory.list' ? { people: [person] } : { hits: [] }) as never,
      ),
    listen: () => () => undefined,
  });
  render(Palette, { props: { onclose: () => undefined } });
  await userEvent.setup().type(screen.getByTestId('palette-input'), '王');
  expect(await screen.findByText(/王建国/)).toHaveTextContent('王建国 · 华山医院');
});
