// Half hours to choose from.

const HALVES = Array.from({ length: 48 }, (_, n) => {
  const hour = String(Math.floor(n / 2)).padStart(2, '0');
  return `${hour}:${n % 2 ? '30' : '00'}`;
});

/** Every half hour of a day, with the one that is set when it is another time. */
export const hoursWith = (set: string): string[] =>
  HALVES.includes(set) ? HALVES : [...HALVES, set].sort();
