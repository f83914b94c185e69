import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { flushSync, tick } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { drawWhole } from '../../../lib/drawn';
import { locale } from '../../../lib/locale.svelte';
import { usePlatform } from '../../../platform';
import { StudySession } from '../../../state/study.svelte';
import TableHolder from './TableHolder.test.svelte';

const N = 200;
/** What the table watches, and how it is told what is near. */
let watched = new Set<Element>();
let tell: (rows: Element[], isIntersecting: boolean) => void;

class Observer {
  constructor(said: (entries: { target: Element; isIntersecting: boolean }[]) => void) {
    tell = (rows, isIntersecting) =>
      flushSync(() => said(rows.map((target) => ({ target, isIntersecting }))));
  }
  observe = (row: Element) => void watched.add(row);
  unobserve = (row: Element) => void watched.delete(row);
}

beforeEach(() => {
  locale.lang = 'en';
  watched = new Set();
  vi.stubGlobal('IntersectionObserver', Observer);
  usePlatform({
    call: () => Promise.resolve({ register: null } as never),
    listen: () => () => undefined,
  });
});
afterEach(() => vi.unstubAllGlobals());

function table(n: number) {
  const head = { op: 'a', redacted: false, byName: '', device: '', at: '', tzMinutes: 0 };
  const of = (fields: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [
        field,
        { heads: [{ ...head, value }], conflict: false },
      ]),
    );
  const milestone = (place: number) => ({
    id: `m${place}`,
    kind: 'milestone',
    parent: 's',
    mark: 'shown',
    fields: of({ 'name.en': `Visit ${place}`, planned: '2027-01-04', actual: '' }),
  });
  const study = { id: 's', kind: 'study', parent: null, mark: 'shown', fields: {} };
  const session = new StudySession('s');
  const rows = Array.from({ length: n }, (_, place) => milestone(place));
  session.doc = { id: 's', entities: [study, ...rows] } as never;
  const { container } = render(TableHolder, { props: { session } });
  return container;
}

const rowOf = (place: number) => document.querySelector<HTMLElement>(`[data-entity="m${place}"]`)!;
const isWhole = (place: number) => rowOf(place).querySelector('button') !== null;

it('draws only what is near the view, and says all of it', async () => {
  const page = table(N);
  expect(screen.getAllByTestId('milestone-row')).toHaveLength(N);
  // The table is all there for whoever hears it or looks for a word.
  expect(rowOf(150)).toHaveTextContent('Visit 150');
  expect(rowOf(150)).toHaveTextContent('2027-01-04');
  expect(page.querySelectorAll('tbody button').length).toBeLessThan(10);
  expect(page.querySelectorAll('*').length).toBeLessThan(N * 25);
  tell([rowOf(10), rowOf(11)], true);
  expect([isWhole(10), isWhole(11), isWhole(12)]).toEqual([true, true, false]);
  await tick();
  tell([rowOf(10)], false);
  expect([isWhole(10), isWhole(11)]).toEqual([false, true]);
});

it('keeps a row that is being worked in, and the place to which Tab comes back', () => {
  table(N);
  tell([rowOf(10), rowOf(11)], true);
  rowOf(10).querySelector<HTMLElement>('button')!.focus();
  tell([rowOf(10), rowOf(11)], false);
  expect([isWhole(10), isWhole(11)]).toEqual([true, false]);
  // Elsewhere meanwhile, Tab comes back to it.
  (document.activeElement as HTMLElement).blur();
  tell([rowOf(10)], false);
  expect(isWhole(10)).toBe(true);
});

it('goes by arrows into rows that were not drawn yet', async () => {
  table(N);
  const fold = (place: number) => rowOf(place).querySelector<HTMLElement>('button')!;
  fold(0).focus();
  expect(isWhole(1)).toBe(false);
  await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(document.activeElement).toBe(fold(3));
});

it('is drawn whole where somebody goes from elsewhere', () => {
  table(N);
  drawWhole(rowOf(120));
  expect(isWhole(120)).toBe(true);
});

it('is there whole when it is short', () => {
  table(12);
  expect(watched.size).toBe(0);
  expect([isWhole(1), isWhole(11)]).toEqual([true, true]);
});
