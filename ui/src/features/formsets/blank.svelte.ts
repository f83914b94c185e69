// The blank of the form that is shown: its file looked into, another one taken.
import type { BlankLook, SetForm } from '../../platform/contract.gen';
import { t } from '../../lib/words';
import { call, HostFailure } from '../../platform';
import { attempt, toasts } from '../../state/toasts.svelte';
import type { Draft } from './formsets.svelte';

export class BlankFile {
  look = $state.raw<BlankLook | null>(null);
  /** The name of the file while it is not on this laptop. */
  elsewhere = $state('');
  /** Places of the file before that the new one does not have. */
  lost = $state.raw<string[]>([]);
  nMoved = $state(0);
  busy = $state(false);
  #shown = '';

  constructor(readonly draft: Draft) {}

  /** Looks into the blank of a form, once for each file. */
  async show(form: SetForm): Promise<void> {
    const blank = form.blank;
    const key = `${form.key} ${blank?.sha256 ?? ''}`;
    if (key === this.#shown) return;
    this.#shown = key;
    this.look = null;
    this.elsewhere = '';
    this.lost = [];
    this.nMoved = 0;
    if (!blank) return;
    try {
      const look = await call('formset.blankLook', { form });
      if (key === this.#shown) this.look = look;
    } catch (error) {
      if (key !== this.#shown) return;
      if (error instanceof HostFailure && error.failure.code === 'blank.elsewhere')
        this.elsewhere = blank.name;
      else toasts.fail(error);
    }
  }

  /** Takes a file as the blank of a form; what was mapped goes along. */
  async take(form: SetForm, path: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const taken = await attempt(() => call('formset.blankTake', { path, form }));
    this.busy = false;
    if (!taken) return;
    this.#shown = `${form.key} ${taken.blank.sha256}`;
    this.look = taken.look;
    this.elsewhere = '';
    this.lost = taken.lost;
    this.nMoved = taken.moved.length;
    this.draft.change((set) => {
      const own = set.forms.find((one) => one.key === form.key);
      if (own) own.blank = taken.blank;
    });
    toasts.say(t('ui.blank.taken', { file: taken.blank.name }));
  }

  /** Asks for a file, and takes it. */
  async choose(form: SetForm): Promise<void> {
    const picked = await attempt(() => call('file.pick', { purpose: 'openBlank', name: '' }));
    const path = picked?.paths[0];
    if (path) await this.take(form, path);
  }
}
