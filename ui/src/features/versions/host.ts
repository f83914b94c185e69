// The host's commands about versions, by name.
import { call } from '../../platform';
import type { VersionCommands } from './types';

/** Calls a command of the host. */
export function ask<K extends keyof VersionCommands>(
  command: K,
  payload: VersionCommands[K]['req'],
): Promise<VersionCommands[K]['res']> {
  return call(command as never, payload as never);
}
