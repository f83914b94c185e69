// Reading a study: entities, registers, form tokens.
import type {
  Entity,
  EntityId,
  Head,
  JsonValue,
  Lang,
  Register,
  StudyDoc,
} from '../platform/contract.gen';

/** The study's own entity. */
export function rootOf(doc: StudyDoc): Entity {
  const root = doc.entities.find((entity) => entity.id === doc.id) ?? doc.entities[0];
  if (!root) throw new Error('a study has its own entity');
  return root;
}

export const isShown = (entity: Entity) => entity.mark !== 'archived';

/** Parts of a kind under a parent, in order; archived ones too when asked for. */
export function partsOf(doc: StudyDoc, parent: EntityId, kind: string, archived = false): Entity[] {
  return doc.entities.filter(
    (entity) =>
      entity.kind === kind && (entity.parent ?? doc.id) === parent && (archived || isShown(entity)),
  );
}

/** The displayed value of a register; null when it was never written. */
export function valueOf(entity: Entity | undefined, register: string): JsonValue {
  return entity?.fields[register]?.heads[0]?.value ?? null;
}

/** The text of a value without its marks; empty when it is none. */
export function plainOf(value: JsonValue): string {
  if (typeof value === 'string') return value;
  if (value && typeof value === 'object' && !Array.isArray(value) && typeof value.text === 'string')
    return value.text;
  return '';
}

/** The displayed text of a register. */
export function textOf(entity: Entity | undefined, register: string): string {
  return plainOf(valueOf(entity, register));
}

/** The text of a bilingual field in a language, else in the other one. */
export function textIn(entity: Entity | undefined, field: string, lang: Lang): string {
  const other = lang === 'zh' ? 'en' : 'zh';
  return textOf(entity, `${field}.${lang}`) || textOf(entity, `${field}.${other}`);
}

/** The form token of a register: the operations on screen. */
export function seenOf(register: Register | undefined): string[] {
  return register?.heads.map((head) => head.op) ?? [];
}

/** The form token of an entity with everything in it, for archiving. */
export function seenOfAll(doc: StudyDoc, id: EntityId): string[] {
  return doc.entities
    .filter((entity) => entity.id === id || isInside(doc, entity, id))
    .flatMap((entity) => Object.values(entity.fields).flatMap(seenOf));
}

function isInside(doc: StudyDoc, entity: Entity, id: EntityId): boolean {
  let parent = entity.parent;
  for (let depth = 0; parent && depth < 8; depth += 1) {
    if (parent === id) return true;
    parent = doc.entities.find((other) => other.id === parent)?.parent ?? null;
  }
  return false;
}

/** Fields in conflict of an entity. */
export function conflictsIn(entity: Entity): number {
  return Object.values(entity.fields).filter((register) => register.conflict).length;
}

/** How many values stand in a register that is in conflict; 0 when it is not. */
export function rivalsIn(entity: Entity, register: string): number {
  const found = entity.fields[register];
  return found?.conflict ? rivals(found).length : 0;
}

/** Standing values that differ, each with its newest head first named. */
export function rivals(register: Register): Head[] {
  const seen = new Set<string>();
  return register.heads.filter((head) => {
    const key = JSON.stringify(head.value);
    return !seen.has(key) && seen.add(key);
  });
}

/** Keeps the old objects of entities that did not change, so that only changed parts are redrawn. */
export function reconcile(old: StudyDoc | null, next: StudyDoc): StudyDoc {
  if (!old || old.id !== next.id) return next;
  const known = new Map(old.entities.map((entity) => [entity.id, entity]));
  const entities = next.entities.map((entity) => {
    const before = known.get(entity.id);
    return before && JSON.stringify(before) === JSON.stringify(entity) ? before : entity;
  });
  return { id: next.id, entities };
}
