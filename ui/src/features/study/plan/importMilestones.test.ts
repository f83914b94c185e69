import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { locale } from '../../../lib/locale.svelte';
import { usePlatform } from '../../../platform';
import type { MilestoneFileRow, StudyPlan } from '../../../platform/contract.gen';
import ImportMilestones from './ImportMilestones.svelte';
import { Plan } from './plan.svelte';

const row = (more: Partial<MilestoneFileRow>): MilestoneFileRow => ({
  sheet: '',
  row: 2,
  siteText: '',
  site: null,
  milestone: 'm',
  key: '',
  nameZh: '启动会',
  nameEn: '',
  act: 'changed',
  changes: [{ field: 'actual', from: null, to: '2026-11-01' }],
  fault: null,
  ...more,
});

let asked: Record<string, unknown>[];
let taken: Record<string, unknown>[];

beforeEach(() => {
  locale.lang = 'zh';
  [asked, taken] = [[], []];
  usePlatform({
    call: (command, payload) => {
      const given = payload as Record<string, unknown>;
      if (command === 'milestone.import') taken.push(given);
      if (command !== 'milestone.read') return Promise.resolve({} as never);
      asked.push(given);
      const isKnown = '九院' in (given.sites as object);
      const rows = [
        row({}),
        row({ fault: { field: 'actual', complaint: 'inFuture' } }),
        row({ siteText: '九院', ...(isKnown ? { site: 's9' } : { act: 'noSite', changes: [] }) }),
      ];
      return Promise.resolve({
        preview: 1,
        file: 'a.xlsx',
        charset: '',
        guessed: false,
        mapping: { sheets: [] },
        choices: [],
        rows,
        leftOut: [],
      } as never);
    },
    listen: () => () => undefined,
  });
});

function open() {
  const plan = new Plan('s');
  plan.found = {
    today: '2026-11-26',
    lanes: [{ site: 's9', name: { zh: '第九人民医院', en: '' }, rows: [], bars: [], origins: [] }],
    missingYears: [],
  } as unknown as StudyPlan;
  render(ImportMilestones, { props: { plan, path: '/a.xlsx', onclose: () => undefined } });
}

it('leaves a row out that cannot come in, and says why', async () => {
  open();
  expect(await screen.findByTestId('import-milestones-fault')).toHaveTextContent(
    /实际.*不能晚于今天/,
  );
  const ticks = screen.getAllByRole<HTMLInputElement>('checkbox');
  expect(ticks.map((tick) => [tick.checked, tick.disabled])).toEqual([
    [true, false],
    [false, true],
    [false, true],
  ]);
  await userEvent.setup().click(screen.getByTestId('import-milestones-run'));
  expect(taken[0]?.rows).toEqual([0]);
});

it('lets the person say which site a text names, and keeps what she unticked', async () => {
  const user = userEvent.setup();
  open();
  await user.click((await screen.findAllByRole('checkbox'))[0]!);
  await user.selectOptions(screen.getByTestId('import-milestones-site'), 's9');
  expect(asked[1]?.sites).toEqual({ 九院: 's9' });
  await screen.findByText('第九人民医院');
  await user.click(screen.getByTestId('import-milestones-run'));
  expect(taken[0]?.rows).toEqual([2]);
});
