import { describe, expect, it } from 'vitest';
import { charsetsWith } from './tableImport';

describe('the letters of a file', () => {
  it.each([
    ['gb18030', ['gb18030', 'UTF-8', 'Big5']],
    ['windows-1252', ['windows-1252', 'UTF-8', 'GB18030', 'Big5']],
  ])('read as %s stand in the list once', (found, all) => {
    expect(charsetsWith(found)).toEqual(all);
  });
});
