import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it } from 'vitest';
import { locale } from '../../../lib/locale.svelte';
import { center, registerName } from '../../../lib/reference';
import HistoryItem from './HistoryItem.svelte';

afterEach(() => {
  locale.lang = 'zh';
});

it('names the hospital and the milestone in the language of the window', () => {
  locale.lang = 'en';
  const hospital = center().hospitals[0]!;
  const entry = {
    op: 'd:1:0',
    commit: 'd:1',
    study: 's',
    entity: 'm',
    kind: 'milestone',
    entityName: { zh: '启动会', en: 'Initiation visit' },
    place: hospital.name,
    field: 'planned',
    from: [],
    to: '2026-12-01',
    redacted: false,
    byName: 'Li',
    device: 'd',
    at: '2026-11-27T00:00:00Z',
    tzMinutes: 480,
    receivedAt: null,
    whyCode: null,
    whyText: null,
    source: null,
  };
  render(HistoryItem, { props: { entries: [entry] as never, single: false, withStudy: false } });
  expect(screen.getAllByRole('button')[0]).toHaveTextContent(
    `${hospital.short.en} · Initiation visit · Planned`,
  );
});

it('has a word for having forgotten somebody', () => {
  locale.lang = 'zh';
  expect(registerName('individual', 'forgotten')).toBe('已遗忘');
});
