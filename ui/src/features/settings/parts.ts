// The parts of the settings, and which of them is in sight.
import type { LabelKey } from '../../lib/words';

export const PARTS = [
  { id: 'profile', title: 'ui.settings.profile' },
  { id: 'look', title: 'ui.settings.look' },
  { id: 'reminders', title: 'ui.reminder.title' },
  { id: 'calendar', title: 'ui.calendar.title' },
  { id: 'safety', title: 'ui.settings.safety' },
  { id: 'copies', title: 'ui.settings.copies' },
  { id: 'center', title: 'ui.settings.center' },
  { id: 'laptops', title: 'ui.laptop.title' },
  { id: 'stick', title: 'ui.stick.title' },
  { id: 'verify', title: 'ui.settings.verify' },
  { id: 'about', title: 'ui.settings.about' },
] as const satisfies readonly { id: string; title: LabelKey }[];

// A part counts as reached when its head is this near to the top. Units: CSS pixels.
const NEAR_PX = 80;

/** The last part whose head has been reached; the last one of all at the page's end. */
export function partInSight(
  parts: { id: string; top: number }[],
  atEnd: boolean,
): string | undefined {
  if (atEnd) return parts.at(-1)?.id;
  return parts.findLast((part) => part.top <= NEAR_PX)?.id ?? parts[0]?.id;
}
