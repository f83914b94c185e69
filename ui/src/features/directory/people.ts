// People and organisations as lists: names, what is found by typing, orders that cost nothing twice.
import type { OrganisationRow, PersonRow } from '../../platform/contract.gen';
import { collate, fold } from '../../lib/fold';
import { codeText } from '../../lib/reference';
import { join, tData } from '../../lib/words';
import { RUNGS } from './credential';

interface Named {
  nameZh: string;
  nameEn: string;
}

/** The name in the language of the interface, else the other one. */
export const nameOf = (row: Named) => tData({ zh: row.nameZh, en: row.nameEn });

/** The name in the other language, where there are two. */
export function otherNameOf(row: Named): string {
  const other = nameOf(row) === row.nameZh ? row.nameEn : row.nameZh;
  return other === nameOf(row) ? '' : other;
}

export const rolesText = (row: PersonRow) =>
  join(row.roles.map((role) => codeText('contactRole', role)));

const digits = (text: string) => text.replace(/\D/g, '');

function personWords(row: PersonRow): string {
  return [
    row.nameZh,
    row.nameEn,
    ...[row.title, row.organisationName, row.department].flatMap((one) => [one.zh, one.en]),
    row.mobile,
    row.phone,
    digits(row.mobile),
    digits(row.phone),
    row.email,
    row.wechat,
    ...row.roles.map((role) => codeText('contactRole', role)),
  ].join(' ');
}

function organisationWords(row: OrganisationRow): string {
  return [row.nameZh, row.nameEn, row.short, row.city, codeText('organisationKind', row.kind)].join(
    ' ',
  );
}

/** Rows with their folded words, folded once; asked at every letter that is typed. */
export class Finder<T> {
  readonly #words = new Map<T, string>();
  constructor(
    readonly rows: T[],
    private readonly say: (row: T) => string,
  ) {}

  /** Rows in which every word stands. */
  find(query: string, rows: T[] = this.rows): T[] {
    const words = fold(query).split(/\s+/).filter(Boolean);
    if (words.length === 0) return rows;
    return rows.filter((row) => {
      const text = this.#of(row);
      return words.every((word) => text.includes(word));
    });
  }

  #of(row: T): string {
    let text = this.#words.get(row);
    if (text === undefined) {
      text = fold(this.say(row));
      this.#words.set(row, text);
    }
    return text;
  }
}

export const peopleFinder = (rows: PersonRow[]) => new Finder(rows, personWords);
export const organisationFinder = (rows: OrganisationRow[]) => new Finder(rows, organisationWords);

/** Places of texts in the order of people: thousands of rows are compared by number then. */
export class Ranks<T> {
  readonly #byColumn = new Map<string, Map<string, number>>();
  constructor(private readonly rows: T[]) {}

  of(column: string, text: (row: T) => string, row: T): number {
    let ranks = this.#byColumn.get(column);
    if (!ranks) {
      const texts = [...new Set(this.rows.map(text))].sort(byName);
      ranks = new Map(texts.map((one, place) => [one, place]));
      this.#byColumn.set(column, ranks);
    }
    return ranks.get(text(row)) ?? ranks.size;
  }
}

/** Empty ones last. */
const byName = (a: string, b: string) => (a && b ? collate(a, b) : a ? -1 : b ? 1 : 0);

/** Certificates that want something done first; nothing asked for last. */
export const stateRank = (row: PersonRow) =>
  row.state === null ? RUNGS.length : RUNGS.indexOf(row.state);

export interface PeopleFilters {
  state: string[];
  role: string[];
  organisation: string[];
  archived: boolean;
}

const any = (wanted: string[], has: string[]) =>
  wanted.length === 0 || wanted.some((one) => has.includes(one));

/** People that fit what is chosen beside the words. */
export function fitting(rows: PersonRow[], chosen: PeopleFilters): PersonRow[] {
  return rows.filter(
    (row) =>
      row.archived === chosen.archived &&
      any(chosen.state, [row.state ?? 'none']) &&
      any(chosen.role, row.roles) &&
      any(chosen.organisation, [row.organisation ?? '']),
  );
}

export interface Counted {
  value: string;
  label: string;
  n: number;
}

/** Values that occur, with how many rows carry them, the most first. */
export function counted(
  rows: PersonRow[],
  valuesOf: (row: PersonRow) => string[],
  name: (value: string, row: PersonRow) => string,
): Counted[] {
  const found = new Map<string, Counted>();
  for (const row of rows)
    for (const value of valuesOf(row)) {
      const known = found.get(value);
      if (known) known.n += 1;
      else found.set(value, { value, label: name(value, row), n: 1 });
    }
  return [...found.values()].sort((a, b) => b.n - a.n);
}
