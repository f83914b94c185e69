// How somebody stands with a certificate: a shape, a word and a tone, never colour alone.
import type { CredentialStanding, CredentialState } from '../../platform/contract.gen';
import { codeText } from '../../lib/reference';
import { t } from '../../lib/words';

export interface Mark {
  shape: string;
  tone: 'green' | 'amber' | 'red' | 'quiet';
}

export const MARKS: Record<CredentialState, Mark> = {
  valid: { shape: '✓', tone: 'green' },
  waived: { shape: '⊘', tone: 'quiet' },
  expiring: { shape: '◔', tone: 'amber' },
  missing: { shape: '○', tone: 'red' },
  expired: { shape: '✕', tone: 'red' },
};

/** The rungs, the worst first: what wants something done stands on top. */
export const RUNGS: CredentialState[] = ['expired', 'missing', 'expiring', 'waived', 'valid'];

export const stateText = (state: CredentialState) => codeText('credentialState', state);

/** The state with what it means in days, or why nothing is wanted. */
export function standingText(standing: CredentialStanding): string {
  const { state, days, reason } = standing;
  if (state === 'waived' && reason) return t('ui.people.waivedFor', { reason });
  if (days === null) return stateText(state);
  if (state === 'expired') return t('ui.people.expiredFor', { n: -days });
  if (state === 'expiring')
    return days === 0 ? t('ui.people.expiresToday') : t('ui.people.expiresIn', { n: days });
  return stateText(state);
}

/** The worst of some standings; null when there is none. */
export function worstOf(standings: CredentialStanding[]): CredentialStanding | null {
  const rung = (one: CredentialStanding) => RUNGS.indexOf(one.state);
  return standings.reduce<CredentialStanding | null>(
    (worst, one) => (worst === null || rung(one) < rung(worst) ? one : worst),
    null,
  );
}
