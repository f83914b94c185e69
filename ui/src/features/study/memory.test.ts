// Going to a spot: what is shown at once, what comes later, what cannot be acted on.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { seekSpot, showSpot } from './memory';

let panel: HTMLElement;
beforeEach(() => {
  panel = document.createElement('div');
  document.body.append(panel);
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(() => panel.remove());
const focused = () => (document.activeElement as HTMLElement | null)?.id;

it('finds a field wherever on the screen its entity has it', () => {
  panel.innerHTML = `<div data-entity="a"><button id="head"></button></div>
    <section data-entity="a"><div data-register="a.size"><button id="size"></button></div></section>`;
  expect(showSpot(panel, { entity: 'a', field: 'size' })).toBe(true);
  expect(focused()).toBe('size');
});

it('takes a register of a bilingual field for the field', () => {
  panel.innerHTML = `<div data-register="a.title"><span data-register="a.title.zh" hidden></span>
    <button id="title"></button></div>`;
  expect(showSpot(panel, { entity: 'a', field: 'title.zh' })).toBe(true);
  expect(focused()).toBe('title');
});

it('focuses what holds nothing to act on', () => {
  panel.innerHTML = `<li id="line" data-register="a.item:x"><button disabled></button></li>`;
  showSpot(panel, { entity: 'a', field: 'item:x' });
  expect(focused()).toBe('line');
});

it('waits for what is read later, and not when the person does something else', async () => {
  panel.innerHTML = '<div data-entity="a"><button id="head"></button></div>';
  const stop = seekSpot(panel, { entity: 'a', field: 'form/x' });
  expect(focused()).toBe('head');
  panel.insertAdjacentHTML('beforeend', '<p data-register="a.form/x"><button id="x"></button></p>');
  await vi.waitFor(() => expect(focused()).toBe('x'));
  stop();

  seekSpot(panel, { entity: 'a', field: 'late' });
  window.dispatchEvent(new Event('keydown'));
  panel.insertAdjacentHTML(
    'beforeend',
    '<p data-register="a.late"><button id="late"></button></p>',
  );
  await new Promise((done) => setTimeout(done, 20));
  expect(focused()).toBe('head');
});
