// What stands against freezing, in words, and where it is put right.
import type { Hindrance, StudyDoc } from '../../platform/contract.gen';
import { textIn } from '../../lib/doc';
import { locale } from '../../lib/locale.svelte';
import { fieldName, fieldOfRegister, registerName } from '../../lib/reference';
import { t } from '../../lib/words';

/** What a register is called together with the part that it belongs to. */
export function placeName(
  doc: StudyDoc | null,
  entity: string | null,
  field: string,
  kind = 'study',
): string {
  const part = doc?.entities.find((one) => one.id === entity);
  const known = fieldOfRegister(part?.kind ?? kind, field);
  // A field as a whole is in no language.
  const name = known?.name === field ? fieldName(known) : registerName(part?.kind ?? kind, field);
  if (!part || part.kind === 'study') return name;
  const parent = doc?.entities.find((one) => one.id === part.parent);
  const own = ['name', 'title', 'measure', 'facility']
    .map((label) => textIn(part, label, locale.lang))
    .find(Boolean);
  const above = textIn(parent, 'title', locale.lang);
  const where = own || (part.kind === 'block' ? above : '');
  return where ? t('ui.version.placeOf', { where, name }) : name;
}

/** A hindrance as a sentence. */
export function hindranceText(doc: StudyDoc | null, hindrance: Hindrance): string {
  const { what, entity, field, n } = hindrance;
  switch (what) {
    case 'conflict':
      return t('ui.version.hinder.conflict', { what: placeName(doc, entity, field) });
    case 'doubled': {
      const part = doc?.entities.find((one) => one.id === entity);
      return t('ui.version.hinder.doubled', {
        text: textIn(part, 'text', locale.lang).slice(0, 40),
      });
    }
    case 'draft':
      return t('ui.version.hinder.draft', { what: placeName(doc, entity, field) });
    case 'suggestion':
      return t('ui.version.hinder.suggestion', { n });
    case 'unsent':
      return t('ui.version.hinder.unsent', { n });
    default:
      return t('ui.version.hinder.setAside', { n });
  }
}

/** What was left out of a version, in words. */
export function leftOutText(doc: StudyDoc | null, path: string): string {
  if (path === 'suggestions' || path === 'suggestion') return t('ui.version.left.suggestions');
  if (path.startsWith('doubled/')) return t('ui.version.left.doubled');
  if (path === 'unsent') return t('ui.version.left.unsent');
  if (path === 'setAside') return t('ui.version.left.setAside');
  const parts = path.split('/');
  const field = parts.at(-1) ?? path;
  if (parts.length < 3) return placeName(doc, doc?.id ?? null, field);
  return placeName(doc, parts[1] ?? null, field, parts[0]);
}
