// A file that a person wants written: where, the writing, and the way to it.
import type { PickPurpose } from '../../platform/contract.gen';
import { call } from '../../platform';
import { t } from '../../lib/words';
import { attempt, toasts } from '../../state/toasts.svelte';

/** Asks for the place, has the file written there and says so; nothing when no place was chosen. */
export function writeChosen(
  purpose: PickPurpose,
  name: string,
  write: (path: string) => Promise<unknown>,
) {
  return attempt(async () => {
    const { paths } = await call('file.pick', { purpose, name });
    const path = paths[0];
    if (!path) return;
    await write(path);
    toasts.say(t('ui.plan.fileWritten'), {
      label: t('ui.pdf.reveal'),
      run: () => void attempt(() => call('file.reveal', { path })),
    });
  });
}
