import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { locale } from '../../lib/locale.svelte';
import type { Entity, SubmissionSheet } from '../../platform/contract.gen';
import { usePlatform } from '../../platform';
import { StudySession } from '../../state/study.svelte';
import EthicsHolder from './EthicsHolder.test.svelte';
import Questions from './Questions.svelte';

const entity = (id: string, kind: string, parent: string | null, texts: Record<string, unknown>) =>
  ({
    id,
    kind,
    parent,
    mark: 'live',
    fields: Object.fromEntries(
      Object.entries(texts).map(([name, value]) => [
        name,
        { heads: [{ op: `${id}.${name}`, value }], conflict: false },
      ]),
    ),
  }) as unknown as Entity;

beforeEach(() => {
  locale.lang = 'zh';
  usePlatform({
    call: () => Promise.resolve({} as never),
    listen: () => () => undefined,
  });
});

function show(state: string) {
  const session = new StudySession('s');
  session.doc = {
    id: 's',
    entities: [
      entity('s', 'study', null, {}),
      entity('one', 'submission', 'site', {}),
      entity('r1', 'reply', 'one', { round: 1, receivedOn: '2026-03-15', sentOn: '2026-03-20' }),
      entity('p1', 'point', 'r1', {
        number: '1',
        text: '请说明随访',
        'answer.zh': '已补充',
        'answer.en': 'Added',
      }),
      entity('r2', 'reply', 'one', { round: 2, receivedOn: '2026-04-01' }),
      entity('p2', 'point', 'r2', { number: '1', text: '请说明保险', 'answer.zh': '见附件' }),
    ],
  };
  const sheet = { row: { id: 'one', state } } as unknown as SubmissionSheet;
  render(EthicsHolder, { props: { session, View: Questions, sheet } });
  const [first, second] = screen.getAllByTestId('round');
  return { first: within(first!), second: within(second!) };
}

describe('the answers of a round', () => {
  it('are read and not opened once they were sent, and say why', async () => {
    const { first } = show('queried');
    const answer = first.getByTestId('answer-locked');
    expect(answer).toHaveTextContent('已补充');
    expect(answer).toHaveTextContent('Added');
    expect(first.queryAllByRole('button')).toEqual([]);
    await userEvent.click(first.getByText('已补充'));
    expect(first.queryByRole('textbox')).toBeNull();
    expect(first.getByTestId('round-locked')).toHaveTextContent(
      /^答复已于 2026-03-20.* 递交并锁定，不再改动。$/,
    );
    // Another round is named only where one may be noted.
    expect(first.queryByText(/另记一轮/)).toBeNull();
  });

  it('name the next round where the committee may ask again', () => {
    const { first } = show('answered');
    expect(first.getByText(/请另记一轮/)).toBeInTheDocument();
  });

  it('are written while the round is open', async () => {
    const { second } = show('queried');
    expect(second.queryByTestId('round-locked')).toBeNull();
    await userEvent.click(second.getByText('见附件'));
    expect(second.getByRole('textbox')).toHaveValue('见附件');
  });
});

/** A submission that was sent back, and its re-review. */
function shown(row: { id: string; state: string }, texts: Record<string, unknown> = {}) {
  const asked: unknown[] = [];
  usePlatform({
    call: (command: string, payload: unknown) => {
      if (command === 'submission.ask') asked.push(payload);
      return Promise.resolve({} as never);
    },
    listen: () => () => undefined,
  });
  const session = new StudySession('s');
  session.doc = {
    id: 's',
    entities: [
      entity('s', 'study', null, {}),
      entity('one', 'submission', 'site', { manifest: { v: 1 } }),
      entity('d', 'decision', 'one', {
        result: 'modify',
        date: '2026-04-01',
        conditions: '请补充',
      }),
      entity('two', 'submission', 'site', { previous: { $ref: 'one' }, ...texts }),
      entity('r1', 'reply', 'one', { round: 1, sentOn: '2026-03-20', manifest: { v: 1 } }),
      entity('r2', 'reply', 'one', { round: 2, receivedOn: '2026-04-01' }),
      entity('p2', 'point', 'r2', { number: '1', text: '请补充' }),
    ],
  };
  render(EthicsHolder, {
    props: { session, View: Questions, sheet: { row } as unknown as SubmissionSheet },
  });
  return asked;
}

describe('what a committee sent back', () => {
  it('is answered on the re-review and goes along with it', async () => {
    const asked = shown({ id: 'two', state: 'draft' });
    expect(screen.getAllByTestId('round')).toHaveLength(1);
    expect(screen.getByTestId('round')).toHaveTextContent('请补充');
    expect(screen.getByTestId('goes-along')).toBeVisible();
    expect(screen.queryByTestId('round-send')).toBeNull();
    expect(screen.getByTestId('asked-conditions')).toHaveTextContent('请补充');
    const user = userEvent.setup();
    await user.click(screen.getByTestId('ask-begin'));
    await user.type(screen.getByTestId('ask-text'), '1. 请说明随访');
    await user.click(screen.getByRole('button', { name: /1/ }));
    expect(asked).toMatchObject([{ submission: 'one', questions: ['请说明随访'] }]);
  });

  it('takes further points until the re-review is sent', () => {
    shown({ id: 'one', state: 'decided' });
    expect(screen.getByTestId('ask-begin')).toBeVisible();
    expect(screen.queryByTestId('round-send')).toBeNull();
  });

  it('takes none after that', () => {
    shown({ id: 'one', state: 'decided' }, { manifest: { v: 1 } });
    expect(screen.queryByTestId('ask-begin')).toBeNull();
  });
});
