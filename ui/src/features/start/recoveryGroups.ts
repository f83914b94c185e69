// Groups of a recovery code, compared as forgivingly as they are read.

/** The groups of a code. */
export function groupsOf(code: string): string[] {
  return code.split(/[\s-]+/).filter(Boolean);
}

/** A group to be asked for, not always the same one. */
export function pickGroup(n: number, random = Math.random): number {
  return Math.min(n - 1, Math.floor(random() * n));
}

// Letters that Crockford's base 32 reads as digits.
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s-]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0');

/** Whether what was typed is the group. */
export function fitsGroup(group: string, typed: string): boolean {
  return group !== '' && plain(group) === plain(typed);
}
