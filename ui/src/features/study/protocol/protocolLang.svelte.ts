// Which language of the protocol text is in sight; and which section speaks of eligibility.
import type { Entity, Lang, StudyDoc } from '../../../platform/contract.gen';
import { textOf } from '../../../lib/doc';
import { locale } from '../../../lib/locale.svelte';

const other = (): Lang => (locale.lang === 'zh' ? 'en' : 'zh');
const hasText = (doc: StudyDoc, lang: Lang) =>
  doc.entities.some((part) => part.kind === 'block' && textOf(part, `text.${lang}`) !== '');

class ProtocolLang {
  /** The language being written; null until one was chosen. */
  edited = $state<Lang | null>(null);
  /** Whether the other language stands beside it. */
  beside = $state(false);

  /** The language chosen, else the interface's, else the one that there is text in. */
  of(doc: StudyDoc): Lang {
    if (this.edited) return this.edited;
    if (hasText(doc, locale.lang)) return locale.lang;
    return hasText(doc, other()) ? other() : locale.lang;
  }

  choose(lang: Lang): void {
    this.edited = lang;
  }
}

export const protocolLang = new ProtocolLang();

/** Whether a section holds the criteria for taking part. */
export function isEligibility(section: Entity): boolean {
  return /eligib|criteria|population/i.test(textOf(section, 'key'));
}
