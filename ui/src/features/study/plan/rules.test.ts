import { describe, expect, it } from 'vitest';
import { locale } from '../../../lib/locale.svelte';
import { isInHours, namesByKey, periodText, ruleText } from './rules';

const name = (key: string) => ({ siv: '启动会', site_fpi: '首例入组' })[key] ?? key;

describe('a rule in words', () => {
  it.each([
    ['siv-35d', '启动会前 35 天'],
    ['siv+3b', '启动会后 3 个工作日'],
    ['siv-0d', '启动会之前'],
    ['siv+0d', '与启动会同日'],
    ['trigger+24h', '起算时间后 24 小时'],
    ['first(site_fpi)', '各中心中最早的首例入组'],
    ['enrolled(50)', '入组达到计划的 50%'],
    ['', ''],
    ['nonsense', 'nonsense'],
  ])('%s', (rule, words) => {
    locale.lang = 'zh';
    expect(ruleText(rule, name)).toBe(words);
  });

  it('names what is not planned here', () => {
    const called = namesByKey([]);
    expect(ruleText('primary_completion+12m', called)).toBe('主要终点完成后 12 个月');
  });

  it('counts in English', () => {
    locale.lang = 'en';
    expect(periodText('1m')).toBe('1 month');
    expect(periodText('10b')).toBe('10 working days');
    expect(periodText('soon')).toBe('soon');
    expect([isInHours('24h'), isInHours('7d')]).toEqual([true, false]);
    locale.lang = 'zh';
  });
});
