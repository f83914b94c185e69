// Fields, codes, hospitals and templates as the host declares them, ready for looking up.
import type { Center, Code, Field, JsonValue, Reference } from '../platform/contract.gen';
import { locale } from './locale.svelte';
import { showDate } from './dates';
import { join, t, tData } from './words';

let reference: Reference = {
  fields: [],
  codes: [],
  center: { name: { zh: '', en: '' }, hospitals: [], diseaseAreas: [] },
  templates: [],
  roles: [],
};
let fields = new Map<string, Field>();
let nameOfReference: (id: string) => string = () => '';

/** Takes who knows the names of what is referred to. */
export function nameReferences(nameOf: (id: string) => string): void {
  nameOfReference = nameOf;
}

/** Takes what the host declares; called once before the first screen. */
export function useReference(given: Reference): void {
  reference = given;
  fields = new Map(given.fields.map((field) => [`${field.kind} ${field.name}`, field]));
}

export const center = (): Center => reference.center;
export const templates = () => reference.templates;
export const roles = () => reference.roles;

/** A field by kind and name. */
export function fieldOf(kind: string, name: string): Field {
  const field = fields.get(`${kind} ${name}`);
  if (!field) throw new Error(`no field ${kind} ${name}`);
  return field;
}

/** The field that a register belongs to. */
export function fieldOfRegister(kind: string, register: string): Field | undefined {
  return (
    fields.get(`${kind} ${register}`) ?? fields.get(`${kind} ${register.replace(/\.(zh|en)$/, '')}`)
  );
}

/** Fields of a kind in a group, in the order of display. */
export function groupOf(kind: string, group: string): Field[] {
  return reference.fields.filter((field) => field.kind === kind && field.group === group);
}

/** Registers of a field. */
export function registersOf(field: Field): string[] {
  return field.bilingual ? [`${field.name}.zh`, `${field.name}.en`] : [field.name];
}

/** The field's name in the language of the interface. */
export function fieldName(field: Field): string {
  return locale.lang === 'zh' ? field.zh : field.en;
}

/** Begins the register that holds what was typed into a field and is no value of it. */
const TYPED_INTO = 'typed/';

/** The name of a register as people say it. */
export function registerName(kind: string, register: string): string {
  if (register === '_del') return t('ui.register.archived');
  if (register === 'archived') return t('ui.register.archived');
  if (register === 'ord') return t('ui.register.order');
  if (register === 'parent') return t('ui.register.parent');
  if (register === 'joined') return t('ui.register.joined');
  if (register === 'forgotten') return t('ui.people.forgotten');
  if (register.startsWith(TYPED_INTO))
    return t('ui.register.typed', { field: registerName(kind, register.slice(TYPED_INTO.length)) });
  const field = fieldOfRegister(kind, register);
  if (!field) return register;
  const mark = field.bilingual
    ? register.endsWith('.en')
      ? t('ui.lang.inEn')
      : t('ui.lang.inZh')
    : '';
  return mark ? `${fieldName(field)} (${mark})` : fieldName(field);
}

/** Codes of a list, in the order of display. */
export function codesOf(list: string): Code[] {
  if (list === 'hospital') {
    return reference.center.hospitals.map((h) => ({ list, code: h.code, ...h.name }));
  }
  if (list === 'diseaseArea') {
    return reference.center.diseaseAreas.map((area) => ({ list, code: area.code, ...area.name }));
  }
  return reference.codes.filter((code) => code.list === list);
}

/** The words of a code; the code itself when it is unknown. */
export function codeText(list: string, code: string): string {
  const found = codesOf(list).find((entry) => entry.code === code);
  return found ? tData(found) : code;
}

/** A partner hospital's short name. */
export function hospitalShort(code: string): string {
  const found = reference.center.hospitals.find((hospital) => hospital.code === code);
  return found ? tData(found.short) : code;
}

const hospitalNamed = (name: string) =>
  reference.center.hospitals.find(
    (hospital) => hospital.name.zh === name || hospital.name.en === name,
  );

/** A partner hospital's name in the language of the interface; other names as they are. */
export function hospitalName(name: string): string {
  const found = hospitalNamed(name);
  return found ? tData(found.name) : name;
}

/** A partner hospital's short name, by its name; other names as they are. */
export function shortHospitalName(name: string): string {
  const found = hospitalNamed(name);
  return found ? tData(found.short) : name;
}

/** A value as people read it. */
export function showValue(field: Field | undefined, value: JsonValue): string {
  if (value === null || value === '') return '';
  if (typeof value === 'boolean') return value ? t('ui.yes') : t('ui.no');
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return field ? showText(field, value) : value;
  if (!Array.isArray(value) && Array.isArray(value.list)) return join(value.list.map(String));
  if (!Array.isArray(value) && typeof value.$ref === 'string')
    return nameOfReference(value.$ref) || t('ui.people.someEntry');
  if (field?.input === 'file' && !Array.isArray(value)) return String(value.name);
  return JSON.stringify(value);
}

/** A city or country that the center knows, in the language of the interface; others as they are. */
export function placeName(name: string): string {
  if (['China', '中国'].includes(name)) return t('ui.place.china');
  const cities = reference.center.hospitals.map((hospital) => hospital.city);
  const found = cities.find((city) => city.zh === name || city.en === name);
  return found ? tData(found) : name;
}

const PLACES = ['city', 'country', 'region'];

function showText(field: Field, value: string): string {
  if (PLACES.includes(field.name)) return placeName(value);
  if (field.input === 'code') return codeText(field.codes, value);
  if (field.input === 'codes')
    return join(value.split('|').map((code) => codeText(field.codes, code)));
  return field.input === 'date' ? showDate(value) : value;
}
