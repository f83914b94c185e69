// Passwords of locked files, by their document: for the sitting, never kept anywhere.
import type { EntityId } from '../platform/contract.gen';

class FilePasswords {
  words = $state<Record<EntityId, string>>({});

  get given(): Record<EntityId, string> {
    return Object.fromEntries(Object.entries(this.words).filter(([, word]) => word));
  }

  forget(): void {
    this.words = {};
  }
}
export const filePasswords = new FilePasswords();
