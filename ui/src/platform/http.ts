// The test host's door: the same commands over HTTP on the same machine.
import type { Event } from './contract.gen';
import { HostFailure, isFailure, unreachable, type Platform } from './types';

async function ask(command: string, payload: unknown): Promise<unknown> {
  const answer = await fetch('/rpc', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, payload }),
  });
  return answer.json();
}

export const http: Platform = {
  async call(command, payload) {
    const answer = await ask(command, payload).catch(() => {
      throw unreachable();
    });
    const result = answer as { ok?: unknown; err?: unknown };
    if (isFailure(result.err)) throw new HostFailure(result.err);
    return result.ok as never;
  },
  listen(fn) {
    const source = new EventSource('/events');
    source.onmessage = (message) => fn(JSON.parse(message.data) as Event);
    return () => source.close();
  },
};
