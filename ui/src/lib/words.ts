// Words by key in the language of the interface.
import type { Bilingual, Lang } from '../platform/contract.gen';
import { LABELS, type LabelKey } from './labels.gen';
import { locale } from './locale.svelte';

export type { LabelKey } from './labels.gen';
export type Params = Record<string, string | number>;

/** Fills `{name}` and `{name:one|other}`. */
export function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)(?::([^|{}]*)\|([^{}]*))?\}/g, (whole, name: string, one, other) => {
    const value = params[name];
    if (value === undefined) return whole;
    if (one === undefined) return String(value);
    return Number(value) === 1 ? one : other;
  });
}

/** The words of a key in a given language. */
export function wordsIn(lang: Lang, key: LabelKey, params: Params = {}): string {
  return fill(LABELS[key][lang], params);
}

/** The words of a key in the language of the interface. */
export function t(key: LabelKey, params: Params = {}): string {
  return wordsIn(locale.lang, key, params);
}

/** Whether a word that came from the host is a key we have. */
export function isKey(code: string): code is LabelKey {
  return Object.hasOwn(LABELS, code);
}

/** The words of a code that came from the host; the code itself when there are none. */
export function tCode(code: string, params: Params = {}): string {
  return isKey(code) ? t(code, params) : code;
}

/** A text owned by data, in the language of the interface. */
export function tData(text: Bilingual): string {
  return locale.lang === 'zh' ? text.zh || text.en : text.en || text.zh;
}

/** Joins items as a list is written in the language of the interface. */
export function join(items: string[]): string {
  return items.join(locale.lang === 'zh' ? '、' : ', ');
}
