// Undo and redo over the commits of this sitting, said in words.
import { call } from '../platform';
import { registerName } from '../lib/reference';
import { t } from '../lib/words';
import { attempt, toasts } from './toasts.svelte';
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
  const what = result.field
    ? await nameOf(result.study, result.entity, result.field)
    : t('ui.undo.change');
  toasts.say(t(way === 'undo' ? 'ui.undo.done' : 'ui.redo.done', { what }));
}

async function nameOf(study: string | null, entity: string | null, field: string): Promise<string> {
  if (!study) return field;
  const doc = await call('study.get', { study }).catch(() => null);
  const kind = doc?.doc.entities.find((part) => part.id === entity)?.kind ?? 'study';
  return registerName(kind, field);
}
