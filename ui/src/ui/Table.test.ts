import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { createRawSnippet } from 'svelte';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { prefs } from '../state/prefs.svelte';
import Table from './Table.svelte';
import { fitting, type Column } from './tableModel.svelte';

interface Row {
  id: string;
  name: string;
  n: number;
}
const rows: Row[] = [
  { id: 'a', name: '华山', n: 10 },
  { id: 'b', name: 'Ruijin', n: 9 },
  { id: 'c', name: '中山', n: 100 },
];
const columns: Column<Row>[] = [
  { id: 'name', title: '医院', width: '10rem', always: true, text: (row) => row.name },
  {
    id: 'n',
    title: '入组',
    width: '5rem',
    text: (row) => String(row.n),
    order: (row) => row.n,
    drop: 1,
  },
];
const cell = createRawSnippet<[Row, Column<Row>]>((row, column) => ({
  render: () => `<span>${column().text(row())}</span>`,
}));

function show() {
  const onopen = vi.fn();
  render(Table<Row>, {
    id: 'test',
    label: '中心',
    rows,
    columns,
    key: (row: Row) => row.id,
    cell,
    onopen,
  });
  return { onopen, grid: screen.getByRole('grid', { name: '中心' }), user: userEvent.setup() };
}
const names = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);

beforeEach(() => prefs.change({ sort: {}, hidden: {} }));

describe('a table', () => {
  it('sorts by value, both ways, and back', async () => {
    const { user } = show();
    const head = screen.getByRole('button', { name: '入组' });
    await user.click(head);
    expect(names()).toEqual(['Ruijin', '华山', '中山']);
    expect(screen.getAllByRole('columnheader')[1]).toHaveAttribute('aria-sort', 'ascending');
    await user.click(head);
    expect(names()).toEqual(['中山', '华山', 'Ruijin']);
    await user.click(head);
    expect(names()).toEqual(['华山', 'Ruijin', '中山']);
  });

  it('moves by arrows, opens by Enter, selects with Shift', async () => {
    const { user, grid, onopen } = show();
    grid.focus();
    await user.keyboard('{ArrowDown}{Enter}');
    expect(onopen).toHaveBeenCalledExactlyOnceWith(rows[1]);
    await user.keyboard('{Shift>}{ArrowDown}{/Shift}');
    expect(screen.getAllByRole('row', { selected: true })).toHaveLength(2);
    expect(grid.getAttribute('aria-activedescendant')).toMatch(/-2$/);
  });

  it('copies the selected rows as cells under their heads', async () => {
    const { user, grid } = show();
    grid.focus();
    await user.keyboard('{Control>}a{/Control}');
    const setData = vi.fn();
    const copy = Object.assign(new Event('copy', { bubbles: true, cancelable: true }), {
      clipboardData: { setData },
    });
    grid.dispatchEvent(copy);
    expect(setData).toHaveBeenCalledWith(
      'text/plain',
      '医院\t入组\r\n华山\t10\r\nRuijin\t9\r\n中山\t100',
    );
  });

  it('filters by typing', async () => {
    const { user, grid } = show();
    grid.focus();
    await user.keyboard('rui');
    expect(names()).toEqual(['Ruijin']);
    await user.keyboard('{Escape}');
    expect(names()).toHaveLength(3);
    expect(grid).toHaveFocus();
  });

  it('hides a column, never the one that names the row', async () => {
    const { user } = show();
    await user.click(screen.getByRole('button', { name: '显示哪些列' }));
    await user.click(screen.getByRole('menuitemcheckbox', { name: /入组/ }));
    expect(screen.getAllByRole('columnheader')).toHaveLength(1);
    expect(screen.queryByRole('menuitemcheckbox', { name: /医院/ })).toBeNull();
  });
});

describe('columns', () => {
  it('that no row fills are left out, unless they always stay', () => {
    const bare = columns.map((column) => ({ ...column, text: () => '' }));
    render(Table<Row>, {
      id: 'bare',
      label: '空',
      rows,
      columns: bare,
      key: (row: Row) => row.id,
      cell,
    });
    expect(screen.getAllByRole('columnheader')).toHaveLength(1);
  });
});

describe('fitting', () => {
  it('leaves out the weakest columns first', () => {
    expect(fitting(columns, 100).map((column) => column.id)).toEqual(['name', 'n']);
    expect(fitting(columns, 14).map((column) => column.id)).toEqual(['name']);
    expect(fitting(columns, 0)).toHaveLength(2);
  });
});
