// A person's hospital: a partner's code where it is one, else whatever was typed.
import type { Center } from '../../platform/contract.gen';
import { fold } from '../../lib/fold';
import { tData } from '../../lib/words';

/** What to show for a stored hospital. */
export function hospitalText(center: Center, stored: string): string {
  const partner = center.hospitals.find((hospital) => hospital.code === stored);
  return partner ? tData(partner.name) : stored;
}

/** What to store for a typed hospital. */
export function hospitalCode(center: Center, typed: string): string {
  const wanted = fold(typed.trim());
  const names = (hospital: Center['hospitals'][number]) => [
    hospital.code,
    hospital.name.zh,
    hospital.name.en,
    hospital.short.zh,
    hospital.short.en,
  ];
  const partner = center.hospitals.find((hospital) =>
    names(hospital).some((name) => fold(name) === wanted),
  );
  return partner?.code ?? typed.trim();
}
