import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { usePlatform } from '../platform';
import type { Event, ImportEntry, ImportStatus } from '../platform/contract.gen';
import type { Command, Req, Res } from '../platform';
import { startEvents } from './events';
import { imports } from './imports.svelte';

const entry = (status: ImportStatus, number: string): ImportEntry => ({
  file: `${number}.json`,
  index: 0,
  status,
  study: null,
  number,
  title: '',
  changes: [],
  warnings: [],
  notUnderstood: [],
  notCarried: [],
  reason: null,
});

let tell: (event: Event) => void = () => undefined;
let calls: { command: Command; payload: unknown }[] = [];
let stops: (() => void)[] = [];

beforeEach(() => {
  calls = [];
  usePlatform({
    call<K extends Command>(command: K, payload: Req<K>): Promise<Res<K>> {
      calls.push({ command, payload });
      return Promise.resolve({ job: command === 'import.run' ? 8 : 7 } as unknown as Res<K>);
    },
    listen(fn) {
      tell = fn;
      return () => undefined;
    },
  });
  stops = [startEvents(), imports.follow()];
});

afterEach(() => stops.forEach((stop) => stop()));

const arrived = (job: number, preview: boolean, entries: ImportEntry[], cancelled = false) =>
  tell({ type: 'import', job, preview, cancelled, report: { entries } });

describe('an import', () => {
  it('chooses what is new or changed, and runs what is chosen by its place', async () => {
    await imports.read(['a', 'b']);
    arrived(7, true, [
      entry('refused', 'A'),
      entry('imported', 'B'),
      entry('unchanged', 'C'),
      entry('updated', 'D'),
    ]);
    expect([...imports.chosen]).toEqual([1, 3]);
    imports.toggle(1);
    await imports.run();
    expect(calls.at(-1)).toEqual({ command: 'import.run', payload: { job: 7, chosen: [3] } });
  });

  it('reports what could not be read beside what came in', async () => {
    await imports.read(['a']);
    arrived(7, true, [entry('refused', 'A'), entry('imported', 'B')]);
    await imports.run();
    arrived(8, false, [entry('imported', 'B')]);
    expect(imports.stage).toBe('done');
    expect(imports.entries.map((one) => [one.number, one.status])).toEqual([
      ['B', 'imported'],
      ['A', 'refused'],
    ]);
  });

  it('says whether a reading was cancelled or broke off', async () => {
    await imports.read(['a']);
    arrived(7, true, [], true);
    expect([imports.stage, imports.ended]).toEqual(['idle', 'failed']);
    await imports.read(['a']);
    await imports.cancel();
    arrived(7, true, [], true);
    expect([imports.stage, imports.ended]).toEqual(['idle', 'cancelled']);
  });

  it('does not lose a running import to files that are dropped meanwhile', async () => {
    await imports.read(['a']);
    arrived(7, true, [entry('imported', 'B')]);
    await imports.run();
    await imports.read(['c']);
    expect(imports.stage).toBe('running');
    expect(calls.filter((one) => one.command === 'import.read')).toHaveLength(1);
  });

  it('forgets what was read when another vault is opened', async () => {
    await imports.read(['a']);
    arrived(7, true, [entry('imported', 'B')]);
    stops.push(imports.follow());
    expect([imports.stage, imports.entries]).toEqual(['idle', []]);
  });

  it('ignores the events of other jobs', async () => {
    await imports.read(['a']);
    arrived(99, true, [entry('imported', 'X')]);
    expect(imports.stage).toBe('reading');
  });
});
