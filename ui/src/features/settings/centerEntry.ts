// What is typed in order to connect: an address, and a code in groups.

/** Characters of a whole code. */
export const CODE_LENGTH = 30;

/** Characters of a code, as far as it is typed; blanks and dashes do not count. */
export function codeLength(typed: string): number {
  return typed.normalize('NFKC').replace(/[\s\p{Pd}]/gu, '').length;
}

/** The address as the host takes it: encrypted unless something else was said, without blanks. */
export function readAddress(typed: string): string {
  const text = typed.normalize('NFKC').replace(/\s/g, '').replace(/。/g, '.');
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
}
