// What a table knows: order, filter, hidden columns, the active row and the selected ones.
import { collate, matches } from '../lib/fold';
import { prefs } from '../state/prefs.svelte';

export interface Column<T> {
  id: string;
  title: string;
  /** A CSS grid track, in rem or fr. */
  width: string;
  /** The cell as plain text: sorted, filtered and copied by it. */
  text: (row: T) => string;
  /** Sorted by this instead of the text. */
  order?: (row: T) => string | number;
  /** Cannot be hidden. */
  always?: boolean;
  /** Hidden until somebody wants it. */
  spare?: boolean;
  /** Left out when no row fills it, or when there is no room, the lowest first. */
  drop?: number;
  end?: boolean;
}

export interface TableDoors<T> {
  id: string;
  rows: () => T[];
  columns: () => Column<T>[];
  key: (row: T) => string;
}

export class TableModel<T> {
  filter = $state('');
  active = $state(0);
  /** Room for the table. Units: CSS pixels; 0 when not known. */
  width = $state(0);
  selected = $state.raw<ReadonlySet<string>>(new Set());
  #anchor = 0;

  constructor(private readonly doors: TableDoors<T>) {}

  get sort(): { column: string; down: boolean } | undefined {
    return prefs.kept.sort[this.doors.id];
  }

  readonly columns = $derived.by(() => {
    const hidden = prefs.kept.hidden[this.doors.id];
    const wanted = this.doors
      .columns()
      .filter((column) => column.always || (hidden ? !hidden.includes(column.id) : !column.spare));
    // Columns that somebody chose stay, and the table scrolls sideways.
    if (hidden) return wanted;
    const rows = this.doors.rows();
    const speaks = (column: Column<T>) =>
      column.drop === undefined || rows.length === 0 || rows.some((row) => column.text(row) !== '');
    return fitting(wanted.filter(speaks), this.width / rootPx());
  });

  /** The width below which the table scrolls sideways. Units: rem. */
  get leastRem(): number {
    return sum(this.columns);
  }

  readonly rows = $derived.by(() => {
    const columns = this.doors.columns();
    let rows = this.doors.rows();
    if (this.filter.trim()) {
      rows = rows.filter((row) =>
        matches(columns.map((column) => column.text(row)).join(' '), this.filter),
      );
    }
    const sort = this.sort;
    const by = sort && columns.find((column) => column.id === sort.column);
    if (!sort || !by) return rows;
    const value = by.order ?? by.text;
    const sign = sort.down ? -1 : 1;
    return [...rows].sort((a, b) => sign * compare(value(a), value(b)));
  });

  toggleSort(column: string): void {
    const now = this.sort;
    const next =
      now?.column !== column
        ? { column, down: false }
        : now.down
          ? undefined
          : { column, down: true };
    const sort = { ...prefs.kept.sort };
    if (next) sort[this.doors.id] = next;
    else delete sort[this.doors.id];
    prefs.change({ sort });
  }

  toggleColumn(id: string): void {
    const shown = this.columns.map((column) => column.id);
    const hidden = this.doors
      .columns()
      .map((column) => column.id)
      .filter((other) => (other === id ? shown.includes(id) : !shown.includes(other)));
    prefs.change({ hidden: { ...prefs.kept.hidden, [this.doors.id]: hidden } });
  }

  /** Makes a row the active one; Shift extends, Ctrl adds. */
  point(place: number, how: { shift?: boolean; ctrl?: boolean } = {}): void {
    const last = this.rows.length - 1;
    this.active = Math.max(0, Math.min(place, last));
    const row = this.rows[this.active];
    if (!row) return;
    const key = this.doors.key(row);
    if (how.shift) {
      const [from, to] = [this.#anchor, this.active].sort((a, b) => a - b) as [number, number];
      this.selected = new Set(this.rows.slice(from, to + 1).map(this.doors.key));
      return;
    }
    this.#anchor = this.active;
    if (!how.ctrl) {
      this.selected = new Set([key]);
      return;
    }
    const next = new Set(this.selected);
    if (!next.delete(key)) next.add(key);
    this.selected = next;
  }

  selectAll(): void {
    this.selected = new Set(this.rows.map(this.doors.key));
  }

  /** The selected rows as cells, with the heads above them. */
  cells(): string[][] {
    const rows = this.rows.filter((row) => this.selected.has(this.doors.key(row)));
    return [
      this.columns.map((column) => column.title),
      ...rows.map((row) => this.columns.map((column) => column.text(row))),
    ];
  }
}

const END_REM = 2;

/** The least width of a column. Units: rem. */
function leastOf(column: { width: string }): number {
  return Number(/([\d.]+)rem/.exec(column.width)?.[1] ?? 6);
}

const sum = (columns: { width: string }[]) =>
  columns.reduce((total, column) => total + leastOf(column), END_REM);

function rootPx(): number {
  return typeof document === 'undefined'
    ? 16
    : parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
}

/** Columns that there is room for. Units: rem. */
export function fitting<T>(columns: Column<T>[], room: number): Column<T>[] {
  if (!(room > 0)) return columns;
  const weak = columns
    .filter((column) => column.drop !== undefined)
    .sort((a, b) => a.drop! - b.drop!);
  let kept = columns;
  for (const column of weak) {
    if (sum(kept) <= room) break;
    kept = kept.filter((other) => other !== column);
  }
  return kept;
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [x, y] = [String(a), String(b)];
  // Empty ones last, whatever the column.
  if (!x || !y) return x ? -1 : y ? 1 : 0;
  return collate(x, y);
}
