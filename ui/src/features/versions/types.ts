// What the host says about checks, registration and Word files.
import type { EntityId, Lang, StudyId } from '../../platform/contract.gen';

export interface FactPlace {
  kind: string;
  entity: EntityId | null;
  field: string;
}

export interface CheckRow {
  key: string;
  number: string;
  code: string;
  group: string;
  kind: string;
  title: { zh: string; en: string };
  level: number;
  required: boolean;
  status: 'met' | 'partly' | 'empty' | 'notApplicable';
  /** Why it does not apply. */
  reason: string;
  places: FactPlace[];
  /** Where to write what is missing. */
  missing: FactPlace[];
  remarks: string[];
}

export interface CheckSheet {
  template: string;
  name: { zh: string; en: string };
  source: string;
  article: string;
  validFrom: string;
  verification: string;
  rows: CheckRow[];
}

export interface RegistryRow {
  page: { zh: string; en: string };
  key: string;
  number: string;
  /** Which of the repeated ones it is, from 1; 0 for a field that stands once. */
  repeat: number;
  label: { zh: string; en: string };
  required: 'yes' | 'no' | 'unknown';
  lang: 'pair' | 'public' | 'zh' | 'any' | 'same';
  zh: string;
  en: string;
  wasZh: string;
  wasEn: string;
  changed: boolean;
  missing: boolean;
  /** Whether it rests on a conflict. */
  unresolved: boolean;
  places: FactPlace[];
  fill: FactPlace[];
  verification: string;
}

export interface RegistrySheet {
  registry: string;
  name: { zh: string; en: string };
  source: string;
  verification: string;
  uploadedOn: string;
  rows: RegistryRow[];
  nMissing: number;
  nChanged: number;
}

export type FoundBy = 'mark' | 'equal' | 'similar' | 'chosen' | 'new';

export interface WordBlock {
  kind: string;
  text: string;
  known: EntityId | null;
  knownText: string;
  found: FoundBy;
  percent: number;
  unsure: boolean;
  same: boolean;
  moved: boolean;
  splitFrom: EntityId | null;
  merged: EntityId[];
  suggestions: number;
}

export interface WordSection {
  number: string;
  title: string;
  level: number;
  by: 'style' | 'number' | 'bold' | 'start';
  known: EntityId | null;
  knownTitle: string;
  found: FoundBy;
  percent: number;
  blocks: WordBlock[];
}

export interface WordGone {
  block: EntityId;
  section: EntityId;
  text: string;
}

export interface WordCounts {
  sections: number;
  newSections: number;
  blocks: number;
  same: number;
  changed: number;
  new: number;
  moved: number;
  unsure: number;
  gone: number;
  suggestions: number;
}

export interface WordPreview {
  preview: number;
  lang: Lang;
  sections: WordSection[];
  gone: WordGone[];
  counts: WordCounts;
  warnings: string[];
  notCarried: string[];
}

export type SectionTarget = { is: 'known'; id: EntityId } | { is: 'new' } | { is: 'skip' };

export interface WordChoices {
  lang: Lang | null;
  sections: { section: number; to: SectionTarget }[];
  blocks: { section: number; block: number; known: EntityId | null }[];
  keepGone: boolean;
  keep: EntityId[];
}

export interface WordReport {
  counts: WordCounts;
  /** Registers that were changed here meanwhile: both values stand. */
  conflicts: number;
  notCarried: string[];
  warnings: string[];
}

type Call<Req, Res> = { req: Req; res: Res };
export interface VersionCommands {
  'protocol.check': Call<{ study: StudyId; template: string }, CheckSheet>;
  'word.read': Call<{ study: StudyId; path: string }, WordPreview>;
  'word.run': Call<{ study: StudyId; preview: number; choices: WordChoices }, WordReport>;
  'registry.sheet': Call<{ study: StudyId; registry: string }, RegistrySheet>;
  'registry.note': Call<{ study: StudyId; registry: string; date: string; note: string }, unknown>;
}
