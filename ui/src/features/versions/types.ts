// What the host says about versions, redlines, checks, registration and Word files.
import type {
  EntityId,
  FileWritten,
  JsonValue,
  Lang,
  PdfLang,
  StudyId,
} from '../../platform/contract.gen';

export interface ApprovalRow {
  id: EntityId;
  site: EntityId;
  siteName: string;
  status: string;
  submittedOn: string;
  decidedOn: string;
  letter: string;
  validUntil: string;
  intervalMonths: number | null;
  conditions: string;
  conflict: boolean;
}

export interface VersionRow {
  id: EntityId;
  number: string;
  date: string;
  base: EntityId | null;
  reason: string;
  summaryZh: string;
  summaryEn: string;
  hash: string;
  content: string;
  frozenAt: string;
  frozenBy: string;
  leftOut: string[];
  confirmed: boolean;
  intact: boolean;
  duplicate: boolean;
  state: string;
  approvals: ApprovalRow[];
}

export interface SiteStanding {
  site: EntityId;
  siteName: string;
  current: EntityId | null;
  number: string;
  approvedOn: string;
  letter: string;
  validUntil: string;
  pending: EntityId | null;
}

export interface Standing {
  versions: VersionRow[];
  sites: SiteStanding[];
  workingEquals: EntityId | null;
  changedSince: number;
}

export interface Hindrance {
  what: string;
  path: string;
  entity: EntityId | null;
  field: string;
  n: number;
}

export type MarkKind = 'b' | 'i' | 'u' | 's' | 'sub' | 'sup' | 'a' | 'fn';
export type SpanOp = 'same' | 'insert' | 'delete';
export interface Span {
  op: SpanOp;
  text: string;
  marks: MarkKind[];
  href?: string;
}

export type LineState =
  | { is: 'same' }
  | { is: 'changed' }
  | { is: 'added' }
  | { is: 'removed' }
  | { is: 'moved'; from: EntityId }
  | { is: 'movedAway'; to: EntityId }
  | { is: 'split'; from: EntityId }
  | { is: 'merged'; from: EntityId[] };

export interface Line {
  what: 'fact' | 'title' | 'block';
  entity: EntityId;
  was: EntityId | null;
  section: EntityId | null;
  kind: string;
  name: string;
  level: number;
  list: string;
  table: string;
  layout: string;
  /** Its type, level and list before, where one of them changed. */
  before?: { kind: string; level: number; list: string; table: string; layout: string };
  state: LineState;
  zh: Span[];
  en: Span[];
}

export interface Counts {
  changed: number;
  added: number;
  removed: number;
  moved: number;
}

export interface Redline {
  lines: Line[];
  counts: Counts;
}

export interface RedlineAnswer {
  redline: Redline;
  fromLabel: string;
  toLabel: string;
}

export type RedlineStyle = 'underline' | 'shaded' | 'clean' | 'sideBySide';
export type RedlineFormat = 'pdf' | 'docx' | 'json';

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
  'redline.get': Call<
    { study: StudyId; from: EntityId | null; to: EntityId | null },
    RedlineAnswer
  >;
  'redline.export': Call<
    {
      study: StudyId;
      from: EntityId | null;
      to: EntityId | null;
      site: EntityId | null;
      lang: PdfLang;
      style: RedlineStyle;
      format: RedlineFormat;
      path: string;
    },
    FileWritten
  >;
  'export.word': Call<
    { study: StudyId; version: EntityId | null; lang: PdfLang; path: string },
    FileWritten
  >;
  'export.pdf': Call<
    {
      study: StudyId;
      kind: 'protocol';
      site: null;
      version: EntityId | null;
      lang: PdfLang;
      path: string;
    },
    FileWritten
  >;
  'word.read': Call<{ study: StudyId; path: string }, WordPreview>;
  'word.run': Call<{ study: StudyId; preview: number; choices: WordChoices }, WordReport>;
  'suggestion.settle': Call<{ study: StudyId; suggestion: EntityId; accept: boolean }, unknown>;
  'version.standing': Call<{ study: StudyId }, Standing>;
  'version.hindrances': Call<{ study: StudyId }, { rows: Hindrance[] }>;
  'version.freeze': Call<
    {
      study: StudyId;
      number: string;
      date: string;
      base: EntityId | null;
      fields: Record<string, JsonValue>;
      leaveOut: string[];
    },
    { version: EntityId }
  >;
  'registry.sheet': Call<{ study: StudyId; registry: string }, RegistrySheet>;
  'registry.note': Call<{ study: StudyId; registry: string; date: string; note: string }, unknown>;
  'file.pick': Call<
    { purpose: 'openWord' | 'saveWord' | 'saveJson' | 'savePdf'; name: string },
    { paths: string[] }
  >;
}
