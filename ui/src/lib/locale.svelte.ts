// The language of the interface; switching it changes every word in place.
import type { Lang } from '../platform/contract.gen';

class Locale {
  lang = $state<Lang>('zh');

  get tag(): string {
    return this.lang === 'zh' ? 'zh-CN' : 'en';
  }
}

export const locale = new Locale();
