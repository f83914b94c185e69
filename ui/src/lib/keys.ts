// Keyboard: shortcuts by name, and what they are called.

export interface Shortcut {
  key: string;
  ctrl?: boolean;
  shift?: boolean;
}

const isMac = () => /mac/i.test(globalThis.navigator?.platform ?? '');

/** Whether an event is a shortcut; never while text is being composed. */
export function isShortcut(event: KeyboardEvent, shortcut: Shortcut): boolean {
  if (event.isComposing || event.keyCode === 229) return false;
  const ctrl = isMac() ? event.metaKey : event.ctrlKey;
  return (
    event.key.toLowerCase() === shortcut.key.toLowerCase() &&
    ctrl === Boolean(shortcut.ctrl) &&
    event.shiftKey === Boolean(shortcut.shift) &&
    !event.altKey
  );
}

/** The shortcut as menus show it. */
export function showShortcut(shortcut: Shortcut): string {
  const parts = [
    shortcut.ctrl && (isMac() ? '⌘' : 'Ctrl'),
    shortcut.shift && 'Shift',
    shortcut.key.toUpperCase(),
  ];
  return parts.filter(Boolean).join('+');
}

/** Whether Enter was meant as Enter and not as a choice of the input method. */
export function isEnter(event: KeyboardEvent): boolean {
  return event.key === 'Enter' && !event.isComposing && event.keyCode !== 229;
}

/** Whether an element takes typed text, so that plain shortcuts belong to it. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return (
    target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)
  );
}

/** The place in a list that a key leads to from a place; null when the key is none of a list's. */
export function placeAfter(key: string, at: number, count: number): number | null {
  const step = {
    j: at + 1,
    ArrowDown: at + 1,
    k: at - 1,
    ArrowUp: at - 1,
    Home: 0,
    End: count - 1,
  }[key];
  if (step === undefined || count === 0) return null;
  return Math.max(0, Math.min(step, count - 1));
}
