import { describe, expect, it } from 'vitest';
import { placeAfter } from '../../lib/keys';
import type { ConflictRow } from '../../platform/contract.gen';
import { groupsOf, keyOf, neighbour } from './conflictGroups';

const row = (study: string, entity: string, field: string): ConflictRow => ({
  study,
  title: `Study ${study}`,
  entity,
  kind: 'site',
  entityName: { zh: '', en: '' },
  place: { zh: '', en: '' },
  field,
  path: '',
  heads: [],
});
const rows = [row('a', '1', 'x'), row('b', '2', 'x'), row('a', '1', 'y')];

describe('conflicts', () => {
  it('stand together by study', () => {
    expect(
      groupsOf(rows).map((group) => [group.title, group.rows.map((entry) => entry.field)]),
    ).toEqual([
      ['Study a', ['x', 'y']],
      ['Study b', ['x']],
    ]);
  });

  it('lead to the next one when one is settled, and back at the end', () => {
    const keys = rows.map(keyOf);
    expect(new Set(keys).size).toBe(3);
    expect(neighbour(keys, keys[0]!)).toBe(keys[1]);
    expect(neighbour(keys, keys[2]!)).toBe(keys[1]);
    expect(neighbour([keys[0]!], keys[0]!)).toBeUndefined();
  });

  it('are walked through by arrows and by j and k, within bounds', () => {
    expect(placeAfter('j', 0, 3)).toBe(1);
    expect(placeAfter('ArrowUp', 0, 3)).toBe(0);
    expect(placeAfter('k', 2, 3)).toBe(1);
    expect(placeAfter('End', 0, 3)).toBe(2);
    expect(placeAfter('j', -1, 3)).toBe(0);
    expect(placeAfter('x', 0, 3)).toBeNull();
    expect(placeAfter('j', 0, 0)).toBeNull();
  });
});
