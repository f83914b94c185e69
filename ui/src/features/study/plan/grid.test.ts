import { describe, expect, it } from 'vitest';
import { DRAW } from '../../../lib/drawn';
import { oneStop, stepInGrid } from './grid';

const row = (name: string, actual = true) => `<tr data-testid="milestone-row">
  <td><button id="fold-${name}">›</button></td>
  <td><div role="button" tabindex="0" id="name-${name}">${name}</div></td>
  <td>${actual ? `<div role="button" tabindex="0" id="day-${name}">—</div>` : ''}</td>
  <td>still</td>
  <td><button id="menu-${name}">…</button></td></tr>`;

function page() {
  const grid = document.createElement('div');
  grid.innerHTML = `<table><tbody>${row('a')}<tr class="detail"><td><button>x</button></td></tr>
    ${row('b', false)}</tbody></table><table><tbody>${row('c')}</tbody></table>
    <input id="typing" />`;
  document.body.replaceChildren(grid);
  grid.addEventListener('keydown', (event) => stepInGrid(event, grid));
  return grid;
}

function press(from: string, ...keys: string[]) {
  document.getElementById(from)!.focus();
  for (const key of keys)
    document.activeElement!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }),
    );
  return document.activeElement!.id;
}

const stops = (grid: Element) =>
  [...grid.querySelectorAll<HTMLElement>('tr [id]')].filter((each) => each.tabIndex === 0);

describe('Tab in the table of milestones', () => {
  it('stops once in each table, and comes back to where one was', async () => {
    const grid = page();
    const stop = oneStop(grid);
    expect(stops(grid).map((each) => each.id)).toEqual(['fold-a', 'fold-c']);
    press('fold-a', 'ArrowRight', 'ArrowRight');
    expect(stops(grid).map((each) => each.id)).toEqual(['day-a', 'fold-c']);
    // What was typed in stands there anew.
    const cell = grid.querySelector('#day-a')!.parentElement!;
    cell.innerHTML = '<div role="button" tabindex="0" id="day-a">2027-01-04</div>';
    await Promise.resolve();
    expect(stops(grid).map((each) => each.id)).toEqual(['fold-a', 'fold-c']);
    stop();
  });

  it('goes from a cell that is being typed in to the next, and back', () => {
    const grid = page();
    grid.querySelector('#name-a')!.outerHTML = '<input id="name-a" />';
    const tab = (from: string, shiftKey: boolean) => {
      document.getElementById(from)!.focus();
      document.activeElement!.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Tab', shiftKey, bubbles: true, cancelable: true }),
      );
      return document.activeElement!.id;
    };
    expect(tab('name-a', false)).toBe('day-a');
    expect(tab('name-a', true)).toBe('fold-a');
    expect(tab('day-a', false)).toBe('day-a');
    // A dialog over a cell keeps its own stops.
    const grid2 = page();
    const dialog = '<dialog open><button id="keep">x</button><input id="why" /></dialog>';
    grid2.querySelector('#day-a')!.insertAdjacentHTML('afterend', dialog);
    const stop = oneStop(grid2);
    expect(grid2.querySelector<HTMLElement>('#keep')!.tabIndex).toBe(0);
    expect(tab('why', false)).toBe('why');
    stop();
  });
});

it('rows that are not drawn yet are drawn when Tab or an arrow leads there', () => {
  const grid = page();
  const far = grid.querySelector<HTMLElement>('#name-b')!.closest('tr')!;
  const cells = far.innerHTML;
  const drawn = () => (far.innerHTML = cells);
  const empty = () => (far.innerHTML = '<td></td><td>b</td><td></td><td>still</td><td></td>');
  far.addEventListener(DRAW, drawn);
  empty();
  expect(press('name-a', 'ArrowDown')).toBe('name-b');
  empty();
  grid.querySelector('#menu-a')!.outerHTML = '<input id="menu-a" />';
  document.getElementById('menu-a')!.focus();
  const tab = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true });
  document.activeElement!.dispatchEvent(tab);
  expect(document.activeElement!.id).toBe('fold-b');
});

describe('arrows in the table of milestones', () => {
  it('go from cell to cell, over what is empty and into the next table', () => {
    page();
    expect(press('name-a', 'ArrowRight')).toBe('day-a');
    expect(press('day-a', 'ArrowDown')).toBe('day-c');
    expect(press('name-a', 'ArrowDown')).toBe('name-b');
    expect(press('name-c', 'ArrowUp')).toBe('name-b');
    expect(press('day-a', 'ArrowRight')).toBe('menu-a');
    expect(press('name-b', 'ArrowRight', 'ArrowLeft', 'ArrowLeft')).toBe('fold-b');
    expect(press('day-a', 'Home', 'End')).toBe('menu-a');
  });

  it('stop at the ends and leave typing alone', () => {
    page();
    expect(press('name-a', 'ArrowUp')).toBe('name-a');
    expect(press('menu-a', 'ArrowRight')).toBe('menu-a');
    expect(press('typing', 'ArrowDown')).toBe('typing');
    const grid = page();
    grid.querySelector('#name-a')!.addEventListener('keydown', (event) => event.preventDefault());
    expect(press('name-a', 'ArrowDown')).toBe('name-a');
  });
});
