// The declarations of crates/model, read from its own tables.
import center from '../../crates/model/data/center.json';
import codes from '../../crates/model/data/codes.tsv?raw';
import fields from '../../crates/model/data/fields.tsv?raw';
import templates from '../../crates/model/data/templates.json';
import type { Input, Reference, Template } from '../src/platform/contract.gen';

const rows = (text: string) =>
  text.split('\n').filter((line) => line.trim() && !line.startsWith('#')).slice(1).map((line) => line.split('\t'));

export const reference: Reference = {
  fields: rows(fields).map(([kind, name, input, bilingual, hidden, group, list, zh, en]) => ({
    kind: kind!, name: name!, input: input as Input, bilingual: bilingual === 'y', hidden: hidden === 'y', group: group!,
    codes: list === '-' ? '' : list!, zh: zh!, en: en!,
  })),
  codes: rows(codes).map(([list, code, zh, en]) => ({ list: list!, code: code!, zh: zh!, en: en! })),
  center,
  templates: templates as unknown as Template[],
};
