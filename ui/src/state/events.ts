// Spreads the host's events to whoever shows the thing.
import { listen } from '../platform';
import type { Event } from '../platform/contract.gen';

type Kind = Event['type'];
type Of<K extends Kind> = Extract<Event, { type: K }>;
type Listener = { kind: Kind; fn: (event: Event) => void };

const listeners = new Set<Listener>();

/** Begins to listen to the host; once. */
export function startEvents(): () => void {
  return listen((event) => {
    for (const { kind, fn } of [...listeners]) if (kind === event.type) fn(event);
  });
}

/** Listens to one kind of event; gives back how to stop. */
export function on<K extends Kind>(kind: K, fn: (event: Of<K>) => void): () => void {
  const listener: Listener = { kind, fn: fn as (event: Event) => void };
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Listens to changes of topics: whole ones, or by their beginning when they end in `:`. */
export function onChanged(wanted: string[], fn: () => void): () => void {
  const fits = (topic: string) =>
    wanted.some((name) => topic === name || (name.endsWith(':') && topic.startsWith(name)));
  return on('changed', (event) => {
    if (event.topics.some(fits)) fn();
  });
}
