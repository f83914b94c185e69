// Locks after rest: any key, pointer or wheel counts as work.

const CHECK_MS = 5000;
const SIGNS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const;

/** Calls `lock` after so many minutes without a sign; 0 minutes means never. */
export function watchIdle(minutes: () => number, lock: () => void, now = Date.now): () => void {
  let last = now();
  const sign = () => {
    last = now();
  };
  for (const name of SIGNS) addEventListener(name, sign, { capture: true, passive: true });
  const timer = setInterval(() => {
    if (minutes() > 0 && now() - last >= minutes() * 60_000) {
      last = now();
      lock();
    }
  }, CHECK_MS);
  return () => {
    clearInterval(timer);
    for (const name of SIGNS) removeEventListener(name, sign, { capture: true });
  };
}
