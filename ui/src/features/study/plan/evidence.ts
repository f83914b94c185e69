// The document that proves an actual day, as a register has it.
import type { Register } from '../../../platform/contract.gen';

/** The entity that a register refers to; empty when it refers to none. */
export function referenceOf(register: Register | undefined): string {
  const value = register?.heads[0]?.value;
  if (!value || typeof value !== 'object' || Array.isArray(value)) return '';
  return typeof value.$ref === 'string' ? value.$ref : '';
}
