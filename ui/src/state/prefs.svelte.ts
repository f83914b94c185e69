// How the interface looks on this laptop; nothing of a vault is in it.

export type Theme = 'system' | 'light' | 'dark';
export const TEXT_SIZES = [87.5, 100, 112.5, 125, 150] as const;

const KEY = 'pidesk.prefs';

interface Kept {
  theme: Theme;
  textSize: number;
  narrowRail: boolean;
  /** How the list of today is grouped. */
  todayBy: 'urgency' | 'study';
  /** How the matrix of submissions is filtered, by codes alone. */
  submissions: Record<string, string | boolean>;
  hidden: Record<string, string[]>;
  sort: Record<string, { column: string; down: boolean }>;
}

function read(): Kept {
  const start: Kept = {
    theme: 'system',
    textSize: 100,
    narrowRail: false,
    todayBy: 'urgency',
    submissions: {},
    hidden: {},
    sort: {},
  };
  try {
    return { ...start, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Kept>) };
  } catch {
    return start;
  }
}

class Prefs {
  kept = $state<Kept>(read());

  change(part: Partial<Kept>): void {
    Object.assign(this.kept, part);
    localStorage.setItem(KEY, JSON.stringify(this.kept));
    this.apply();
  }

  /** Puts theme and text size on the page. */
  apply(): void {
    const html = document.documentElement;
    if (this.kept.theme === 'system') delete html.dataset.theme;
    else html.dataset.theme = this.kept.theme;
    html.style.fontSize = `${this.kept.textSize}%`;
  }
}

export const prefs = new Prefs();
