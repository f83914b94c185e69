// People for tests.
import type { PersonRow } from '../../platform/contract.gen';

export const person = (id: string, part: Partial<PersonRow> = {}): PersonRow => ({
  id,
  directory: 'd',
  nameZh: '',
  nameEn: '',
  title: '',
  organisation: null,
  organisationName: '',
  department: '',
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
