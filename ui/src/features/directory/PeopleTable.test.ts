import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { route } from '../../state/route.svelte';
import { directoryPlace } from './directoryPlace.svelte';
import PeopleTable from './PeopleTable.svelte';
import { person } from './testPeople';

beforeEach(() => {
  route.reset();
  directoryPlace.clear();
  directoryPlace.last = {};
});

const rows = [
  person('a', { nameZh: '王芳', state: 'expiring', until: '2026-12-20' }),
  person('b', { nameZh: '李雷', state: 'missing' }),
  person('c', { nameZh: '赵云', archived: true }),
];

describe('the list of people', () => {
  it('says that nobody is there and offers to add', async () => {
    const add = vi.fn();
    render(PeopleTable, { rows: [], add });
    expect(screen.getByText(/通讯录里还没有人员/)).toBeInTheDocument();
    await userEvent.click(screen.getByText('添加人员'));
    expect(add).toHaveBeenCalledOnce();
  });

  it('tells a certificate by shape and word', () => {
    render(PeopleTable, { rows, add: vi.fn() });
    expect(screen.getByText(/即将到期 2026-12-20/)).toHaveTextContent('◔');
    expect(screen.getByText('缺', { exact: false, selector: '[data-state]' })).toHaveTextContent(
      '○',
    );
  });

  it('narrows as one types into the table, and opens with Enter', async () => {
    render(PeopleTable, { rows, add: vi.fn() });
    expect(screen.getAllByTestId('person-row')).toHaveLength(2);
    screen.getByTestId('people-table').focus();
    await userEvent.keyboard('李');
    expect(screen.getAllByTestId('person-row')).toHaveLength(1);
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(route.place).toEqual({ screen: 'person', id: 'b' });
    expect(directoryPlace.last.people).toBe('b');
  });
});
