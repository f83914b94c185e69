// Which language of the protocol text is in sight; and which section speaks of eligibility.
import type { Entity } from '../../../platform/contract.gen';
import { textOf } from '../../../lib/doc';
import { locale } from '../../../lib/locale.svelte';

class ProtocolLang {
  #chosen = $state<'zh' | 'en' | 'both' | null>(null);

  get shown(): 'zh' | 'en' | 'both' {
    return this.#chosen ?? locale.lang;
  }

  set shown(lang: 'zh' | 'en' | 'both') {
    this.#chosen = lang;
  }
}

export const protocolLang = new ProtocolLang();

/** Whether a section holds the criteria for taking part. */
export function isEligibility(section: Entity): boolean {
  return /eligib|criteria|population/i.test(textOf(section, 'key'));
}
