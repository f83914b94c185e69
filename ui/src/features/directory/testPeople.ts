// People for tests.
import type { PersonRow } from '../../platform/contract.gen';

export const person = (id: string, part: Partial<PersonRow> = {}): PersonRow => ({
  id,
  directory: 'd',
  nameZh: '',
  nameEn: '',
  title: { zh: '', en: '' },
  organisation: null,
  organisationName: { zh: '', en: '' },
  department: { zh: '', en: '' },
  phone: '',
  mobile: '',
  email: '',
  wechat: '',
  roles: [],
  state: null,
  until: '',
  nStudies: 0,
  nConflicts: 0,
  archived: false,
  ...part,
});
