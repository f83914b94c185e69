import { expect, it } from 'vitest';
import { hoursWith } from './hours';

it('offers every half hour, and what was set by other ways', () => {
  expect(hoursWith('07:30')).toHaveLength(48);
  expect(hoursWith('07:30').slice(0, 3)).toEqual(['00:00', '00:30', '01:00']);
  const odd = hoursWith('07:45');
  expect(odd.slice(odd.indexOf('07:45') - 1, odd.indexOf('07:45') + 2)).toEqual([
    '07:30',
    '07:45',
    '08:00',
  ]);
});
