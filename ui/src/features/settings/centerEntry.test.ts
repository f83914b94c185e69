import { describe, expect, it } from 'vitest';
import { CODE_LENGTH, codeLength, readAddress } from './centerEntry';

describe('codeLength', () => {
  it('counts without blanks and dashes of any kind', () => {
    expect(codeLength('ABCDE-FGHJK MNPQR–STVWX YZ012—34567')).toBe(CODE_LENGTH);
    expect(codeLength('ＡＢＣ １２')).toBe(5);
    expect(codeLength('  ')).toBe(0);
  });
});

describe('readAddress', () => {
  it('adds the encrypted way when none was typed', () => {
    expect(readAddress(' center.example:8443 ')).toBe('https://center.example:8443');
  });

  it('keeps a way that was typed, so that the host can refuse it', () => {
    expect(readAddress('http://127.0.0.1:9000')).toBe('http://127.0.0.1:9000');
  });

  it('takes what a Chinese keyboard types', () => {
    expect(readAddress('https：／／center。example')).toBe('https://center.example');
  });
});
