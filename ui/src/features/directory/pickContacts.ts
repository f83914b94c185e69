// The file of contacts that a person picks.
import { call } from '../../platform';
import { attempt } from '../../state/toasts.svelte';

/** Its path; empty when none was picked. */
export async function pickContacts(): Promise<string> {
  const picked = await attempt(() => call('file.pick', { purpose: 'openContacts', name: '' }));
  return picked?.paths[0] ?? '';
}
