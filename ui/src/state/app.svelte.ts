// The program as a whole: which vault is open, which language, what is declared.
import { call } from '../platform';
import type { Lang, OpenVault, Profile, VaultCard, VaultOpen } from '../platform/contract.gen';
import { locale } from '../lib/locale.svelte';
import { useReference } from '../lib/reference';
import { keepTyping } from './openEdits';
import { filePasswords } from './filePasswords.svelte';
import { route } from './route.svelte';
import { attempt } from './toasts.svelte';
import { askToday } from './today';

const IDLE_MINUTES = 15;

class App {
  ready = $state(false);
  failed = $state<unknown>(null);
  version = $state('');
  vaults = $state.raw<VaultCard[]>([]);
  open = $state.raw<OpenVault | null>(null);
  keychain = $state(false);
  langChosen = $state(false);

  async start(): Promise<void> {
    try {
      useReference(await call('app.reference', {}));
      await askToday();
      await this.refresh();
      this.ready = true;
    } catch (error) {
      this.failed = error;
    }
  }

  async refresh(): Promise<void> {
    const state = await call('app.state', {});
    this.version = state.version;
    this.vaults = state.vaults;
    this.open = state.open;
    this.keychain = state.keychain;
    this.langChosen = state.lang !== null;
    if (state.lang) locale.lang = state.lang;
  }

  async setLang(lang: Lang): Promise<void> {
    locale.lang = lang;
    this.langChosen = true;
    await attempt(() => call('app.setLang', { lang }));
  }

  async openVault(req: VaultOpen): Promise<void> {
    this.enter(await call('vault.open', req));
  }

  async openSample(): Promise<void> {
    this.enter(await call('vault.sample', {}));
  }

  enter(open: OpenVault): void {
    route.reset();
    this.open = open;
  }

  async lock(): Promise<void> {
    await keepTyping();
    await attempt(() => call('vault.lock', {}));
    await this.left();
  }

  /** After the vault was locked, by hand or by the host. */
  async left(): Promise<void> {
    this.open = null;
    filePasswords.forget();
    await attempt(() => this.refresh());
  }

  setting(key: string): string {
    return this.open?.settings[key] ?? '';
  }

  get idleMinutes(): number {
    const minutes = Number(this.setting('idleMinutes'));
    return this.setting('idleMinutes') !== '' && minutes >= 0 ? minutes : IDLE_MINUTES;
  }

  async setSetting(key: string, value: string | null): Promise<void> {
    await call('setting.set', { key, value });
    if (!this.open) return;
    const settings = { ...this.open.settings };
    if (value === null) delete settings[key];
    else settings[key] = value;
    this.open = { ...this.open, settings };
  }

  async setProfile(profile: Profile): Promise<void> {
    await call('profile.set', profile);
    if (this.open) this.open = { ...this.open, profile };
  }
}

export const app = new App();
