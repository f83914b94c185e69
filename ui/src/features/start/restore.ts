// Restoring a copy: choose the file, and the vault is in the picker.
import { call } from '../../platform';
import type { VaultCard } from '../../platform/contract.gen';
import { t } from '../../lib/words';
import { app } from '../../state/app.svelte';
import { attempt, toasts } from '../../state/toasts.svelte';

/** Asks for a copy and restores it; undefined when nothing came of it. */
export async function restoreCopy(): Promise<VaultCard | undefined> {
  return attempt(async () => {
    const { paths } = await call('file.pick', { purpose: 'openBackup', name: '' });
    const file = paths[0];
    if (!file) return undefined;
    const card = await call('backup.restore', { file });
    await app.refresh();
    toasts.say(t('ui.start.restored', { name: card.name }));
    return card;
  });
}
