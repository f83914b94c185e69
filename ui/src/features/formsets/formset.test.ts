import { expect, it } from 'vitest';
import type { FormSetRow } from '../../platform/contract.gen';
import { freeKey, inOrder, move, whenOf } from './formset';

it('gives a new part a key that none has', () => {
  expect(freeKey('item', [])).toBe('item1');
  expect(freeKey('item', ['item1', 'item3'])).toBe('item2');
});

it('moves within the list and nowhere else', () => {
  const list = ['a', 'b', 'c'];
  move(list, 0, 2);
  expect(list).toEqual(['b', 'c', 'a']);
  move(list, 0, 3);
  move(list, -1, 0);
  expect(list).toEqual(['b', 'c', 'a']);
});

it('says alternatives apart', () => {
  const words = (path: string) => path.toUpperCase();
  expect(whenOf([['a', 'b'], ['c']], words)).toEqual(['A + B', 'C']);
});

it('shows the newest version of a set first', () => {
  const row = (key: string, version: string, newest: boolean) =>
    ({ set: { key, version }, newest }) as FormSetRow;
  const rows = [row('a', '1', false), row('a', '2', true), row('b', '1', true)];
  expect(inOrder(rows).map((one) => one.set.key + one.set.version)).toEqual(['a2', 'a1', 'b1']);
});
