// Keeps in step with the host which day it is, also after a night with the lid closed.
import { call } from '../platform';
import { day } from '../lib/day.svelte';

// Longer waits are cut by the browser.
const WAIT_MAX_S = 3600;

let late: ReturnType<typeof setTimeout> | undefined;

/** Asks the host which day it is, and again when that day is over. */
export async function askToday(): Promise<void> {
  clearTimeout(late);
  const answer = await call('app.day', {});
  if (day.today !== answer.today) day.today = answer.today;
  clearTimeout(late);
  late = setTimeout(() => void askAgain(), Math.min(answer.left, WAIT_MAX_S) * 1000);
}

// The day that is known stays until the host answers.
const askAgain = () => askToday().catch(() => undefined);

/** Asks again whenever the window comes back into view. */
export function followToday(): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') void askAgain();
  };
  document.addEventListener('visibilitychange', look);
  window.addEventListener('focus', look);
  return () => {
    clearTimeout(late);
    document.removeEventListener('visibilitychange', look);
    window.removeEventListener('focus', look);
  };
}
