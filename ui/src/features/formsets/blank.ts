// The places of an office's own blank, each with the field that goes into it: what a person decided
// goes before what is proposed.
import type {
  Bilingual,
  Blank,
  BlankCell,
  BlankLook,
  BlankPlace,
  FormSetCell,
  SetForm,
  SetFormField,
} from '../../platform/contract.gen';

/** Points in a millimetre. */
const POINTS = 72 / 25.4;

/** A place as the list shows it. */
export interface PlaceRow {
  place: BlankPlace;
  /** `PART.FIELD`; empty where the place is left blank. */
  field: string;
  /** The field that is like it, while the place takes none. */
  proposed: string;
  likeness: number;
  /** What would stand there; nothing where no study is looked at. */
  value: FormSetCell | undefined;
}

/** The places of a blank, and those that a person chose in none of its lists. */
export function rowsOf(
  blank: Blank,
  look: BlankLook | null,
  values: FormSetCell[] | undefined,
): PlaceRow[] {
  const cellAt = (at: string) => blank.cells.find((cell) => cell.at === at);
  const valueAt = (at: string) => values?.find((value) => value.at === at);
  const found = (look?.places ?? []).map((one) => {
    const field = cellAt(one.place.at)?.field ?? '';
    return {
      place: one.place,
      field,
      proposed: field ? '' : one.field,
      likeness: one.likeness,
      value: valueAt(one.place.at),
    };
  });
  const known = new Set(found.map((row) => row.place.at));
  const more = blank.cells.filter((cell) => !known.has(cell.at));
  return [
    ...found,
    ...more.map((cell) => ({
      place: { at: cell.at, how: cell.how, label: '', holds: '', says: cell.says },
      field: cell.field,
      proposed: '',
      likeness: 0,
      value: valueAt(cell.at),
    })),
  ];
}

/** Puts a field into a place; without one the place is left blank. */
export function put(blank: Blank, place: BlankPlace, field: string): void {
  const at = blank.cells.findIndex((cell) => cell.at === place.at);
  const cell: BlankCell = { field, at: place.at, how: place.how, says: place.says };
  if (!field) {
    if (at >= 0) blank.cells.splice(at, 1);
  } else if (at >= 0) blank.cells[at] = { ...cell, how: blank.cells[at]!.how };
  else blank.cells.push(cell);
}

/** Accepts what is proposed for places that take nothing. */
export function putProposed(blank: Blank, rows: PlaceRow[]): void {
  for (const row of rows) if (row.proposed) put(blank, row.place, row.proposed);
}

/** The label of a field of a form, or of one of its facts, by its name: `PART.FIELD`, `PART.FIELD#2`. */
export function labelOf(form: SetForm, name: string): Bilingual | undefined {
  for (const part of form.parts)
    for (const field of part.fields) {
      const key = `${part.key}.${field.key}`;
      if (key === name) return field.label;
      const found = piecesOf(field).findIndex((_, n) => `${key}#${n + 1}` === name);
      if (found >= 0) return piecesOf(field)[found];
    }
  return undefined;
}

/** What the facts of a field are called; empty where it says but one. As `formset::pieces`. */
export function piecesOf(field: SetFormField): Bilingual[] {
  const n = field.fill.length;
  if (n < 2 || field.kind !== 'text') return [];
  const split = (label: string, between: RegExp) => {
    const parts = label.split(between).map((part) => part.trim());
    return parts.length === n ? parts : field.fill.map((_, at) => `${label} (${at + 1})`);
  };
  const en = split(field.label.en, / and |, |\//);
  return split(field.label.zh, /[与和、/，]/).map((zh, at) => ({ zh, en: en[at]! }));
}

/** A rectangle on a page of a PDF. Units: millimetres. */
export interface Rect {
  page: number;
  left: number;
  top: number;
  width: number;
  height: number;
}

/** A rectangle as a place of a PDF. */
export function placeOf(rect: Rect): BlankPlace {
  const points = (mm: number) => String(Math.round(mm * POINTS * 10) / 10);
  const sides = [rect.left, rect.top, rect.width, rect.height].map(points).join(',');
  return { at: `page:${rect.page}@${sides}`, how: 'lines', label: '', holds: '', says: '' };
}

/** A place of a PDF as a rectangle; nothing when it is none. */
export function rectOf(at: string): Rect | undefined {
  const found = /^page:(\d+)@([\d.]+),([\d.]+),([\d.]+),([\d.]+)$/.exec(at);
  if (!found) return undefined;
  const mm = (text: string | undefined) => Math.round(Number(text) / POINTS);
  const [, page, left, top, width, height] = found;
  return {
    page: Number(page),
    left: mm(left),
    top: mm(top),
    width: mm(width),
    height: mm(height),
  };
}

/** Whether a rectangle lies on a page that the PDF has. */
export function isOnPage(rect: Rect, look: BlankLook): boolean {
  const size = look.pages[rect.page - 1];
  if (!size) return false;
  const [width, height] = size;
  return (
    [rect.left, rect.top].every((side) => side >= 0) &&
    [rect.width, rect.height].every((side) => side > 0) &&
    (rect.left + rect.width) * POINTS <= width + 1 &&
    (rect.top + rect.height) * POINTS <= height + 1
  );
}
