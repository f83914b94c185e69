// The help: which page is open, where it was left, and what was looked for.
import { takesText, type Shortcut } from '../../lib/keys';
import { app } from '../../state/app.svelte';
import { route } from '../../state/route.svelte';
import { topicOf, type Topic } from './topics';

export const HELP_KEY: Shortcut = { key: 'F1' };
/** The page of the keyboard's shortcuts; it is made from what the program knows. */
export const KEYS_PAGE = 'keys';

interface At extends Topic {
  /** A block of the page that was looked for. */
  block?: number;
}

class Help {
  isOpen = $state(false);
  /** Over a sheet that is open, since nothing beside it can be reached. */
  isOver = $state(false);
  at = $state.raw<At>({ page: 'README' });
  query = $state('');
  #back = $state.raw<At[]>([]);

  get canGoBack(): boolean {
    return this.#back.length > 0;
  }

  /** The page about where the person is. */
  here(): void {
    this.open(topicOf(app.open ? route.place : null));
  }

  open(at: Topic): void {
    if (!this.isOpen) this.isOver = document.querySelector('dialog[open]') !== null;
    if (this.isOpen && this.at.page !== at.page) this.#back = [...this.#back, this.at];
    if (!this.isOpen) this.#back = [];
    this.query = '';
    this.at = at;
    this.isOpen = true;
  }

  /** Follows a link or a hit. */
  go(at: At): void {
    this.#back = [...this.#back, this.at];
    this.at = at;
    this.query = '';
  }

  back(): void {
    const before = this.#back.at(-1);
    if (!before) return;
    this.#back = this.#back.slice(0, -1);
    this.at = before;
  }

  close(): void {
    this.isOpen = false;
  }

  /** F1 and the question mark, wherever the person is. */
  onkeydown = (event: KeyboardEvent): void => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const isHelp = event.key === HELP_KEY.key && !event.shiftKey;
    const isKeys = ['?', '？'].includes(event.key) && !takesText(event.target);
    if (!isHelp && !isKeys) return;
    event.preventDefault();
    const at = isKeys ? { page: KEYS_PAGE } : topicOf(app.open ? route.place : null);
    const isInside = (event.target as Element).closest?.('[data-help]');
    if (this.isOpen && (isInside || this.at.page === at.page)) this.close();
    else this.open(at);
  };
}

export const help = new Help();
