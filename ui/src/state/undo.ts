// Undo and redo over the commits of this sitting, said in words.
import { call } from '../platform';
import { registerName } from '../lib/reference';
import { t } from '../lib/words';
import { attempt, toasts, type ToastAction } from './toasts.svelte';
import { saving } from './sync.svelte';

/** Takes back, or does again, the last change of this sitting. */
export async function step(way: 'undo' | 'redo'): Promise<void> {
  const result = await attempt(() =>
    saving.during(() => call(way === 'undo' ? 'edit.undo' : 'edit.redo', {})),
  );
  if (!result) return;
  if (!result.done) {
    toasts.say(t(way === 'undo' ? 'ui.undo.nothing' : 'ui.redo.nothing'));
    return;
  }
  const what =
    result.field && result.kind ? registerName(result.kind, result.field) : t('ui.undo.change');
  toasts.say(t(way === 'undo' ? 'ui.undo.done' : 'ui.redo.done', { what }));
}

/** Offers to take back what was saved just now. */
export const undoing = (n = 1): ToastAction => ({
  label: t('ui.undo'),
  run: () => void takeBack(n),
  isUndo: true,
});

/** Takes back several saves that belong together, the newest first. */
async function takeBack(n: number): Promise<void> {
  for (let i = 0; i < n; i += 1)
    if (!(await attempt(() => saving.during(() => call('edit.undo', {}))))) return;
  toasts.say(t('ui.undo.done', { what: t('ui.undo.change') }));
}
