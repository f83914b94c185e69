// Which language of the protocol text is in sight; and which section speaks of eligibility.
import type { Entity, Lang, StudyDoc } from '../../../platform/contract.gen';
import { textOf } from '../../../lib/doc';
import { locale } from '../../../lib/locale.svelte';

const other = (): Lang => (locale.lang === 'zh' ? 'en' : 'zh');
const hasText = (doc: StudyDoc, lang: Lang) =>
  doc.entities.some((part) => part.kind === 'block' && textOf(part, `text.${lang}`) !== '');

class ProtocolLang {
  #chosen = $state<'zh' | 'en' | 'both' | null>(null);

  /** The language chosen, else the interface's, else the one that there is text in. */
  of(doc: StudyDoc): 'zh' | 'en' | 'both' {
    return (
      this.#chosen ??
      (hasText(doc, locale.lang) ? locale.lang : hasText(doc, other()) ? other() : locale.lang)
    );
  }

  choose(lang: 'zh' | 'en' | 'both'): void {
    this.#chosen = lang;
  }
}

export const protocolLang = new ProtocolLang();

/** Whether a section holds the criteria for taking part. */
export function isEligibility(section: Entity): boolean {
  return /eligib|criteria|population/i.test(textOf(section, 'key'));
}
