// Everything that can be done from anywhere: by shortcut, by menu, by the palette.
import type { Shortcut } from '../../lib/keys';
import type { LabelKey } from '../../lib/words';
import { locale } from '../../lib/locale.svelte';
import { app } from '../../state/app.svelte';
import { imports } from '../../state/imports.svelte';
import { route, type DirectoryPart } from '../../state/route.svelte';
import { prefs } from '../../state/prefs.svelte';
import { attempt } from '../../state/toasts.svelte';
import { sync } from '../../state/sync.svelte';
import { step } from '../../state/undo';
import { call } from '../../platform';
import { directoryPlace } from '../directory/directoryPlace.svelte';
import { help, HELP_KEY, KEYS_PAGE } from '../help/help.svelte';
import { exportCalendar } from '../study/plan/milestoneTable';
import { protocolPlace, VIEWS } from '../versions/protocolPlace.svelte';
import { wordImport } from '../word/wordImport.svelte';

export const SHORTCUTS = {
  palette: { key: 'k', ctrl: true },
  newStudy: { key: 'n', ctrl: true },
  import: { key: 'i', ctrl: true },
  settings: { key: ',', ctrl: true },
  lock: { key: 'l', ctrl: true },
  undo: { key: 'z', ctrl: true },
  redo: { key: 'z', ctrl: true, shift: true },
  redoToo: { key: 'y', ctrl: true },
} as const satisfies Record<string, Shortcut>;

export interface Command {
  name: string;
  label: LabelKey;
  shortcut?: Shortcut;
  /** Offered only while a study is open. */
  ofStudy?: boolean;
  run: () => void;
}

class Commands {
  open = $state<'palette' | 'newStudy' | null>(null);

  readonly list: Command[] = [
    { name: 'today', label: 'ui.today.title', run: () => route.go({ screen: 'today' }) },
    { name: 'directory', label: 'ui.people.title', run: () => this.#directory('people') },
    {
      name: 'organisations',
      label: 'ui.people.organisations',
      run: () => this.#directory('organisations'),
    },
    { name: 'formSets', label: 'ui.sets.title', run: () => this.#directory('forms') },
    { name: 'spellings', label: 'ui.cmd.spellings', run: () => this.#directory('spellings') },
    { name: 'studies', label: 'ui.cmd.studies', run: () => route.go({ screen: 'studies' }) },
    {
      name: 'newStudy',
      label: 'ui.cmd.newStudy',
      shortcut: SHORTCUTS.newStudy,
      run: () => (this.open = 'newStudy'),
    },
    {
      name: 'import',
      label: 'ui.cmd.import',
      shortcut: SHORTCUTS.import,
      run: () => this.#import(false),
    },
    { name: 'importFolder', label: 'ui.cmd.importFolder', run: () => this.#import(true) },
    ...VIEWS.map((view): Command => ({
      name: `protocol-${view}`,
      label: `ui.cmd.view.${view}`,
      ofStudy: true,
      run: () => protocolPlace.go(view),
    })),
    {
      name: 'freeze',
      label: 'ui.cmd.freeze',
      ofStudy: true,
      run: () => protocolPlace.open('freeze'),
    },
    {
      name: 'wordIn',
      label: 'ui.cmd.wordIn',
      ofStudy: true,
      run: () => this.#wordIn(),
    },
    {
      name: 'wordOut',
      label: 'ui.cmd.wordOut',
      ofStudy: true,
      run: () => protocolPlace.open('export'),
    },
    {
      name: 'suggestions',
      label: 'ui.cmd.suggestions',
      ofStudy: true,
      run: () => protocolPlace.open('suggestions'),
    },
    {
      name: 'readiness',
      label: 'ui.ready.cmd',
      ofStudy: true,
      run: () => this.#readiness(),
    },
    {
      name: 'calendar',
      label: 'ui.cmd.calendar',
      run: () => void exportCalendar(null, 'PI-Desk'),
    },
    { name: 'conflicts', label: 'ui.cmd.conflicts', run: () => route.go({ screen: 'conflicts' }) },
    { name: 'review', label: 'ui.cmd.review', run: () => route.go({ screen: 'review' }) },
    { name: 'members', label: 'ui.cmd.members', ofStudy: true, run: () => route.goTab('members') },
    { name: 'stick', label: 'ui.cmd.stick', run: () => this.#settings('stick') },
    { name: 'laptops', label: 'ui.cmd.laptops', run: () => this.#settings('laptops') },
    { name: 'history', label: 'ui.cmd.history', run: () => route.go({ screen: 'history' }) },
    {
      name: 'sync',
      label: 'ui.cmd.sync',
      run: () => void attempt(async () => sync.take(await call('sync.now', {}))),
    },
    { name: 'undo', label: 'ui.cmd.undo', shortcut: SHORTCUTS.undo, run: () => void step('undo') },
    { name: 'redo', label: 'ui.cmd.redo', shortcut: SHORTCUTS.redo, run: () => void step('redo') },
    {
      name: 'lang',
      label: 'ui.cmd.lang',
      run: () => void app.setLang(locale.lang === 'zh' ? 'en' : 'zh'),
    },
    { name: 'theme', label: 'ui.cmd.theme', run: () => this.#theme() },
    {
      name: 'settings',
      label: 'ui.cmd.settings',
      shortcut: SHORTCUTS.settings,
      run: () => route.go({ screen: 'settings' }),
    },
    { name: 'help', label: 'ui.help.title', shortcut: HELP_KEY, run: () => help.here() },
    { name: 'keys', label: 'ui.keys.title', run: () => help.open({ page: KEYS_PAGE }) },
    { name: 'lock', label: 'ui.cmd.lock', shortcut: SHORTCUTS.lock, run: () => void app.lock() },
  ];

  /** What can be done from where the person is. */
  get here(): Command[] {
    return this.list.filter((command) => !command.ofStudy || route.place.screen === 'study');
  }

  run(name: string): void {
    if (name === 'palette') this.open = 'palette';
    else this.list.find((command) => command.name === name)?.run();
  }

  #directory(part: DirectoryPart): void {
    directoryPlace.part = part;
    route.go({ screen: 'directory' });
  }

  #import(folder: boolean): void {
    route.go({ screen: 'import' });
    void imports.pick(folder);
  }

  #settings(part: string): void {
    route.go({ screen: 'settings', part });
  }

  #wordIn(): void {
    if (route.place.screen !== 'study') return;
    route.goTab('protocol');
    void wordImport.pick(route.place.study);
  }

  #readiness(): void {
    if (route.place.screen === 'study')
      route.go({ screen: 'readiness', study: route.place.study, site: '' });
  }

  #theme(): void {
    const dark =
      prefs.kept.theme === 'system'
        ? matchMedia('(prefers-color-scheme: dark)').matches
        : prefs.kept.theme === 'dark';
    prefs.change({ theme: dark ? 'light' : 'dark' });
  }
}

export const commands = new Commands();
