// Short messages that pass; a failure stays until it is closed.
import { errorText, traceOf } from '../lib/failures';

export interface ToastAction {
  label: string;
  run: () => void;
  /** Takes back the newest save: gone once another one follows. */
  isUndo?: boolean;
}

export interface Toast {
  id: number;
  text: string;
  kind: 'done' | 'failed';
  trace: string;
  /** What can be done next. */
  actions: ToastAction[];
}

const SHOWN_MS = 5000;
const CHOICE_MS = 12000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  say(text: string, ...actions: ToastAction[]): void {
    const id = this.#add({ text, kind: 'done', trace: '', actions });
    // A choice needs a little longer than a word.
    setTimeout(() => this.close(id), actions.length > 1 ? CHOICE_MS : SHOWN_MS);
  }

  fail(error: unknown): void {
    this.#add({ text: errorText(error), kind: 'failed', trace: traceOf(error), actions: [] });
  }

  /** Takes away what would take back a save that is not the newest any more. */
  dropUndo(): void {
    this.list = this.list.filter((toast) => !toast.actions.some((action) => action.isUndo));
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #add(toast: Omit<Toast, 'id'>): number {
    const id = this.#next++;
    this.list = [...this.list.filter((old) => old.text !== toast.text).slice(-2), { ...toast, id }];
    return id;
  }
}

export const toasts = new Toasts();

/** Runs something and shows its failure. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    toasts.fail(error);
    return undefined;
  }
}
