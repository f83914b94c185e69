// A failure in words: what happened, and what to do.
import { HostFailure } from '../platform';
import type { Failure } from '../platform/contract.gen';
import { isKey, t } from './words';

const BY_KIND = {
  invalid: 'ui.fail.invalid',
  notFound: 'ui.fail.notFound',
  conflict: 'ui.fail.conflict',
  refused: 'ui.fail.refused',
  unavailable: 'ui.fail.unavailable',
  internal: 'ui.fail.internal',
} as const;

/** The sentence of a failure. */
export function failureText(failure: Failure): string {
  // A value that does not fit: what is wrong with it says more than that something is.
  const complaint = failure.params.complaint ?? '';
  if (isKey(complaint)) return t(complaint, failure.params);
  if (isKey(failure.code)) return t(failure.code, failure.params);
  return t(BY_KIND[failure.kind]);
}

/** The sentence of whatever was thrown. */
export function errorText(error: unknown): string {
  return error instanceof HostFailure ? failureText(error.failure) : t('ui.fail.internal');
}

/** What finds the failure in the log; empty when nothing was logged. */
export function traceOf(error: unknown): string {
  return error instanceof HostFailure ? error.failure.traceId : '';
}
