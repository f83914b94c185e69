// The keyboard's shortcuts, by where they work.
import { showShortcut, type Shortcut } from '../../lib/keys';
import type { LabelKey } from '../../lib/words';
import { commands, type Command } from '../shell/commands.svelte';
import { HELP_KEY } from './help.svelte';

export interface KeyRow {
  keys: string[];
  label: LabelKey;
}
export interface KeyGroup {
  title: LabelKey;
  rows: KeyRow[];
}

const ctrl = (key: string, shift = false): Shortcut => ({ key, ctrl: true, shift });

/** Everything that a key does, in groups. */
export function keyGroups(): KeyGroup[] {
  const ofCommands = commands.list
    .filter((command): command is Command & { shortcut: Shortcut } => Boolean(command.shortcut))
    .map((command) => ({ keys: [showShortcut(command.shortcut)], label: command.label }));
  return [
    {
      title: 'ui.keys.everywhere',
      rows: [
        { keys: [showShortcut(ctrl('k'))], label: 'ui.palette.open' },
        ...ofCommands.filter((row) => row.label !== 'ui.help.title'),
        { keys: ['Esc', 'Alt+←'], label: 'ui.keys.back' },
        { keys: [showShortcut(HELP_KEY)], label: 'ui.keys.help' },
        { keys: ['?'], label: 'ui.keys.list' },
      ],
    },
    {
      title: 'ui.keys.lists',
      rows: [
        { keys: ['J', '↓'], label: 'ui.keys.next' },
        { keys: ['K', '↑'], label: 'ui.keys.previous' },
        { keys: ['Home', 'End'], label: 'ui.keys.ends' },
        { keys: ['Enter'], label: 'ui.keys.open' },
      ],
    },
    {
      title: 'ui.keys.study',
      rows: [
        { keys: ['←', '→'], label: 'ui.keys.tabs' },
        { keys: ['Enter'], label: 'ui.keys.edit' },
        { keys: ['Tab'], label: 'ui.keys.save' },
        { keys: ['Esc'], label: 'ui.keys.cancel' },
        { keys: [showShortcut(ctrl('p'))], label: 'ui.pdf.open' },
      ],
    },
  ];
}
