import { EditorState } from 'prosemirror-state';
import { describe, expect, it } from 'vitest';
import type { StudyDoc } from '../../../../platform/contract.gen';
import { openText } from './base';
import { changesOf } from './changes';
import { takeIn } from './incoming';
import { findPart } from './places';
import { entity, held, study } from './testDoc';

const doc = () =>
  study({ s1: { b1: { 'text.zh': '甲乙' }, b2: { 'text.zh': '丙丁', 'text.en': 'x' } } });

function open(given: StudyDoc) {
  const { doc: text, base } = openText(given, 'zh');
  return { state: EditorState.create({ doc: text }), base };
}

function withField(given: StudyDoc, id: string, field: string, register = held('新')): StudyDoc {
  const entities = given.entities.map((part) =>
    part.id === id ? { ...part, fields: { ...part.fields, [field]: register } } : part,
  );
  return { ...given, entities };
}

const textOf = (state: EditorState, id: string) => findPart(state.doc, id)?.node.textContent;

function typeIn(state: EditorState, id: string, text: string) {
  return state.apply(state.tr.insertText(text, findPart(state.doc, id)!.pos + 1));
}

describe('what comes in', () => {
  it('replaces a text that nobody touches, in place', () => {
    const given = doc();
    const { state, base } = open(given);
    const came = takeIn(state, base, withField(given, 'b1', 'text.zh', held('甲X乙')), 'zh');
    expect(came.tr!.steps).toHaveLength(1);
    const next = state.apply(came.tr!);
    expect(textOf(next, 'b1')).toBe('甲X乙');
    expect(changesOf(came.base, next.doc, 'zh')).toEqual([]);
  });

  it('leaves a text in which somebody writes, and its form token', () => {
    const given = doc();
    const opened = open(given);
    const state = typeIn(opened.state, 'b1', '我');
    const old = given.entities.find((part) => part.id === 'b1')!.fields['text.zh']!.heads[0]!.op;
    const came = takeIn(state, opened.base, withField(given, 'b1', 'text.zh'), 'zh');
    expect(came.tr).toBeNull();
    expect(changesOf(came.base, state.doc, 'zh')).toMatchObject([
      { entity: 'b1', value: '我甲乙', seen: [old] },
    ]);
  });

  it('takes the other language’s text while this one’s is being written', () => {
    const given = doc();
    const opened = open(given);
    const state = typeIn(opened.state, 'b2', '我');
    const came = takeIn(state, opened.base, withField(given, 'b2', 'text.en', held('y')), 'zh');
    const next = state.apply(came.tr!);
    expect(findPart(next.doc, 'b2')!.node.attrs.other).toBe('y');
    expect(textOf(next, 'b2')).toBe('我丙丁');
    expect(changesOf(came.base, next.doc, 'zh')).toHaveLength(1);
  });

  it('keeps, of rivals, the one on screen', () => {
    const given = doc();
    const { state, base } = open(given);
    const rivals = held('别人的', '甲乙');
    const came = takeIn(state, base, withField(given, 'b1', 'text.zh', rivals), 'zh');
    expect(came.tr).toBeNull();
    expect(came.base.held.get('b1')!.seen['text.zh']).toEqual([rivals.heads[1]!.op]);
  });

  it('brings new and archived blocks, but never takes one in which somebody writes', () => {
    const given = doc();
    const opened = open(given);
    const state = typeIn(opened.state, 'b1', '我');
    const entities = given.entities.map((part) =>
      part.kind === 'block' ? { ...part, mark: 'archived' as const } : part,
    );
    entities.push(entity('b9', 'block', 's1', { type: 'paragraph', 'text.zh': '新来' }));
    const came = takeIn(state, opened.base, { ...given, entities }, 'zh');
    const next = state.apply(came.tr!);
    expect(textOf(next, 'b1')).toBe('我甲乙');
    expect(textOf(next, 'b2')).toBeUndefined();
    expect(textOf(next, 'b9')).toBe('新来');
    expect(changesOf(came.base, next.doc, 'zh')).toMatchObject([{ do: 'set', entity: 'b1' }]);
  });
});
