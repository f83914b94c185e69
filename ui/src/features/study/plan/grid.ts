// A table that is edited in place, by keys as in a spreadsheet: one stop for Tab, arrows from cell to
// cell, over the ends of one table into the next. A row far from the view, which is there as text
// alone, is drawn whole before it is stepped into.
import { drawWhole } from '../../../lib/drawn';

// What opens over a cell, and what is there for the mouse alone, is no stop of the table.
const FOCUSABLE = '[role="button"][tabindex], button:not(:disabled, [role], .tools *)';
const ROW = 'tr[data-testid="milestone-row"]';

/** Everything in a cell or a row that takes the focus, as it stands there. */
const stopsIn = (part: ParentNode | undefined) =>
  [...(part?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].filter(
    (stop) => !stop.closest('dialog'),
  );

/** Where an arrow, Home or End leads to from something in a cell; null when there is nothing that way. */
function stopAfter(key: string, from: HTMLElement, cell: HTMLTableCellElement, grid: ParentNode) {
  // A row that only unfolds what stands behind another is not walked.
  const row = cell.closest<HTMLTableRowElement>(ROW);
  if (!row) return null;
  const beside = stopsIn(row);
  const at = beside.indexOf(from);
  if (key === 'ArrowLeft') return beside[at - 1] ?? null;
  if (key === 'ArrowRight') return beside[at + 1] ?? null;
  if (key === 'Home') return beside[0] ?? null;
  if (key === 'End') return beside.at(-1) ?? null;
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (step === undefined) return null;
  const rows = [...grid.querySelectorAll<HTMLTableRowElement>(ROW)];
  const place = stopsIn(cell).indexOf(from);
  // What is empty in this column is stepped over.
  for (let n = rows.indexOf(row) + step; n >= 0 && n < rows.length; n += step) {
    drawWhole(rows[n]);
    const found = stopsIn(rows[n]?.cells[cell.cellIndex]);
    if (found.length > 0) return found[Math.min(place, found.length - 1)] ?? null;
  }
  return null;
}

/** Where Tab leads to out of a cell that is being typed in; null past the ends of the table. */
function cellBeside(cell: HTMLTableCellElement, step: 1 | -1) {
  const rows = [...(cell.closest('table')?.querySelectorAll<HTMLTableRowElement>(ROW) ?? [])];
  let n = rows.findIndex((row) => row.contains(cell));
  for (let at = cell.cellIndex + step; n >= 0 && n < rows.length; at += step) {
    const beside = rows[n]?.cells[at];
    const found = stopsIn(beside)[0];
    if (found) return found;
    if (beside) continue;
    n += step;
    drawWhole(rows[n]);
    at = step > 0 ? -1 : (rows[n]?.cells.length ?? 0);
  }
  return null;
}

/** Moves the focus by a key, unless something in the cell has its own use for it. */
export function stepInGrid(event: KeyboardEvent, grid: ParentNode | undefined): void {
  const { target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!grid || !(target instanceof HTMLElement) || target.closest('dialog')) return;
  const cell = target.closest('td');
  if (!cell) return;
  let next: HTMLElement | null = null;
  if (target.matches(FOCUSABLE))
    next = event.shiftKey ? null : stopAfter(event.key, target, cell, grid);
  else if (event.key === 'Tab' && cell.closest(ROW))
    next = cellBeside(cell, event.shiftKey ? -1 : 1);
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Lets Tab stop once in each table: where one was, at first at its beginning. */
export function oneStop(grid: HTMLElement): () => void {
  const last = new WeakMap<Element, HTMLElement>();
  function settle() {
    for (const table of grid.querySelectorAll('table')) {
      const stops = [...table.querySelectorAll(ROW)].flatMap(stopsIn);
      const was = last.get(table);
      const here = was && stops.includes(was) ? was : stops[0];
      for (const stop of stops) {
        const tabIndex = stop === here ? 0 : -1;
        if (stop.tabIndex !== tabIndex) stop.tabIndex = tabIndex;
      }
    }
  }
  function onfocusin({ target }: FocusEvent) {
    const table = target instanceof HTMLElement && target.closest(ROW)?.closest('table');
    if (!table || !(target as HTMLElement).matches(FOCUSABLE)) return;
    last.set(table, target as HTMLElement);
    settle();
  }
  // A cell that was typed in is another element afterwards.
  const watch = new MutationObserver(settle);
  watch.observe(grid, { childList: true, subtree: true });
  grid.addEventListener('focusin', onfocusin);
  settle();
  return () => {
    watch.disconnect();
    grid.removeEventListener('focusin', onfocusin);
  };
}
