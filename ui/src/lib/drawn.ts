// Rows far from the view are there as text alone; whoever goes to one asks for the whole of it.

/** The event by which a row is asked for. */
export const DRAW = 'rowdraw';

/** Has a row drawn whole, before this returns. */
export function drawWhole(row: Element | null | undefined): void {
  row?.dispatchEvent(new CustomEvent(DRAW));
}
