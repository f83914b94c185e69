// What can be done to the section at the caret.
import { TextSelection } from 'prosemirror-state';
import type { Entity } from '../../../../platform/contract.gen';
import { attempt } from '../../../../state/toasts.svelte';
import { seenOf, textOf } from '../../../../lib/doc';
import { showShortcut } from '../../../../lib/keys';
import { t } from '../../../../lib/words';
import type { MenuItem } from '../../../../ui/Menu.svelte';
import type { Editing } from './editing.svelte';
import { newId } from './ids';
import { findPart } from './places';
import { nodes } from './schema';

const LEVEL_MAX = 6;

/** Adds a section behind another one, or as the last, and puts the caret into its title. */
export function addSection(editing: Editing, after = editing.section): void {
  const { view } = editing;
  if (!view) return;
  const found = findPart(view.state.doc, after);
  const at = found ? found.pos + found.node.nodeSize : view.state.doc.content.size;
  const level = (found?.node.attrs.level as number | undefined) ?? 1;
  const section = nodes.section!.create({ id: newId(), level }, nodes.title!.create());
  const tr = view.state.tr.insert(at, section).setMeta('sections', true);
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, at + 2)).scrollIntoView());
  view.focus();
}

function moveSection(editing: Editing, step: -1 | 1): void {
  const { view } = editing;
  const found = view && findPart(view.state.doc, editing.section);
  if (!view || !found) return;
  const index = view.state.doc.children.indexOf(found.node);
  const other = view.state.doc.maybeChild(index + step);
  if (!other) return;
  const size = found.node.nodeSize;
  const to = step < 0 ? found.pos - other.nodeSize : found.pos + other.nodeSize;
  const offset = view.state.selection.anchor - found.pos;
  const tr = view.state.tr.delete(found.pos, found.pos + size).insert(to, found.node);
  tr.setSelection(TextSelection.near(tr.doc.resolve(to + offset)));
  view.dispatch(tr.setMeta('sections', true).setMeta('moved', true).scrollIntoView());
  view.focus();
}

function setLevel(editing: Editing, step: -1 | 1): void {
  const { view } = editing;
  const found = view && findPart(view.state.doc, editing.section);
  if (!view || !found) return;
  const level = Math.min(LEVEL_MAX, Math.max(1, (found.node.attrs.level as number) + step));
  view.dispatch(view.state.tr.setNodeAttribute(found.pos, 'level', level));
  view.focus();
}

async function archive(editing: Editing): Promise<void> {
  const { section, saver, session } = editing;
  await saver.flush();
  if (!saver.problem) await session.archive(section);
}

/** The reason why a section does not apply is written below its title. */
function sayNot(editing: Editing): void {
  editing.opened = new Set([...editing.opened, editing.section]);
  editing.refreshAbout();
}

/** Takes back that a section does not apply; its reason stays in the history. */
async function sayAgain(editing: Editing, entity: Entity): Promise<void> {
  const seen = seenOf(entity.fields.notApplicable);
  await attempt(() => editing.session.set(entity.id, 'notApplicable', null, seen, null));
  editing.refreshAbout();
}

/** The section menu. */
export function sectionItems(editing: Editing): MenuItem[] {
  const { section, session, view } = editing;
  const disabled = section === '';
  const first = view?.state.doc.firstChild?.attrs.id === section;
  const last = view?.state.doc.lastChild?.attrs.id === section;
  const title = editing.stand?.words ?? '';
  const held = session.doc?.entities.find((one) => one.id === section);
  return [
    { label: t('ui.editor.section.add'), run: () => addSection(editing) },
    held && textOf(held, 'notApplicable')
      ? { label: t('ui.section.notBack'), run: () => void sayAgain(editing, held) }
      : { label: t('ui.editor.section.not'), disabled, run: () => sayNot(editing) },
    {
      label: t('ui.editor.section.up'),
      disabled: disabled || first,
      run: () => moveSection(editing, -1),
    },
    {
      label: t('ui.editor.section.down'),
      disabled: disabled || last,
      run: () => moveSection(editing, 1),
    },
    { label: t('ui.editor.section.deeper'), disabled, run: () => setLevel(editing, 1) },
    { label: t('ui.editor.section.higher'), disabled, run: () => setLevel(editing, -1) },
    {
      label: t('ui.editor.section.history'),
      disabled,
      run: () => (session.history = { entity: section, field: null, title }),
    },
    {
      label: t('ui.editor.block.history'),
      hint: `Alt+${showShortcut({ key: 'h' })}`,
      disabled,
      run: () => editing.showHistory(),
    },
    { label: t('ui.editor.section.archive'), disabled, run: () => void archive(editing) },
  ];
}
