// The one door to the host: a call by name, and events.
import type { Commands, Event, Failure } from './contract.gen';

export type Command = keyof Commands;
export type Req<K extends Command> = Commands[K]['req'];
export type Res<K extends Command> = Commands[K]['res'];

export interface Platform {
  /** Calls a command; throws a `HostFailure`. */
  call<K extends Command>(command: K, payload: Req<K>): Promise<Res<K>>;
  /** Listens to everything the host tells unasked; gives back how to stop. */
  listen(fn: (event: Event) => void): () => void;
}

/** A failure that the host answered, as an exception. */
export class HostFailure extends Error {
  constructor(readonly failure: Failure) {
    super(failure.code);
    this.name = 'HostFailure';
  }
}

/** Whether a value has the shape of the host's failure. */
export function isFailure(value: unknown): value is Failure {
  return typeof value === 'object' && value !== null && 'kind' in value && 'code' in value;
}

/** A failure made here, when the host cannot be reached at all. */
export function unreachable(): HostFailure {
  return new HostFailure({ kind: 'unavailable', code: 'ui.fail.host', params: {}, traceId: '' });
}
