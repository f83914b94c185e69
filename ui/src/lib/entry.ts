// What is typed into a field, and the value that it means.
import type { Field, JsonValue } from '../platform/contract.gen';
import { readDate } from './dates';
import type { LabelKey } from './words';

export type Entry = { ok: true; value: JsonValue } | { ok: false; why: LabelKey };

/** The text that an input begins with. */
export function toEntry(field: Field, value: JsonValue): string {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!Array.isArray(value) && Array.isArray(value.list)) return value.list.map(String).join('\n');
  return JSON.stringify(value);
}

const wrong = (why: LabelKey): Entry => ({ ok: false, why });
const right = (value: JsonValue): Entry => ({ ok: true, value });

/** The value of what was typed; empty clears. */
export function fromEntry(field: Field, typed: string): Entry {
  const text =
    field.input === 'text' || field.input === 'rich' || field.input === 'list'
      ? typed.replace(/\s+$/, '')
      : typed.trim();
  if (text === '') return right(null);
  switch (field.input) {
    case 'date': {
      const date = readDate(text);
      return date ? right(date) : wrong('ui.entry.date');
    }
    case 'integer':
      return /^-?\d{1,15}$/.test(text) ? right(Number(text)) : wrong('ui.entry.integer');
    case 'decimal':
      return /^-?\d+(\.\d+)?$/.test(text) ? right(text) : wrong('ui.entry.decimal');
    case 'bool':
      return right(text === 'true');
    case 'list':
      return right({
        list: text
          .split('\n')
          .map((line) => line.trim())
          .filter(Boolean),
      });
    default:
      return right(text);
  }
}

/** Whether two values are the same. */
export function sameValue(a: JsonValue, b: JsonValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
