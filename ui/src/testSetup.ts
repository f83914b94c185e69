// What the test page lacks, and the declarations of crates/model for every test.
import '@testing-library/jest-dom/vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { day } from './lib/day.svelte';
import { useReference } from './lib/reference';
import type { Input, Reference, Template } from './platform/contract.gen';

const data = (name: string) =>
  readFileSync(join(import.meta.dirname, '../../crates/model/data', name), 'utf8');
const rows = (text: string) =>
  text
    .split('\n')
    .filter((line) => line.trim() && !line.startsWith('#'))
    .slice(1)
    .map((line) => line.split('\t') as string[]);

day.today = new Date().toISOString().slice(0, 10);

useReference({
  fields: rows(data('fields.tsv')).map(
    ([kind, name, input, bilingual, hidden, group, codes, zh, en]) => ({
      kind: kind!,
      name: name!,
      input: input as Input,
      bilingual: bilingual === 'y',
      hidden: hidden === 'y',
      group: group!,
      codes: codes === '-' ? '' : codes!,
      zh: zh!,
      en: en!,
    }),
  ),
  codes: rows(data('codes.tsv')).map(([list, code, zh, en]) => ({
    list: list!,
    code: code!,
    zh: zh!,
    en: en!,
  })),
  center: JSON.parse(data('center.json')) as Reference['center'],
  templates: JSON.parse(data('templates.json')) as Template[],
  roles: rows(data('roles.tsv')).map(
    ([code, leads, logged, credentials, verification, source]) => ({
      code: code!,
      leads: leads === 'y',
      logged: logged === 'y',
      credentials: credentials!.split('|').filter((kind) => kind !== '-'),
      verification: verification!,
      source: source!,
    }),
  ),
});

if (!HTMLDialogElement.prototype.showModal) {
  HTMLDialogElement.prototype.showModal = function showModal() {
    this.open = true;
  };
}
