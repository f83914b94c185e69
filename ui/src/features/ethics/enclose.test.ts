import { describe, expect, it } from 'vitest';
import type { SubmissionItem } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { encloseAll, titleOf } from './enclose';

it('calls a document by its file', () => {
  expect(titleOf('/home/li/简历 V2.1.pdf')).toBe('简历 V2.1');
  expect(titleOf('C:\\materials\\consent.docx')).toBe('consent');
  expect(titleOf('/a/b/readme')).toBe('readme');
});

describe('a file put to an item', () => {
  const item = (more: Partial<SubmissionItem>) =>
    ({
      key: 'consent',
      name: { zh: '知情同意书', en: 'Consent form' },
      kinds: ['consent'],
      documents: [],
      enclosures: [],
      ...more,
    }) as unknown as SubmissionItem;
  async function put(one: SubmissionItem, entities: unknown[] = []) {
    usePlatform({ call: () => Promise.resolve({}) } as never);
    const added: [string, unknown, Record<string, unknown>][] = [];
    const session = {
      id: 'study',
      doc: { entities },
      load: () => Promise.resolve(),
      add: (...what: (typeof added)[number]) => {
        added.push(what);
        return Promise.resolve(`new${added.length}`);
      },
    };
    const at = { submission: 'submission', site: 'site' };
    expect(await encloseAll(session as never, at, one, ['/a/同意书.pdf'])).toBe(1);
    return added.map(([kind, parent, fields]) => [kind, parent, fields.document ?? fields.kind]);
  }

  it('belongs to that hospital alone', async () => {
    expect(await put(item({}))).toEqual([['document', 'site', 'consent']]);
  });

  it('stands beside what the study has, and beside what is named already', async () => {
    expect(await put(item({ documents: ['shared'] }))).toEqual([
      ['document', 'site', 'consent'],
      ['enclosure', 'submission', { $ref: 'shared' }],
      ['enclosure', 'submission', { $ref: 'new1' }],
    ]);
    const named = { id: 'e', fields: { document: { heads: [{ value: { $ref: 'shared' } }] } } };
    const more = { documents: ['shared'], enclosures: ['e'] };
    expect(await put(item(more), [named])).toEqual([
      ['document', 'site', 'consent'],
      ['enclosure', 'submission', { $ref: 'new1' }],
    ]);
    // Further material answers nothing by itself.
    expect(await put(item({ kinds: ['other'], ask: true }))).toEqual([
      ['document', 'site', 'other'],
      ['enclosure', 'submission', { $ref: 'new1' }],
    ]);
    expect(await put(item({ kinds: [] }))).toEqual([
      ['document', 'site', 'other'],
      ['enclosure', 'submission', { $ref: 'new1' }],
    ]);
  });
});
