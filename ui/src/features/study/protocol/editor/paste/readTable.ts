// Tables of the clipboard as rows: cells over several columns, and over several rows.
import { rowOf } from '../rich';
import type { Own, PastedCell, PastedRow, Writing } from './pasted';

type ReadCell = (cell: Element) => { writing: Writing };
type ReadOwn = (element: Element) => { own: Own } | null;

const empty = (span: number, vm: PastedCell['vm']): PastedCell => ({
  rich: { text: '', marks: [] },
  notes: [],
  span,
  vm,
});

const count = (cell: Element, name: string) =>
  Math.min(200, Math.max(1, Number.parseInt(cell.getAttribute(name) ?? '1', 10) || 1));

/** The rows of a table; those of tables inside it are not its own. */
export function readTable(table: Element, readCell: ReadCell, ownOf: ReadOwn): PastedRow[] {
  const rows = Array.from(table.querySelectorAll('tr')).filter(
    (row) => row.closest('table') === table,
  );
  /** By column: how many more rows a cell above reaches down, and over how many columns. */
  const down = new Map<number, { n: number; span: number }>();
  const out = rows.map((row) => {
    const cells: PastedCell[] = [];
    let column = 0;
    const fill = () => {
      for (let above = down.get(column); above; above = down.get(column)) {
        cells.push(empty(above.span, 'cont'));
        if (above.n === 1) down.delete(column);
        else down.set(column, { ...above, n: above.n - 1 });
        column += above.span;
      }
    };
    const tds = Array.from(row.children).filter((cell) => /^T[DH]$/.test(cell.tagName));
    for (const td of tds) {
      fill();
      const span = count(td, 'colspan');
      const n = count(td, 'rowspan') - 1;
      const { writing } = readCell(td);
      const said = td.getAttribute('data-vm');
      const vm = said === 'start' || said === 'cont' ? said : n > 0 ? 'start' : '';
      cells.push({ rich: writing.rich(), notes: writing.notes, span, vm });
      if (n > 0) down.set(column, { n, span });
      column += span;
    }
    fill();
    const head = row.parentElement?.tagName === 'THEAD' || tds.every((td) => td.tagName === 'TH');
    return { cells, head: head && tds.length > 0, own: ownOf(row)?.own ?? null };
  });
  return out.filter(
    (row) => row.cells.length > 0 && (row.own || rowOf(row.cells.map((cell) => cell.rich)).text),
  );
}
