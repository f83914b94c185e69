// What came in from elsewhere: put into the text in place, and nowhere where somebody is writing.
import { Fragment, type Node as PmNode } from 'prosemirror-model';
import type { EditorState, Transaction } from 'prosemirror-state';
import type { Entity, Lang, StudyDoc } from '../../../../platform/contract.gen';
import { sameValue } from '../../../../lib/entry';
import { baseOf, eachPart, fieldsOf, idOf, wordOf, type Base, type Held } from './base';
import { buildDoc, groupRows, otherOf, type Fields } from './build';
import { schema } from './schema';

interface Shown {
  node: PmNode;
  table: PmNode | null;
}

/** Brings the text up to a study just read; null when nothing on screen changes. */
export function takeIn(
  state: EditorState,
  base: Base,
  study: StudyDoc,
  lang: Lang,
): { tr: Transaction | null; base: Base } {
  if (isAsHeld(base, study)) return { tr: null, base };
  const fresh = buildDoc(study, lang);
  const next = baseOf(study, fresh, lang);
  const shown = new Map<string, Shown>();
  eachPart(state.doc, (node, _, table) => void shown.set(idOf(node), { node, table }));
  const sections = fresh.children.map((section) => mergeSection(section, shown, base, next, lang));
  keepTypedSections(sections, state.doc, base, next, lang);
  const tr = state.tr;
  patchChildren(tr, 0, state.doc, sections);
  tr.setMeta('addToHistory', false).setMeta('incoming', true);
  return { tr: tr.docChanged ? tr : null, base: next };
}

/** Whether a study holds exactly the objects that the ground was laid from. */
function isAsHeld(base: Base, study: StudyDoc): boolean {
  let n = 0;
  for (const entity of study.entities) {
    if (entity.kind !== 'section' && entity.kind !== 'block') continue;
    if (base.entities.get(entity.id) !== entity) return false;
    n += 1;
  }
  return n === base.entities.size;
}

/** Of one part: what is written here stays, with the form token that the writing began with. */
function mergePart(
  fresh: Shown,
  shown: Shown | undefined,
  old: Held | undefined,
  next: Base,
  lang: Lang,
): PmNode {
  const id = idOf(fresh.node);
  const held = next.held.get(id)!;
  if (!shown || !old) return fresh.node;
  const entity = next.entities.get(id);
  const now = fieldsOf(shown.node, shown.table, lang);
  const mine = new Set<string>();
  for (const [name, value] of Object.entries(now)) {
    const came = held.fields[name] ?? null;
    if (sameValue(value, came)) continue;
    if (standsBeside(entity, name, value)) {
      // Of rivals the one on screen stays on screen.
      mine.add(name);
      hold(held, name, value, tokens(entity, name, value));
    } else if (!sameValue(value, old.fields[name] ?? null)) {
      mine.add(name);
      if (!sameValue(came, old.fields[name] ?? null))
        hold(held, name, old.fields[name] ?? null, old.seen[name] ?? []);
    }
  }
  const merged = combine(fresh.node, shown.node, mine, lang);
  const same = merged.eq(shown.node) ? shown.node : merged;
  if (mine.size === 0) held.node = same;
  return same;
}

function hold(held: Held, name: string, value: Fields[string], seen: string[]): void {
  held.fields = { ...held.fields, [name]: value };
  held.seen = { ...held.seen, [name]: seen };
}

const standsBeside = (entity: Entity | undefined, name: string, value: Fields[string]) =>
  Boolean(
    entity?.fields[name]?.conflict &&
    entity.fields[name].heads.some((head) => sameValue(head.value, value)),
  );

const tokens = (entity: Entity | undefined, name: string, value: Fields[string]) =>
  (entity?.fields[name]?.heads ?? [])
    .filter((head) => sameValue(head.value, value))
    .map((head) => head.op);

/** The node that came in, with the registers written here as they are on screen. */
function combine(came: PmNode, shown: PmNode, mine: Set<string>, lang: Lang): PmNode {
  if (mine.size === 0) return came;
  if (came.type === schema.nodes.section) {
    const attrs = mine.has('level') ? { ...came.attrs, level: shown.attrs.level } : came.attrs;
    const [title, titleHere] = [came.firstChild!, shown.firstChild!];
    const other = mine.has(`title.${otherOf(lang)}`) ? titleHere.attrs.other : title.attrs.other;
    const text = mine.has(`title.${lang}`) ? titleHere.content : title.content;
    return came.type.create(
      attrs,
      came.content.replaceChild(0, title.type.create({ other }, text)),
    );
  }
  const isText = mine.has(`text.${lang}`) || mine.has('layout');
  const type = mine.has('type') || (isText && shown.type !== came.type) ? shown.type : came.type;
  const attrs = { ...came.attrs };
  const take = (name: string, attr: string) => {
    if (mine.has(name)) attrs[attr] = shown.attrs[attr];
  };
  take('level', 'level');
  take('list', 'list');
  take('image', 'image');
  take('origin', 'origin');
  take('merged', 'merged');
  take(`text.${otherOf(lang)}`, 'other');
  if (mine.has('layout'))
    for (const name of ['widths', 'head', 'layout']) attrs[name] = shown.attrs[name];
  return type.create(attrs, isText ? shown.content : came.content);
}

function mergeSection(
  fresh: PmNode,
  shown: Map<string, Shown>,
  base: Base,
  next: Base,
  lang: Lang,
): PmNode {
  const id = idOf(fresh);
  const own = shown.get(id);
  const head = mergePart({ node: fresh, table: null }, own, base.held.get(id), next, lang);
  const words = new Map<string, string>();
  const blocks: PmNode[] = [];
  eachBlock(fresh, (node, table) => {
    const block = idOf(node);
    words.set(block, wordOf(table));
    blocks.push(mergePart({ node, table }, shown.get(block), base.held.get(block), next, lang));
  });
  if (own) keepTypedBlocks(own.node, blocks, words, base, next, lang);
  const children = groupRows(blocks, (block) => words.get(block) ?? '').map((node) =>
    node.type === schema.nodes.table ? sameTable(node, own?.node) : node,
  );
  const section = fresh.type.create(head.attrs, [head.firstChild!, ...children]);
  return own && section.eq(own.node) ? own.node : section;
}

function eachBlock(section: PmNode, fn: (node: PmNode, table: PmNode | null) => void): void {
  section.forEach((child) => {
    if (child.type === schema.nodes.table) child.forEach((row) => fn(row, child));
    else if (child.type !== schema.nodes.title) fn(child, null);
  });
}

function sameTable(table: PmNode, section: PmNode | undefined): PmNode {
  return section?.children.find((child) => child === table || child.eq(table)) ?? table;
}

/** Whether something was written in a part that is not saved yet. */
function isTyped(node: PmNode, table: PmNode | null, held: Held | undefined, lang: Lang): boolean {
  if (!held || held.node === node) return false;
  return Object.entries(fieldsOf(node, table, lang)).some(
    ([name, value]) => !sameValue(value, held.fields[name] ?? null),
  );
}

/** Blocks that were archived elsewhere while somebody writes in them here stay until saved. */
function keepTypedBlocks(
  section: PmNode,
  blocks: PmNode[],
  words: Map<string, string>,
  base: Base,
  next: Base,
  lang: Lang,
): void {
  let before: string | null = null;
  eachBlock(section, (node, table) => {
    const id = idOf(node);
    const held = base.held.get(id);
    if (held && !next.held.has(id) && isTyped(node, table, held, lang)) {
      const order = next.blocks.get(idOf(section))!;
      const at = before ? order.indexOf(before) + 1 : 0;
      const place = before ? blocks.findIndex((block) => idOf(block) === before) + 1 : 0;
      order.splice(at, 0, id);
      blocks.splice(place, 0, node);
      words.set(id, wordOf(table));
      next.held.set(id, held);
      next.archived.delete(id);
    }
    before = id;
  });
}

/** The same for a whole section in which somebody writes. */
function keepTypedSections(
  sections: PmNode[],
  doc: PmNode,
  base: Base,
  next: Base,
  lang: Lang,
): void {
  doc.forEach((section, _, place) => {
    const id = idOf(section);
    if (next.held.has(id) || !base.held.has(id)) return;
    let isUsed = isTyped(section, null, base.held.get(id), lang);
    eachBlock(section, (node, table) => {
      isUsed ||= isTyped(node, table, base.held.get(idOf(node)), lang);
    });
    if (!isUsed) return;
    const at = Math.min(place, sections.length);
    sections.splice(at, 0, section);
    next.sections.splice(at, 0, id);
    next.held.set(id, base.held.get(id)!);
    next.archived.delete(id);
    const ids: string[] = [];
    eachBlock(section, (node) => {
      const held = base.held.get(idOf(node));
      if (!held) return;
      ids.push(idOf(node));
      next.held.set(idOf(node), held);
      next.archived.delete(idOf(node));
    });
    next.blocks.set(id, ids);
  });
}

const keyOf = (node: PmNode) =>
  node.type === schema.nodes.table
    ? `table ${idOf(node.firstChild!)}`
    : `${node.type.name === 'title' ? 'title' : idOf(node)}`;

/** Replaces the children of a node by others, touching only what differs. */
function patchChildren(
  tr: Transaction,
  start: number,
  parent: PmNode,
  wanted: readonly PmNode[],
): void {
  const old = parent.children;
  let head = 0;
  while (head < old.length && head < wanted.length && keyOf(old[head]!) === keyOf(wanted[head]!))
    head += 1;
  let tail = 0;
  while (
    tail < old.length - head &&
    tail < wanted.length - head &&
    keyOf(old[old.length - 1 - tail]!) === keyOf(wanted[wanted.length - 1 - tail]!)
  )
    tail += 1;
  const at: number[] = [];
  let pos = start;
  for (const child of old) {
    at.push(pos);
    pos += child.nodeSize;
  }
  at.push(pos);
  // From the end to the front, so that places before stay true.
  for (let i = 0; i < tail; i += 1)
    patchNode(
      tr,
      at[old.length - 1 - i]!,
      old[old.length - 1 - i]!,
      wanted[wanted.length - 1 - i]!,
    );
  const to = old.length - tail;
  const middle = wanted.slice(head, wanted.length - tail);
  if (to > head || middle.length > 0) tr.replaceWith(at[head]!, at[to]!, Fragment.from(middle));
  for (let i = head - 1; i >= 0; i -= 1) patchNode(tr, at[i]!, old[i]!, wanted[i]!);
}

function patchNode(tr: Transaction, pos: number, old: PmNode, wanted: PmNode): void {
  if (old === wanted || old.eq(wanted)) return;
  if (old.type !== wanted.type) {
    tr.replaceWith(pos, pos + old.nodeSize, wanted);
    return;
  }
  if (old.isTextblock) patchText(tr, pos + 1, old, wanted);
  else patchChildren(tr, pos + 1, old, wanted.children);
  if (!old.hasMarkup(wanted.type, wanted.attrs)) tr.setNodeMarkup(pos, null, wanted.attrs);
}

function patchText(tr: Transaction, start: number, old: PmNode, wanted: PmNode): void {
  const from = old.content.findDiffStart(wanted.content);
  const end = old.content.findDiffEnd(wanted.content);
  if (from === null || !end) return;
  const overlap = from - Math.min(end.a, end.b);
  const a = overlap > 0 ? end.a + overlap : end.a;
  const b = overlap > 0 ? end.b + overlap : end.b;
  tr.replace(start + from, start + a, wanted.slice(from, b));
}
