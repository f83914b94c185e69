import { describe, expect, it } from 'vitest';
import { documentName } from './documentName';

const parts = {
  study: 'STROKE-2',
  document: '研究档案',
  site: '',
  version: '1.2',
  day: '2026-11-23',
};

describe('documentName', () => {
  it('names study, document, version and day', () => {
    expect(documentName(parts)).toBe('STROKE-2_研究档案_V1.2_20261123.pdf');
  });

  it('names the site, and leaves out what is not there', () => {
    expect(
      documentName({ ...parts, document: '伦理初审材料', site: '瑞金医院', version: '' }),
    ).toBe('STROKE-2_伦理初审材料_瑞金医院_20261123.pdf');
  });

  it('writes one V before the version, however it was typed', () => {
    for (const version of ['1.2', 'V1.2', 'v 1.2', 'Version 1.2', '版本1.2', '1.2版']) {
      expect(documentName({ ...parts, version })).toBe('STROKE-2_研究档案_V1.2_20261123.pdf');
    }
  });

  it('keeps out what file systems refuse', () => {
    const name = documentName({ ...parts, study: '..\\A/B: "C"?\n_D', version: '1/2' });
    expect(name).toBe('-A-B- -C- D_研究档案_V1-2_20261123.pdf');
  });

  it('shortens long titles at a word, Chinese ones at a character', () => {
    const english = documentName({
      ...parts,
      study: 'A randomised trial of early rehabilitation after ischaemic stroke',
    });
    expect(english).toBe('A randomised trial of early_研究档案_V1.2_20261123.pdf');
    const chinese = documentName({ ...parts, study: '卒中'.repeat(40) });
    expect(chinese.split('_')[0]).toBe('卒中'.repeat(20));
  });
});
