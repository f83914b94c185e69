// Form sets as values: names, keys, steps that a person takes in a list.
import type { Bilingual, FormSet, FormSetRow } from '../../platform/contract.gen';

/** A set's key and version, as it is named where one set was made from another. */
export const labelOf = (set: FormSet): string => `${set.key} ${set.version}`;

/** The name that a copy begins with. */
export function draftName(name: Bilingual): Bilingual {
  return { zh: `${name.zh}（副本）`, en: `${name.en} (copy)` };
}

/** A key that none of the others has. */
export function freeKey(stem: string, taken: Iterable<string>): string {
  const known = new Set(taken);
  let n = 1;
  while (known.has(`${stem}${n}`)) n += 1;
  return `${stem}${n}`;
}

/** Puts one of a list at another place. */
export function move<T>(list: T[], from: number, to: number): void {
  if (from === to || from < 0 || to < 0 || from >= list.length || to >= list.length) return;
  const [one] = list.splice(from, 1);
  if (one !== undefined) list.splice(to, 0, one);
}

/** The conditions of an item as alternatives in words; empty for always. */
export function whenOf(when: string[][], wordsOf: (path: string) => string): string[] {
  return when.map((all) => all.map(wordsOf).join(' + '));
}

/** The newest version of each set first, then its older ones. */
export function inOrder(rows: FormSetRow[]): FormSetRow[] {
  const keys = [...new Set(rows.map((row) => row.set.key))];
  return keys.flatMap((key) => {
    const own = rows.filter((row) => row.set.key === key).reverse();
    return [...own.filter((row) => row.newest), ...own.filter((row) => !row.newest)];
  });
}
