// What was kept for review, against a host that answers as ours does.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { usePlatform } from '../../platform';
import type { HeldCommit, ReviewDecide } from '../../platform/contract.gen';
import { reviews } from '../../state/reviews.svelte';
import { partsOf } from './reviewParts';
import ReviewScreen from './ReviewScreen.svelte';

const held = (id: string, over: Partial<HeldCommit> = {}): HeldCommit => ({
  id,
  study: 's',
  by: '王示例',
  own: false,
  at: '2026-11-25T08:00:00Z',
  receivedAt: '2026-11-26T08:00:00Z',
  state: 'open',
  decidedBy: '',
  why: null,
  changes: [{ entity: 's', entityName: '', kind: 'study', field: 'acronym', now: 'A', to: 'WANG' }],
  ...over,
});

const host = { answers: {} as Record<string, (req: never) => unknown> };
usePlatform({
  call: async (command, req) => host.answers[command]!(req as never) as never,
  listen: () => () => undefined,
});
const answer = (list: HeldCommit[], decides = ['s']) => {
  host.answers['review.list'] = () => ({ held: list, decides });
};

beforeEach(() => {
  host.answers = {};
  reviews.held = [];
  reviews.decides = [];
});

describe('the parts', () => {
  it('go by whose turn it is', () => {
    const all = [
      held('a'),
      held('b', { study: 'o', own: true }),
      held('c', { study: 'o' }),
      held('d', { state: 'dismissed' }),
    ];
    const found = partsOf(all, ['s']).map((part) => [part.id, part.held.map((one) => one.id)]);
    expect(found).toEqual([
      ['yours', ['a']],
      ['own', ['b']],
      ['others', ['c']],
      ['decided', ['d']],
    ]);
  });
});

describe('the review', () => {
  it('shows what stands beside what it would become, and adopts', async () => {
    answer([held('a')]);
    host.answers['review.adopt'] = (req: ReviewDecide) => {
      expect(req).toEqual({ study: 's', ids: ['a'], why: '' });
      answer([held('a', { state: 'adopted', decidedBy: '李示例' })]);
      return {};
    };
    render(ReviewScreen);
    const one = await screen.findByTestId('held');
    expect(one).toHaveTextContent('王示例');
    expect(one).toHaveTextContent('A');
    expect(one).toHaveTextContent(/→\sWANG/);
    await userEvent.click(within(one).getByTestId('held-adopt'));
    expect(await screen.findByTestId('review-decided')).toHaveTextContent('李示例 决定');
    expect(screen.queryByTestId('held-adopt')).toBeNull();
    expect(reviews.yours).toEqual([]);
  });

  it('wants a reason for not adopting, which the author reads', async () => {
    answer([held('a')]);
    host.answers['review.dismiss'] = (req: ReviewDecide) => {
      expect(req.why).toBe('缩写未变');
      answer([held('a', { state: 'dismissed', decidedBy: '李示例', why: req.why })]);
      return {};
    };
    render(ReviewScreen);
    const user = userEvent.setup();
    await user.click(await screen.findByTestId('held-dismiss'));
    expect(screen.getByTestId('dismiss-sure')).toBeDisabled();
    await user.type(screen.getByTestId('dismiss-why'), '缩写未变');
    await user.click(screen.getByTestId('dismiss-sure'));
    expect(await screen.findByTestId('review-decided')).toHaveTextContent('缩写未变');
    expect(screen.getByTestId('held-adopt')).toBeInTheDocument();
  });

  it('shows an author what became of it, and no buttons', async () => {
    answer([held('a', { own: true, state: 'dismissed', decidedBy: '李示例', why: '不需要' })], []);
    render(ReviewScreen);
    const one = within(await screen.findByTestId('review-own')).getByTestId('held');
    expect(one).toHaveTextContent('未采纳');
    expect(one).toHaveTextContent('不需要');
    expect(within(one).queryByRole('button', { name: /采纳/ })).toBeNull();
  });

  it('says that there is nothing', async () => {
    answer([]);
    render(ReviewScreen);
    expect(await screen.findByText('没有待审核的修改。')).toBeInTheDocument();
  });
});
