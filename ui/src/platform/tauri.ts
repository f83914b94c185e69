// The window's host: one command `rpc` and one event `pidesk`.
import { invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';
import type { Event } from './contract.gen';
import { HostFailure, isFailure, unreachable, type Platform } from './types';

export const tauri: Platform = {
  async call(command, payload) {
    try {
      return await invoke('rpc', { command, payload });
    } catch (error) {
      throw isFailure(error) ? new HostFailure(error) : unreachable();
    }
  },
  listen(fn) {
    const stop = listen<Event>('pidesk', (message) => fn(message.payload));
    return () => void stop.then((unlisten) => unlisten());
  },
};
