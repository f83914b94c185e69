import { EditorState, TextSelection, type Command } from 'prosemirror-state';
import { history, undo, redo } from 'prosemirror-history';
import { describe, expect, it } from 'vitest';
import type { ProtocolChange, StudyDoc } from '../../../../platform/contract.gen';
import { openText } from './base';
import { afterSave, changesOf, isMoved, typedIn } from './changes';
import { backspace, enter, indent, moveBlock, setKind } from './commands';
import { guard } from './guard';
import { insertNote } from './insertParts';
import { deleteSelected, findPart } from './places';
import { nodes } from './schema';
import { addColumn, addRow, deleteColumn, insertTable } from './table';
import { held, study } from './testDoc';

function start(doc: StudyDoc) {
  const { doc: text, base } = openText(doc, 'zh');
  const plugins = [guard(() => 'zh'), history({ newGroupDelay: 0 })];
  let state = EditorState.create({ doc: text, plugins });
  let ground = base;
  const self = {
    get state() {
      return state;
    },
    run(command: Command) {
      command(state, (tr) => (state = state.apply(tr)));
      return self;
    },
    at(id: string, offset: number) {
      const found = findPart(state.doc, id)!;
      const pos = found.pos + 1 + offset;
      state = state.apply(state.tr.setSelection(TextSelection.create(state.doc, pos)));
      return self;
    },
    select(from: string, start: number, to: string, end: number) {
      const [a, b] = [findPart(state.doc, from)!.pos, findPart(state.doc, to)!.pos];
      const selection = TextSelection.create(state.doc, a + 1 + start, b + 1 + end);
      state = state.apply(state.tr.setSelection(selection));
      return self;
    },
    type(text: string) {
      state = state.apply(state.tr.insertText(text));
      return self;
    },
    erase() {
      state = state.apply(deleteSelected(state));
      return self;
    },
    changes: () => changesOf(ground, state.doc, 'zh'),
    save() {
      const changes = self.changes();
      const registers = changes.flatMap((change) =>
        change.do === 'set'
          ? [{ entity: change.entity, field: change.field, register: held(change.value) }]
          : change.do === 'add'
            ? Object.entries(change.fields).map(([field, value]) => ({
                entity: change.id,
                field,
                register: held(value),
              }))
            : [],
      );
      ground = afterSave(ground, state.doc, changes, registers, 'zh');
      return changes;
    },
    get base() {
      return ground;
    },
  };
  return self;
}

const two = () =>
  study({
    s1: {
      b1: { 'text.zh': '甲乙丙丁', 'text.en': 'one two' },
      b2: { 'text.zh': '戊己', 'text.en': 'three' },
    },
    s2: { b3: { 'text.zh': '庚' } },
  });

const what = (changes: ProtocolChange[]) => changes.map((change) => change.do);

describe('what has to be saved', () => {
  it('is nothing while nothing was done', () => {
    expect(start(two()).changes()).toEqual([]);
  });

  it('names the operations that were on screen', () => {
    const doc = two();
    const b1 = doc.entities.find((part) => part.id === 'b1')!;
    const changes = start(doc).at('b1', 4).type('！').changes();
    expect(changes).toEqual([
      {
        do: 'set',
        entity: 'b1',
        field: 'text.zh',
        value: '甲乙丙丁！',
        seen: [b1.fields['text.zh']!.heads[0]!.op],
      },
    ]);
  });

  it('replaces, of rivals, only the one on screen', () => {
    const doc = two();
    const b1 = doc.entities.find((part) => part.id === 'b1')!;
    b1.fields['text.zh'] = held('甲', '乙');
    const changes = start(doc).at('b1', 1).type('！').changes();
    expect(changes).toMatchObject([{ value: '甲！', seen: [b1.fields['text.zh'].heads[0]!.op] }]);
  });

  it('of a split is a new block behind, with its origin', () => {
    const changes = start(two()).at('b1', 2).run(enter).changes();
    expect(changes).toMatchObject([
      {
        do: 'add',
        parent: 's1',
        after: 'b1',
        fields: { type: 'paragraph', 'text.zh': '丙丁', origin: { $ref: 'b1' } },
      },
      { do: 'set', entity: 'b1', field: 'text.zh', value: '甲乙' },
    ]);
  });

  it('of Enter at an end is an empty block without origin, at the start one before', () => {
    const end = start(two()).at('b1', 4).run(enter).changes();
    expect(end).toMatchObject([{ do: 'add', after: 'b1', fields: { type: 'paragraph' } }]);
    expect(end[0]).not.toHaveProperty('fields.origin');
    const front = start(two()).at('b1', 0).run(enter).changes();
    expect(front).toMatchObject([{ do: 'add', parent: 's1', after: null }]);
  });

  it('of a merge is the surviving block with both languages, the other one archived', () => {
    const changes = start(two())
      .at('b2', 0)
      .run(backspace(() => 'zh'))
      .changes();
    expect(changes).toMatchObject([
      { do: 'set', entity: 'b1', field: 'merged', value: { list: ['b2'] } },
      { do: 'set', entity: 'b1', field: 'text.zh', value: '甲乙丙丁戊己' },
      { do: 'set', entity: 'b1', field: 'text.en', value: 'one two three' },
      { do: 'archive', entity: 'b2' },
    ]);
  });

  it('of deleting over two blocks is a merge too', () => {
    const changes = start(two()).select('b1', 2, 'b2', 1).erase().changes();
    expect(changes).toMatchObject([
      { entity: 'b1', field: 'merged', value: { list: ['b2'] } },
      { entity: 'b1', field: 'text.zh', value: '甲乙己' },
      { entity: 'b1', field: 'text.en', value: 'one two three' },
      { do: 'archive', entity: 'b2' },
    ]);
  });

  it('of deleting whole blocks is archiving them, with an empty one in their place', () => {
    const changes = start(two()).select('b1', 0, 'b2', 2).erase().changes();
    expect(what(changes)).toEqual(['add', 'archive', 'archive']);
    expect(changes[0]).toMatchObject({ parent: 's1', after: null });
  });

  it('of deleting over sections leaves the sections', () => {
    const editor = start(two()).select('b1', 1, 'b3', 1).erase();
    expect(editor.state.doc.childCount).toBe(2);
    expect(what(editor.changes()).sort()).toEqual(['archive', 'set', 'set']);
  });

  it('of moving is one move, over the border of a section too', () => {
    const within = start(two()).at('b2', 0).run(moveBlock(-1)).changes();
    expect(within).toHaveLength(1);
    expect(within[0]).toMatchObject({ do: 'move', parent: null });
    const over = start(two()).at('b2', 0).run(moveBlock(1)).changes();
    expect(over).toEqual([{ do: 'move', entity: 'b2', parent: 's2', after: null }]);
  });

  it('after a save is nothing, and undo is a change again', () => {
    const editor = start(two())
      .at('b2', 0)
      .run(backspace(() => 'zh'));
    editor.save();
    expect(editor.changes()).toEqual([]);
    editor.run(undo);
    expect(what(editor.changes())).toEqual(['restore', 'move', 'set', 'set', 'set']);
    editor.save();
    editor.run(redo);
    expect(what(editor.save())).toEqual(['set', 'set', 'set', 'archive']);
  });

  it('tells typing, which waits, from moving, which does not', () => {
    const typed = start(two()).at('b1', 0).type('字');
    expect(isMoved(typed.base, typed.state.doc)).toBe(false);
    expect([...typedIn(typed.base, typed.state.doc, 'zh')]).toEqual([
      ['b1', { 'text.zh': '字甲乙丙丁' }],
    ]);
    const split = start(two()).at('b1', 1).run(enter);
    expect(isMoved(split.base, split.state.doc)).toBe(true);
  });

  it('of kinds and levels is their registers', () => {
    const editor = start(two())
      .at('b1', 0)
      .run(setKind(nodes.item!, { list: 'number' }));
    editor.run(indent);
    expect(editor.changes()).toMatchObject([
      { field: 'type', value: 'item' },
      { field: 'level', value: 1 },
      { field: 'list', value: 'number' },
    ]);
  });

  it('puts a note behind its block, and takes it away with its reference', () => {
    const editor = start(two()).at('b1', 2).run(insertNote).type('注');
    expect(editor.save()).toMatchObject([
      { do: 'add', after: 'b1', fields: { type: 'note', 'text.zh': '注' } },
      { entity: 'b1', field: 'text.zh', value: { text: '甲乙丙丁', marks: [[2, 2, 'fn']] } },
    ]);
    const { pos } = findPart(editor.state.doc, 'b1')!;
    editor.run((state, dispatch) => {
      dispatch?.(state.tr.delete(pos + 3, pos + 4));
      return true;
    });
    expect(what(editor.changes())).toEqual(['set', 'archive']);
  });
});

describe('tables', () => {
  const table = () =>
    study({
      s1: {
        r1: {
          type: 'row',
          table: 't',
          layout: '{"head":true,"span":[1,2]}',
          'text.zh': '访视\t天',
          'text.en': 'Visit\tDay',
        },
        r2: { type: 'row', table: 't', 'text.zh': 'V1\t1\t2', 'text.en': 'V1\t1\t2' },
        b: { 'text.zh': '后' },
      },
    });

  it('are rows that stand together; reading them changes nothing', () => {
    const editor = start(table());
    expect(editor.state.doc.firstChild!.child(1).type.name).toBe('table');
    expect(editor.changes()).toEqual([]);
  });

  it('get a column in every row and both languages, through merged cells', () => {
    const editor = start(table()).at('r2', 5).run(addColumn(1));
    const sets = editor.changes().filter((change) => change.do === 'set');
    expect(sets).toMatchObject([
      { entity: 'r1', field: 'layout', value: '{"span":[1,3],"head":true}' },
      { entity: 'r2', field: 'layout', value: '{"span":[1,1,1,1]}' },
      { entity: 'r2', field: 'text.zh', value: 'V1\t1\t\t2' },
      { entity: 'r2', field: 'text.en', value: 'V1\t1\t\t2' },
    ]);
  });

  it('lose a column and gain a row', () => {
    const editor = start(table()).at('r2', 1).run(deleteColumn);
    expect(editor.changes()).toContainEqual(
      expect.objectContaining({ entity: 'r1', field: 'text.zh', value: '天' }),
    );
    const more = start(table()).at('r2', 1).run(addRow(1)).changes();
    expect(more).toMatchObject([
      { do: 'add', after: 'r2', fields: { type: 'row', table: 't', layout: '{"span":[1,1,1]}' } },
    ]);
  });

  it('are made where the caret is', () => {
    const changes = start(table()).at('b', 1).run(insertTable).changes();
    expect(what(changes)).toEqual(['add', 'add', 'add']);
    expect(changes[0]).toMatchObject({ after: 'b', fields: { type: 'row' } });
  });
});
