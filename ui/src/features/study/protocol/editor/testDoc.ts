// Small studies for tests of the editor.
import type { Entity, JsonValue, Register, StudyDoc } from '../../../../platform/contract.gen';

let n = 0;

/** A register with one head per value. */
export function held(...values: JsonValue[]): Register {
  const heads = values.map((value) => {
    n += 1;
    return {
      op: `op${n}`,
      lam: n,
      value,
      redacted: false,
      by: 'p',
      byName: '周示例',
      device: 'a1b2',
      at: '2026-11-25T08:00:00Z',
      tzMinutes: 480,
    };
  });
  return { heads, conflict: values.length > 1 };
}

export function entity(
  id: string,
  kind: string,
  parent: string | null,
  fields: Record<string, JsonValue>,
): Entity {
  const registers = Object.entries(fields).map(([name, value]) => [name, held(value)]);
  return { id, kind, parent, ord: id, mark: 'live', fields: Object.fromEntries(registers) };
}

/** A study with sections of blocks: `{ s1: { b1: {…fields} } }`. */
export function study(
  sections: Record<string, Record<string, Record<string, JsonValue>>>,
): StudyDoc {
  const entities: Entity[] = [entity('study', 'study', null, {})];
  for (const [id] of Object.entries(sections))
    entities.push(entity(id, 'section', 'study', { 'title.zh': id, level: 1 }));
  for (const [section, blocks] of Object.entries(sections))
    for (const [id, fields] of Object.entries(blocks))
      entities.push(entity(id, 'block', section, { type: 'paragraph', ...fields }));
  return { id: 'study', entities };
}
