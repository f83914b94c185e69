// Copy, cut and paste as the editor does them.
import { Plugin } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { nodes } from '../schema';
import { eachPart, idOf } from '../base';
import { newId } from '../ids';
import { deleteSelected, readCaret } from '../places';
import { toHtml, toPlain } from './copy';
import { insertBlocks, toNodes } from './insert';
import { pastedText, type Clip } from './pasted';
import { IMAGE_BYTES_MAX, readHtml, readText } from './readHtml';

export interface ClipboardDoors {
  /** Says how many pictures could not come along. */
  lost: (n: number) => void;
}

/** Reads a picture's file; null when it is too large or no picture. */
export async function readPicture(file: File): Promise<string | null> {
  if (!/^image\/(png|jpeg|gif|webp|svg\+xml)$/.test(file.type) || file.size > IMAGE_BYTES_MAX)
    return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return JSON.stringify({ mime: file.type, data: btoa(binary) });
}

/** Puts pictures into the text at the caret. */
export async function insertPictures(
  view: EditorView,
  files: File[],
  doors: ClipboardDoors,
): Promise<void> {
  let n_lost = 0;
  for (const file of files) {
    const image = await readPicture(file);
    if (!image) {
      n_lost += 1;
      continue;
    }
    const figure = nodes.figure!.create({ id: newId(), image });
    view.dispatch(insertBlocks(view.state, [figure], new Set()));
  }
  if (n_lost > 0) doors.lost(n_lost);
}

export function clipboard(doors: ClipboardDoors): Plugin {
  /** Names the cut whose blocks may come back under their own ids, once. */
  let cut = '';
  let cutting = '';
  let isPlain = false;

  function insert(view: EditorView, clip: Clip): void {
    const here = new Set<string>();
    eachPart(view.state.doc, (node) => void here.add(idOf(node)));
    const isMove = clip.cut !== '' && clip.cut === cut;
    if (isMove) cut = '';
    const blocks = toNodes(clip, isMove, (id) => here.has(id));
    const kept = new Set<string>();
    for (const block of clip.blocks) {
      const rows = block.kind === 'table' ? block.rows : [block];
      for (const { own } of rows) if (isMove && own && !here.has(own.id)) kept.add(own.id);
    }
    view.dispatch(insertBlocks(view.state, blocks, kept).setMeta('paste', true).scrollIntoView());
    if (clip.n_lost > 0) doors.lost(clip.n_lost);
  }

  return new Plugin({
    props: {
      handleDOMEvents: {
        cut(view, event) {
          readCaret(view);
          const data = event.clipboardData;
          if (!data || view.state.selection.empty) return true;
          cut = cutting = newId();
          const { dom, text } = view.serializeForClipboard(view.state.selection.content());
          cutting = '';
          data.clearData();
          data.setData('text/html', dom.innerHTML);
          data.setData('text/plain', text);
          event.preventDefault();
          view.dispatch(deleteSelected(view.state).scrollIntoView());
          return true;
        },
        keydown: (_, event) => {
          isPlain = event.shiftKey && event.key.toLowerCase() === 'v';
          return false;
        },
      },
      clipboardSerializer: {
        serializeFragment: (
          content: Parameters<typeof toHtml>[0],
          options?: { document?: Document },
        ) => toHtml(content, options?.document ?? document, cutting),
      } as never,
      clipboardTextSerializer: toPlain,
      // The editor's own reading of the HTML is not wanted; ours follows below.
      transformPastedHTML: () => '',
      handlePaste(view, event) {
        const data = event.clipboardData;
        if (!data) return false;
        readCaret(view);
        const html = isPlain ? '' : data.getData('text/html');
        const text = data.getData('text/plain');
        const files = Array.from(data.files).filter((file) => file.type.startsWith('image/'));
        if (html) {
          const clip = readHtml(html);
          if (clip.blocks.length > 0) {
            insert(view, clip);
            return true;
          }
        }
        if (text) insert(view, isOneLine(text) ? oneLine(text) : readText(text));
        else if (files.length > 0) void insertPictures(view, files, doors);
        return true;
      },
      // Blocks are moved with the handle; the browser's own dragging would copy them half.
      handleDrop: () => true,
    },
  });
}

const isOneLine = (text: string) => !/[\r\n]/.test(text.trimEnd());
const oneLine = (text: string): Clip => ({
  blocks: [pastedText('paragraph', { text: text.replace(/[\r\n]+$/, ''), marks: [] })],
  n_lost: 0,
  cut: '',
});
