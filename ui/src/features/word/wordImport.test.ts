import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFailure, usePlatform } from '../../platform';
import { toasts } from '../../state/toasts.svelte';
import type { WordBlock, WordCounts, WordPreview, WordSection } from '../versions/types';
import { wordImport } from './wordImport.svelte';
import { unsureOf } from './wordPlan';

const block = (part: Partial<WordBlock> = {}): WordBlock => ({
  kind: 'paragraph',
  text: 'b',
  known: null,
  knownText: '',
  found: 'new',
  percent: 0,
  unsure: false,
  same: false,
  moved: false,
  splitFrom: null,
  merged: [],
  suggestions: 0,
  ...part,
});
const section = (known: string | null, blocks: WordBlock[]): WordSection => ({
  number: '1',
  title: 'Design',
  level: 1,
  by: 'style',
  known,
  knownTitle: '',
  found: known ? 'equal' : 'new',
  percent: 0,
  blocks,
});
const similar = block({ known: 'b1', knownText: 'a', found: 'similar', percent: 40, unsure: true });
const COUNTS: WordCounts = {
  sections: 3,
  newSections: 2,
  blocks: 6,
  same: 0,
  changed: 2,
  new: 4,
  moved: 0,
  unsure: 2,
  gone: 1,
  suggestions: 0,
};
const preview: WordPreview = {
  preview: 7,
  lang: 'en',
  sections: [
    section(null, [block()]),
    section('known', [block(), similar, similar]),
    section(null, [block(), block()]),
  ],
  gone: [{ block: 'g1', section: 'known', text: 'gone' }],
  counts: COUNTS,
  warnings: [],
  notCarried: [],
};

let calls: { command: string; payload: Record<string, unknown> }[] = [];
let answer: (command: string) => unknown = () => preview;

beforeEach(() => {
  calls = [];
  answer = () => preview;
  usePlatform({
    call(command, payload) {
      calls.push({ command, payload: payload as Record<string, unknown> });
      return Promise.resolve().then(() => answer(command)) as never;
    },
    listen: () => () => undefined,
  });
});
afterEach(() => {
  wordImport.reset();
  toasts.list = [];
});

describe('a Word file', () => {
  it('is shown before anything is written, with what fits chosen', async () => {
    await wordImport.read('s', '/home/li/方案 V2.docx');
    expect([wordImport.stage, wordImport.file, wordImport.lang]).toEqual([
      'preview',
      '方案 V2.docx',
      'en',
    ]);
    expect({ ...wordImport.sections }).toEqual({ 0: 'new', 1: 'known', 2: 'new' });
    expect(unsureOf(preview).map((one) => one.key)).toEqual(['1.1', '1.2']);
    expect(wordImport.blocks).toBe(6);
  });

  it('comes in as chosen', async () => {
    await wordImport.read('s', 'a.docx');
    wordImport.sections[2] = 'skip';
    wordImport.fresh['1.2'] = true;
    wordImport.kept.g1 = true;
    expect(wordImport.blocks).toBe(4);
    answer = () => ({ counts: COUNTS, conflicts: 0, notCarried: [], warnings: [] });
    await wordImport.run();
    expect(wordImport.stage).toBe('done');
    expect(calls.at(-1)?.payload.choices).toEqual({
      lang: 'en',
      sections: [
        { section: 0, to: { is: 'new' } },
        { section: 1, to: { is: 'known', id: 'known' } },
        { section: 2, to: { is: 'skip' } },
      ],
      blocks: [{ section: 1, block: 2, known: null }],
      keepGone: false,
      keep: ['g1'],
    });
  });

  it('in another language is matched anew, without choices made for the first', async () => {
    await wordImport.read('s', 'a.docx');
    wordImport.fresh['1.2'] = true;
    wordImport.kept.g1 = true;
    wordImport.lang = 'zh';
    await wordImport.run();
    expect(calls.at(-1)?.payload.choices).toMatchObject({ lang: 'zh', blocks: [], keep: [] });
  });

  it('that cannot be read says why and leaves nothing open', async () => {
    answer = () => {
      throw new HostFailure({ kind: 'invalid', code: 'ui.fail.invalid', params: {}, traceId: '' });
    };
    await wordImport.read('s', 'a.docx');
    expect(wordImport.stage).toBe('idle');
    expect(toasts.list).toHaveLength(1);
  });

  it('that is given up while it is read does not come up later', async () => {
    const reading = wordImport.read('s', 'a.docx');
    await wordImport.cancel();
    await reading;
    expect(wordImport.stage).toBe('idle');
  });
});
