import { expect, it } from 'vitest';
import { countOrganisations } from './options';

it('counts what the table lists: partners as well, and nothing that was put aside', () => {
  const organisations = [{ archived: false }, { archived: true }, { archived: false }];
  expect(countOrganisations({ organisations, partners: ['ninth'] })).toBe(3);
});
