import { describe, expect, it } from 'vitest';
import type { Center } from '../../platform/contract.gen';
import { hospitalCode, hospitalText } from './hospital';

const both = (zh: string, en: string) => ({ zh, en });
const center: Center = {
  name: both('', ''),
  diseaseAreas: [],
  hospitals: [
    {
      code: 'north',
      name: both('北岸医院', 'North Bank Hospital'),
      short: both('北岸', 'North Bank'),
      committee: both('', ''),
      city: both('', ''),
      spellings: [],
      citySpellings: [],
    },
  ],
};

describe('a hospital in the profile', () => {
  it('is stored by code, whichever of its names was typed', () => {
    for (const typed of ['北岸医院', 'north bank hospital', ' North Bank ', '北岸']) {
      expect(hospitalCode(center, typed)).toBe('north');
    }
  });

  it('stays as typed when it is no partner', () => {
    expect(hospitalCode(center, ' 东湖诊所 ')).toBe('东湖诊所');
    expect(hospitalText(center, '东湖诊所')).toBe('东湖诊所');
  });

  it('is shown in the language of the interface', () => {
    expect(hospitalText(center, 'north')).toBe('北岸医院');
  });
});
