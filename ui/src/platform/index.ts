// Picks the host: the window's, the test host's, or one given by a development page.
import type { Command, Platform, Req, Res } from './types';
import { http } from './http';
import { tauri } from './tauri';

export { HostFailure } from './types';
export type { Command, Platform, Req, Res } from './types';

let platform: Platform = '__TAURI_INTERNALS__' in globalThis ? tauri : http;

/** Replaces the host, for tests and development pages. */
export function usePlatform(other: Platform): void {
  platform = other;
}

/** Calls a command of the host. */
export function call<K extends Command>(command: K, payload: Req<K>): Promise<Res<K>> {
  return platform.call(command, payload);
}

/** Listens to the host's events. */
export const listen: Platform['listen'] = (fn) => platform.listen(fn);
