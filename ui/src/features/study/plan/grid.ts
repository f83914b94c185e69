// Arrow keys in a table that is edited in place, as in a spreadsheet: from cell to cell, over the
// ends of one table into the next.

const FOCUSABLE = '[role="button"][tabindex="0"], button:not(:disabled)';

const inCell = (cell: Element | undefined) => cell?.querySelector<HTMLElement>(FOCUSABLE) ?? null;

/** Rows whose cells are walked; a row that only unfolds what stands behind another is none. */
const rowsOf = (grid: ParentNode) => [
  ...grid.querySelectorAll<HTMLTableRowElement>('tr[data-testid="milestone-row"]'),
];

/** The cell that an arrow leads to; null when there is none that way. */
export function cellAfter(key: string, cell: HTMLTableCellElement, grid: ParentNode) {
  const row = cell.closest('tr');
  const rows = rowsOf(grid);
  const at = row ? rows.indexOf(row) : -1;
  if (!row || at < 0) return null;
  const step = { ArrowUp: -1, ArrowLeft: -1, ArrowDown: 1, ArrowRight: 1 }[key];
  if (step === undefined) return null;
  if (key === 'ArrowLeft' || key === 'ArrowRight') {
    for (let n = cell.cellIndex + step; n >= 0 && n < row.cells.length; n += step) {
      const found = inCell(row.cells[n]);
      if (found) return found;
    }
    return null;
  }
  // What is empty in this column is stepped over.
  for (let n = at + step; n >= 0 && n < rows.length; n += step) {
    const found = inCell(rows[n]?.cells[cell.cellIndex]);
    if (found) return found;
  }
  return null;
}

/** Moves the focus by an arrow key, unless something in the cell has its own use for it. */
export function stepInGrid(event: KeyboardEvent, grid: ParentNode | undefined): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
    return;
  const target = event.target;
  if (!grid || !(target instanceof HTMLElement) || !target.matches(FOCUSABLE)) return;
  const cell = target.closest('td');
  const next = cell && cellAfter(event.key, cell, grid);
  if (!next) return;
  event.preventDefault();
  next.focus();
}
