import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WordPreview, WordSection } from '../../platform/contract.gen';
import { HostFailure, usePlatform } from '../../platform';
import { toasts } from '../../state/toasts.svelte';
import { wordImport } from './wordImport.svelte';

const section = (at: number, blocks: number, known: string | null = null): WordSection => ({
  at,
  number: '1',
  title: 'Design',
  level: 1,
  by: 'style',
  blocks,
  section: known,
  score: 1,
});
const COUNTS = {
  new: 4,
  changed: 2,
  same: 0,
  moved: 0,
  unsure: 2,
  gone: 1,
  suggestions: 0,
  comments: 0,
};
const preview: WordPreview = {
  preview: 7,
  file: '方案 V2.docx',
  plan: {
    lang: 'en',
    sections: [section(0, 1), section(1, 3, 'known'), section(2, 2)],
    unsure: [
      { at: 10, block: 'b1', was: 'a', now: 'b', score: 0.5 },
      { at: 11, block: 'b2', was: 'a', now: 'b', score: 0.4 },
    ],
    gone: [{ block: 'g1', section: 'known', text: 'gone' }],
    counts: COUNTS,
    since: null,
    warning: null,
  },
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
    expect(wordImport.blocks).toBe(6);
  });

  it('comes in as chosen', async () => {
    await wordImport.read('s', 'a.docx');
    wordImport.sections[2] = 'skip';
    wordImport.fresh[11] = true;
    wordImport.kept.g1 = true;
    expect(wordImport.blocks).toBe(4);
    answer = () => ({ counts: COUNTS, conflicts: 0, notCarried: [], warnings: [] });
    await wordImport.run();
    expect(wordImport.stage).toBe('done');
    expect(calls.at(-1)?.payload.choices).toEqual({
      lang: 'en',
      sections: [
        { at: 0, to: 'new', section: null },
        { at: 1, to: 'existing', section: 'known' },
        { at: 2, to: 'skip', section: null },
      ],
      unsure: [
        { at: 10, same: true },
        { at: 11, same: false },
      ],
      archiveGone: true,
      keepGone: ['g1'],
    });
  });

  it('in another language is matched anew, without choices made for the first', async () => {
    await wordImport.read('s', 'a.docx');
    wordImport.fresh[11] = true;
    wordImport.kept.g1 = true;
    const plan = { ...preview.plan, lang: 'zh', unsure: [], gone: [] };
    answer = (command) => (command === 'word.plan' ? { ...preview, plan } : preview);
    await wordImport.chooseLang('zh');
    expect(calls.at(-1)).toMatchObject({
      command: 'word.plan',
      payload: { study: 's', preview: preview.preview, lang: 'zh' },
    });
    // What is unsure or gone in that language is shown before anything is written.
    expect(wordImport.plan?.gone).toEqual([]);
    await wordImport.run();
    expect(calls.at(-1)?.payload.choices).toMatchObject({ lang: 'zh', unsure: [], keepGone: [] });
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
