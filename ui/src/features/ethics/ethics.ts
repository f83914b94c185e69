// Words and rules of submissions that several views share.
import type {
  ListStatus,
  SentPackage,
  SubmissionRow,
  SubmissionSheet,
  SubmissionState,
  SubmissionStep,
  SubmissionFinding,
  SubmissionRule,
} from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { codeText } from '../../lib/reference';
import { t, tCode, tData } from '../../lib/words';

/** Steps that may follow a state; the host has the last word. */
const STEPS: Record<SubmissionState, SubmissionStep[]> = {
  draft: ['check', 'send', 'withdraw'],
  checked: ['send', 'check', 'withdraw'],
  sent: ['accept', 'query', 'decide', 'withdraw'],
  accepted: ['query', 'decide', 'withdraw'],
  queried: ['answer', 'decide', 'withdraw'],
  answered: ['decide', 'query', 'withdraw'],
  decided: ['file', 'decide'],
  filed: [],
  withdrawn: [],
};
export const stepsOf = (state: SubmissionState) => STEPS[state];

export const isEditable = (state: SubmissionState) => state === 'draft' || state === 'checked';

/** The language of a package in words; empty where it was not noted. */
export const langText = (lang: string) =>
  lang === 'zh' || lang === 'en' || lang === 'both' ? t(`ui.pdf.lang.${lang}`) : '';

/** What was sent goes by the hash of its manifest: a draft that was withdrawn has none. */
export const wasSent = (sheet: Pick<SubmissionSheet, 'hash'>) => sheet.hash !== '';

/** What is noted after sending, and corrected only with a reason; the host has the last word. */
export const CORRECTED = [
  'sentOn',
  'acceptedOn',
  'acceptance',
  'filedOn',
  'filedAt',
  'withdrawnOn',
  'withdrawnReason',
];
/** What a decision says, corrected likewise. */
export const CORRECTED_DECISION = [
  'result',
  'number',
  'date',
  'validUntil',
  'intervalMonths',
  'conditions',
];

/** The hash of a package as other programs print it. */
export const bareHash = (one: SentPackage): string => one.package.replace('sha256:', '');

export const isOpen = (state: SubmissionState) =>
  !['decided', 'filed', 'withdrawn'].includes(state);

/** “Amendment, round 2”. */
export function nameOf(row: SubmissionRow): string {
  const kind = codeText('submissionType', row.kind);
  return row.round > 1 ? t('ui.ethics.roundOf', { kind, round: row.round }) : kind;
}

/** A mark and a colour for how an item stands; the word is shown beside it. */
export const MARKS: Record<ListStatus, { mark: string; tone: string }> = {
  have: { mark: '✓', tone: 'green' },
  recorded: { mark: '◐', tone: 'amber' },
  made: { mark: '✓', tone: 'green' },
  lack: { mark: '✕', tone: 'red' },
  open: { mark: '?', tone: 'amber' },
  notApplicable: { mark: '–', tone: 'quiet' },
};

export const LEVELS = {
  must: { mark: '✕', tone: 'red' },
  should: { mark: '▲', tone: 'amber' },
  note: { mark: '○', tone: 'quiet' },
} as const;

/** What a finding rests on: instrument and article. */
export function ruleText(rule: SubmissionRule): string {
  const [source, article, apart] =
    locale.lang === 'zh' ? [rule.source, rule.article, ' '] : [rule.sourceEn, rule.articleEn, ', '];
  return article ? `${source}${apart}${article}` : source;
}

/** A finding as a sentence. */
export const findingText = (one: SubmissionFinding) =>
  tCode(
    `submission.finding.${one.code}`,
    Object.fromEntries(Object.entries(one.params).map(([name, text]) => [name, tData(text!)])),
  );
