import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HostFailure, usePlatform } from '../../platform';
import { toasts } from '../../state/toasts.svelte';
import type { WordPreview } from '../versions/types';
import { wordImport } from './wordImport.svelte';
import { planOf } from './wordPlan';

const preview: WordPreview = {
  preview: 7,
  lang: 'en',
  sections: [
    { at: 0, number: '', title: '', level: 1, by: 'start', blocks: 2, section: null },
    { at: 1, number: '1', title: 'Design', level: 1, by: 'style', blocks: 5, section: 'known' },
    { at: 2, number: '2', title: 'Notes', level: 1, by: 'bold', blocks: 3, section: null },
  ],
  unsure: [
    { at: 10, block: 'b1', was: 'a', now: 'b', score: 0.8 },
    { at: 11, block: 'b2', was: 'a', now: 'b', score: 0.2 },
  ],
  gone: [{ block: 'g1', section: null, text: 'gone' }],
  counts: {
    new: 1,
    changed: 1,
    same: 1,
    moved: 0,
    unsure: 2,
    gone: 1,
    suggestions: 0,
    comments: 0,
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
    expect({ ...wordImport.same }).toEqual({ 10: true, 11: false });
    expect(wordImport.blocks).toBe(10);
  });

  it('comes in as chosen', async () => {
    await wordImport.read('s', 'a.docx');
    wordImport.sections[2] = 'skip';
    wordImport.same[11] = true;
    wordImport.kept.g1 = true;
    expect(planOf(preview, wordImport.sections)).toEqual({ blocks: 7, sections: 1, skipped: 1 });
    answer = () => ({ blocks: 7, sections: 2, suggestions: 0, archived: 0, warnings: [] });
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
        { at: 11, same: true },
      ],
      archiveGone: true,
      keepGone: ['g1'],
    });
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
