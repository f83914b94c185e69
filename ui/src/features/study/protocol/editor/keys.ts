// Keys of the editor, and what typing turns into lists and headings.
import { toggleMark } from 'prosemirror-commands';
import { redo, redoDepth, undo, undoDepth } from 'prosemirror-history';
import { InputRule, inputRules } from 'prosemirror-inputrules';
import { keydownHandler } from 'prosemirror-keymap';
import type { NodeType } from 'prosemirror-model';
import { Plugin, type Command, type EditorState } from 'prosemirror-state';
import type { Lang } from '../../../../platform/contract.gen';
import {
  backspace,
  deleteForward,
  enter,
  indent,
  lineBreak,
  moveBlock,
  outdent,
  selectMore,
  setKind,
} from './commands';
import { blockAt, deleteSelected, readCaret, spansBlocks } from './places';
import { marks, nodes, schema } from './schema';
import { cellUpDown, nextCell } from './table';

export interface KeyDoors {
  lang: () => Lang;
  save: () => void;
  /** The desk's own undo, where the editor has nothing to take back. */
  step: (way: 'undo' | 'redo') => void;
  history: () => void;
  link: () => void;
  note: () => void;
  toolbar: () => void;
  language: () => void;
  leave: () => void;
}

const first =
  (...commands: Command[]): Command =>
  (state, dispatch, view) =>
    commands.some((command) => command(state, dispatch, view));

const run =
  (fn: () => void): Command =>
  (_, dispatch) => {
    if (dispatch) fn();
    return true;
  };

const hasSteps = (state: EditorState) => undoDepth(state) > 0 || redoDepth(state) > 0;

/** Undo of the editor; the desk's only when this text has no history of its own. */
const stepBack =
  (way: 'undo' | 'redo', doors: KeyDoors): Command =>
  (state, dispatch, view) => {
    if (hasSteps(state)) (way === 'undo' ? undo : redo)(state, dispatch, view);
    else if (dispatch) doors.step(way);
    return true;
  };

/** A mark, but in no title. */
export const mark =
  (name: 'b' | 'i' | 'u' | 's' | 'sub' | 'sup'): Command =>
  (state, dispatch) =>
    toggleMark(marks[name]!)(state, dispatch) || true;

function bindings(doors: KeyDoors): Record<string, Command> {
  return {
    Enter: enter,
    'Shift-Enter': lineBreak,
    Backspace: backspace(doors.lang),
    'Mod-Backspace': backspace(doors.lang),
    Delete: deleteForward(doors.lang),
    'Mod-Delete': deleteForward(doors.lang),
    Tab: first(nextCell(1), indent),
    'Shift-Tab': first(nextCell(-1), outdent),
    ArrowUp: cellUpDown(-1),
    ArrowDown: cellUpDown(1),
    'Mod-Alt-ArrowUp': moveBlock(-1),
    'Mod-Alt-ArrowDown': moveBlock(1),
    'Mod-b': mark('b'),
    'Mod-i': mark('i'),
    'Mod-u': mark('u'),
    'Mod-a': selectMore,
    'Mod-z': stepBack('undo', doors),
    'Shift-Mod-z': stepBack('redo', doors),
    'Mod-y': stepBack('redo', doors),
    'Mod-s': run(doors.save),
    'Mod-Shift-k': run(doors.link),
    'Mod-Shift-f': run(doors.note),
    'Mod-Shift-l': run(doors.language),
    'Mod-Alt-0': setKind(nodes.paragraph!),
    'Mod-Alt-1': setKind(nodes.heading!),
    'Mod-Shift-8': setKind(nodes.item!, { list: 'bullet' }),
    'Mod-Shift-7': setKind(nodes.item!, { list: 'number' }),
    'Alt-h': run(doors.history),
    'Alt-F10': run(doors.toolbar),
    Escape: run(doors.leave),
  };
}

/** The keys; none of them means anything while an input method composes. */
export function keys(doors: KeyDoors): Plugin {
  const handle = keydownHandler(bindings(doors));
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        if (event.isComposing || event.keyCode === 229 || view.composing) return false;
        if (event.key.length > 1 || event.ctrlKey || event.metaKey || event.altKey) readCaret(view);
        return handle(view, event);
      },
      handleTextInput(view, _from, _to, text) {
        if (!spansBlocks(view.state.selection)) return false;
        view.dispatch(deleteSelected(view.state).insertText(text).scrollIntoView());
        return true;
      },
      handleDOMEvents: {
        // What an input method writes over a selection must not take borders away.
        compositionstart(view) {
          if (spansBlocks(view.state.selection)) view.dispatch(deleteSelected(view.state));
          return false;
        },
      },
    },
  });
}

/** At the beginning of a paragraph: `- `, `1. `, `# `. */
export function rules(): Plugin {
  const rule = (pattern: RegExp, type: NodeType, more: Record<string, unknown> = {}) =>
    new InputRule(pattern, (state, _match, start, end) => {
      const block = blockAt(state.selection.$from);
      if (block?.node.type !== schema.nodes.paragraph) return null;
      const { id, other, origin, merged } = block.node.attrs;
      return state.tr
        .delete(start, end)
        .setNodeMarkup(block.pos, type, { id, other, origin, merged, ...more });
    });
  return inputRules({
    rules: [
      rule(/^[-*•]\s$/, nodes.item!, { list: 'bullet' }),
      rule(/^1[.、．]\s$/, nodes.item!, { list: 'number' }),
      rule(/^#{1,3}\s$/, nodes.heading!),
    ],
  });
}
