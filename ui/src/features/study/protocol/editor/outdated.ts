// Whether the other language changed since a text was written; as `model::protocol::outdated`.
import type { Entity, Head, Lang } from '../../../../platform/contract.gen';
import { plainOf, textOf } from '../../../../lib/doc';
import { otherOf } from './build';

function headOf(entity: Entity, register: string): Head | null {
  const head = entity.fields[register]?.heads[0];
  return head && plainOf(head.value).trim() !== '' ? head : null;
}

export interface Outdated {
  /** The language whose text was written before the other one's last change. */
  lang: Lang;
  /** The other language's change. */
  since: Head;
}

/** The older language of a bilingual field, unless somebody found it right after that change. */
export function outdated(entity: Entity, field: string): Outdated | null {
  const zh = headOf(entity, `${field}.zh`);
  const en = headOf(entity, `${field}.en`);
  if (!zh || !en || zh.lam === en.lam) return null;
  const lang: Lang = zh.lam < en.lam ? 'zh' : 'en';
  const since = otherOf(lang) === 'zh' ? zh : en;
  return textOf(entity, 'checked') === since.op ? null : { lang, since };
}
