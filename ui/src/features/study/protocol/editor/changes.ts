// What has to be saved: the difference between the text on screen and its ground. Pure.
import type { Node as PmNode } from 'prosemirror-model';
import type { Lang, ProtocolChange, SavedRegister } from '../../../../platform/contract.gen';
import { sameValue } from '../../../../lib/entry';
import { eachPart, fieldsOf, idOf, tokenFor, wordOf, type Base, type Held } from './base';
import type { Fields } from './build';

interface Part {
  node: PmNode;
  parent: string | null;
  table: PmNode | null;
}

interface Layout {
  parts: Map<string, Part>;
  sections: string[];
  blocks: Map<string, string[]>;
}

function layoutOf(doc: PmNode): Layout {
  const layout: Layout = { parts: new Map(), sections: [], blocks: new Map() };
  eachPart(doc, (node, section, table) => {
    const isSection = node === section;
    const parent = isSection ? null : idOf(section);
    layout.parts.set(idOf(node), { node, parent, table });
    if (isSection) {
      layout.sections.push(idOf(node));
      layout.blocks.set(idOf(node), []);
    } else layout.blocks.get(idOf(section))?.push(idOf(node));
  });
  return layout;
}

const isSame = (held: Held, part: Part) =>
  held.node === part.node && held.table === wordOf(part.table);

/** The registers of a part that differ from what is held. */
function changedFields(held: Held, part: Part, lang: Lang): Fields {
  if (isSame(held, part)) return {};
  const now = fieldsOf(part.node, part.table, lang);
  return Object.fromEntries(
    Object.entries(now).filter(([name, value]) => !sameValue(value, held.fields[name] ?? null)),
  );
}

/** The longest run of places that need not move: a longest increasing subsequence. */
function steady(order: number[]): Set<number> {
  const tails: number[] = [];
  const before: number[] = [];
  order.forEach((value, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (order[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    before[i] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = i;
  });
  const kept = new Set<number>();
  for (let i = tails.at(-1) ?? -1; i >= 0; i = before[i]!) kept.add(i);
  return kept;
}

/** Places new and moved siblings, each behind the one before it. */
function place(
  wanted: string[],
  held: string[],
  parent: string | null,
  put: (id: string, after: string | null, isHere: boolean) => void,
): void {
  const at = new Map(held.map((id, i) => [id, i]));
  const known = wanted.filter((id) => at.has(id));
  const order = steady(known.map((id) => at.get(id)!));
  const stays = new Set(known.filter((_, i) => order.has(i)));
  wanted.forEach((id, i) => {
    if (!stays.has(id)) put(id, wanted[i - 1] ?? null, at.has(id));
  });
}

/** Everything that was on screen of an entity and of what is in it. */
function seenWith(base: Base, id: string): string[] {
  const ids = [id, ...(base.blocks.get(id) ?? [])];
  const seen = ids.flatMap((part) => [
    ...Object.values(base.entities.get(part)?.fields ?? {}).flatMap((register) =>
      register.heads.map((head) => head.op),
    ),
    ...Object.values(base.held.get(part)?.seen ?? {}).flat(),
  ]);
  return [...new Set(seen)];
}

/** The changes that make the host's text that of the screen, to be saved in this order. */
export function changesOf(base: Base, doc: PmNode, lang: Lang): ProtocolChange[] {
  const now = layoutOf(doc);
  const out: ProtocolChange[] = [];
  const sets: ProtocolChange[] = [];
  const put = (parent: string | null) => (id: string, after: string | null, isHere: boolean) => {
    const part = now.parts.get(id)!;
    if (!isHere && !base.held.has(id) && !base.archived.has(id)) {
      const fields = Object.entries(fieldsOf(part.node, part.table, lang));
      out.push({
        do: 'add',
        id,
        kind: part.parent === null ? 'section' : 'block',
        parent,
        after,
        fields: Object.fromEntries(fields.filter(([, value]) => value !== null)),
      });
      return;
    }
    if (base.archived.has(id)) out.push({ do: 'restore', entity: id });
    out.push({ do: 'move', entity: id, parent: isHere ? null : parent, after });
  };
  place(now.sections, base.sections, null, put(null));
  for (const section of now.sections)
    place(now.blocks.get(section)!, base.blocks.get(section) ?? [], section, put(section));
  for (const [id, part] of now.parts) {
    const held = base.held.get(id);
    if (!held) continue;
    for (const [field, value] of Object.entries(changedFields(held, part, lang)))
      sets.push({ do: 'set', entity: id, field, value, seen: held.seen[field] ?? [] });
  }
  const gone = [...base.held].filter(
    ([id, held]) =>
      !now.parts.has(id) &&
      !base.archived.has(id) &&
      (held.parent === null || now.parts.has(held.parent)),
  );
  const archives = gone.map(([id]) => ({
    do: 'archive' as const,
    entity: id,
    seen: seenWith(base, id),
  }));
  return [...out, ...sets, ...archives];
}

/** Whether parts were added, moved, archived or taken back since the ground was laid. */
export function isMoved(base: Base, doc: PmNode): boolean {
  const now = layoutOf(doc);
  const differs = (a: string[] | undefined, b: string[]) =>
    !a || a.length !== b.length || a.some((id, i) => id !== b[i]);
  const live = (id: string) => !base.archived.has(id);
  if (differs(base.sections.filter(live), now.sections)) return true;
  return now.sections.some((id) => differs(base.blocks.get(id)?.filter(live), now.blocks.get(id)!));
}

/** The blocks and sections whose registers differ from the ground, with the registers' values. */
export function typedIn(base: Base, doc: PmNode, lang: Lang): Map<string, Fields> {
  const typed = new Map<string, Fields>();
  eachPart(doc, (node, section, table) => {
    const held = base.held.get(idOf(node));
    if (!held) return;
    const part = { node, parent: null, table };
    if (node === section && held.node === node) return;
    const changed = changedFields(held, part, lang);
    if (Object.keys(changed).length > 0) typed.set(idOf(node), changed);
  });
  return typed;
}

/** The ground after a save of `changes`, made when the screen showed `doc`. */
export function afterSave(
  base: Base,
  doc: PmNode,
  changes: ProtocolChange[],
  registers: SavedRegister[],
  lang: Lang,
): Base {
  const now = layoutOf(doc);
  const next: Base = {
    held: new Map(base.held),
    sections: now.sections,
    blocks: now.blocks,
    entities: new Map(base.entities),
    archived: new Set(base.archived),
  };
  for (const [id, part] of now.parts) {
    const held = base.held.get(id);
    if (held && isSame(held, part) && held.parent === part.parent) continue;
    next.held.set(id, {
      kind: part.parent === null ? 'section' : 'block',
      parent: part.parent,
      fields: fieldsOf(part.node, part.table, lang),
      seen: held?.seen ?? {},
      node: part.node,
      table: wordOf(part.table),
    });
  }
  for (const change of changes) {
    if (change.do === 'archive') next.archived.add(change.entity);
    if (change.do === 'restore') next.archived.delete(change.entity);
  }
  for (const { entity, field, register } of registers) {
    const held = next.held.get(entity);
    if (!held || !register) continue;
    const seen = { ...held.seen, [field]: tokenFor(register, held.fields[field] ?? null) };
    next.held.set(entity, { ...held, seen });
  }
  return next;
}
