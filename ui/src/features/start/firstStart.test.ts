import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { useReference } from '../../lib/reference';
import { usePlatform } from '../../platform';
import Start from './Start.svelte';

it('the first start is done by typing: each page has the keyboard in its first field', async () => {
  useReference({
    fields: [],
    codes: [],
    center: { name: { zh: '', en: '' }, hospitals: [], diseaseAreas: [] },
    templates: [],
    roles: [],
  });
  usePlatform({ call: () => Promise.resolve({} as never), listen: () => () => undefined });
  render(Start);
  expect(document.body).toHaveFocus();
  await userEvent.click(screen.getByTestId('begin'));
  expect(screen.getByTestId('profile-name-zh')).toHaveFocus();
  await userEvent.keyboard('李示例{Enter}');
  expect(screen.getByTestId('passphrase')).toHaveFocus();
});
