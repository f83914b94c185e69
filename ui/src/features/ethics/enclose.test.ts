import { expect, it } from 'vitest';
import { titleOf } from './enclose';

it('calls a document by its file', () => {
  expect(titleOf('/home/li/简历 V2.1.pdf')).toBe('简历 V2.1');
  expect(titleOf('C:\\materials\\consent.docx')).toBe('consent');
  expect(titleOf('/a/b/readme')).toBe('readme');
});
