import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';
import type { SpellingGroup } from '../../platform/contract.gen';
import SpelledSites from './SpelledSites.svelte';

const group = (why: SpellingGroup['why']): SpellingGroup => ({
  partner: '',
  organisation: { entity: 'h', directory: 'd' },
  nameZh: '瑞金医院',
  nameEn: '',
  city: '',
  why,
  sites: ['1', '2'].map((site) => ({
    study: 's',
    title: '',
    site,
    nameZh: `瑞金医院${site}`,
    nameEn: '',
    city: '',
  })),
});

describe('sites of one hospital', () => {
  it.each([
    ['shorter', true],
    ['campus', false],
  ] as const)('are ticked unless they are campuses: %s', (why, ticked) => {
    render(SpelledSites, { group: group(why), directory: 'd' });
    const boxes = screen.getAllByRole<HTMLInputElement>('checkbox');
    expect(boxes.map((box) => box.checked)).toEqual([ticked, ticked]);
    expect(screen.getByTestId<HTMLButtonElement>('spelling-join').disabled).toBe(!ticked);
  });
});
