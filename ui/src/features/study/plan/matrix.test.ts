import { describe, expect, it } from 'vitest';
import type { PlanLane } from '../../../platform/contract.gen';
import { cellAt, columnsOf } from './matrix';

const lane = (...rows: [key: string, name: string, what?: string][]): PlanLane =>
  ({
    site: rows[0]?.[0],
    rows: rows.map(([key, zh, what = 'milestone']) => ({ key, name: { zh, en: '' }, what })),
  }) as unknown as PlanLane;

describe('the matrix', () => {
  const first = lane(['submitted', '递交'], ['siv', '启动会'], ['closed', '关闭']);
  const second = lane(['submitted', '递交'], ['', '合同补签'], ['closed', '关闭']);
  const letters = lane(['', '批件到期', 'approvalExpiry']);

  it('has each milestone once, where the sites have it', () => {
    const names = columnsOf([first, second, letters]).map((row) => row.name.zh);
    expect(names).toEqual(['递交', '合同补签', '启动会', '关闭']);
  });

  it('knows one by its name where it has no key', () => {
    expect(cellAt(second, '合同补签')?.name.zh).toBe('合同补签');
    expect(cellAt(first, '合同补签')).toBeUndefined();
    expect(cellAt(letters, '批件到期')).toBeUndefined();
  });
});
