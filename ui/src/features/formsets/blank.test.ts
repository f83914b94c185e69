import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  Blank,
  BlankLook,
  BlankPlace,
  FormSet,
  FormSetRow,
  SetForm,
} from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { usePlatform } from '../../platform';
import { dropPlace } from '../../state/dropPlace';
import { isOnPage, labelOf, piecesOf, placeOf, put, putProposed, rectOf, rowsOf } from './blank';
import BlankPart from './BlankPart.svelte';
import { Draft } from './formsets.svelte';

const place = (at: string, label: string, how: BlankPlace['how'] = 'text', says = '') => ({
  at,
  how,
  label,
  holds: '',
  says,
});
const look: BlankLook = {
  kind: 'docx',
  sha256: 'sha256:a',
  pages: [],
  places: [
    {
      place: place('t1/r1c2', '研究项目名称'),
      field: 'basic.title',
      label: null,
      likeness: 100,
    },
    {
      place: place('t1/r2c2/p1/b1', '研究类型', 'tick', '干预性研究'),
      field: 'basic.type',
      label: null,
      likeness: 100,
    },
    { place: place('t1/r3c2', '食堂意见'), field: '', label: null, likeness: 0 },
  ],
};
const blank = (): Blank => ({ sha256: 'sha256:a', name: '申请表.docx', kind: 'docx', cells: [] });
const field = (key: string, zh: string, kind = 'text') => ({
  key,
  label: { zh, en: key },
  fill: [],
  kind,
  required: false,
});
const form = {
  key: 'application',
  code: '',
  name: { zh: '申请表', en: 'Application' },
  verification: 'unverified',
  parts: [
    {
      key: 'basic',
      name: { zh: '基本信息', en: 'Basics' },
      fields: [
        field('title', '研究项目名称'),
        field('type', '研究类型'),
        field('signature', '签字', 'sign'),
      ],
    },
  ],
} as SetForm;

describe('a field that says several facts', () => {
  const numbers = { ...field('numbers', '本中心例数与总例数'), fill: ['here/a', 'study/b'] };
  it('offers each of them, called as its label does', () => {
    const several = { ...form, parts: [{ ...form.parts[0]!, fields: [numbers] }] } as SetForm;
    const key = `${several.parts[0]!.key}.numbers`;
    expect(piecesOf(several.parts[0]!.fields[0]!).map((one) => one.zh)).toEqual([
      '本中心例数',
      '总例数',
    ]);
    expect(labelOf(several, `${key}#2`)).toEqual({ zh: '总例数', en: 'numbers (2)' });
    expect(labelOf(several, key)?.zh).toBe('本中心例数与总例数');
    expect(labelOf(several, `${key}#3`)).toBeUndefined();
  });
});

describe('the places of a blank', () => {
  it('are filled by what a person decided, never by a proposal alone', () => {
    const own = blank();
    const before = rowsOf(own, look, undefined);
    expect(before.map((row) => [row.field, row.proposed])).toEqual([
      ['', 'basic.title'],
      ['', 'basic.type'],
      ['', ''],
    ]);
    expect(own.cells).toEqual([]);
    putProposed(own, before);
    put(own, look.places[2]!.place, 'basic.type');
    put(own, look.places[0]!.place, '');
    expect(own.cells).toEqual([
      { at: 't1/r2c2/p1/b1', field: 'basic.type', how: 'tick', says: '干预性研究' },
      { at: 't1/r3c2', field: 'basic.type', how: 'text', says: '' },
    ]);
  });

  it('that stand in no list are shown all the same', () => {
    const own = blank();
    own.cells = [{ at: 'p4', field: 'basic.title', how: 'text', says: '' }];
    const rows = rowsOf(own, look, [{ at: 'p4', text: '心衰研究', ticked: false }]);
    expect(rows.at(-1)).toMatchObject({ field: 'basic.title', value: { text: '心衰研究' } });
  });

  it('of a PDF lie on a page that it has', () => {
    const pdf: BlankLook = { ...look, kind: 'pdf', pages: [[595, 842]], places: [] };
    const rect = { page: 1, left: 20, top: 30, width: 100, height: 10 };
    expect(isOnPage(rect, pdf)).toBe(true);
    expect(rectOf(placeOf(rect).at)).toEqual(rect);
    expect(isOnPage({ ...rect, page: 2 }, pdf)).toBe(false);
    expect(isOnPage({ ...rect, left: 120 }, pdf)).toBe(false);
    expect(isOnPage({ ...rect, height: 0 }, pdf)).toBe(false);
  });
});

describe('the blank of a form', () => {
  const calls: { command: string; payload: unknown }[] = [];
  beforeEach(() => {
    locale.lang = 'zh';
    calls.length = 0;
    usePlatform({
      call: (command, payload) => {
        calls.push({ command, payload });
        const taken = { blank: blank(), look, moved: [], lost: [] };
        const sheet = {
          faults: [],
          list: [],
          forms: [],
          names: [],
          version: '1',
          blanks: [
            {
              form: 'application',
              cells: [{ at: 't1/r1c2', text: '心衰早期干预研究', ticked: false }],
            },
          ],
        };
        const answers: Record<string, unknown> = {
          'formset.preview': sheet,
          'formset.blankTake': taken,
          'formset.blankLook': look,
          'file.pick': { paths: ['/office/申请表.docx'] },
        };
        return Promise.resolve(answers[command] as never);
      },
      listen: () => () => undefined,
    });
  });

  function show() {
    const set = { key: 'own', version: '1', forms: [structuredClone(form)], lists: [] };
    const row = { set, entry: 'e' } as unknown as FormSetRow;
    const draft = new Draft(set as unknown as FormSet, row);
    const view = render(BlankPart, { draft, form: draft.set.forms[0]! });
    const again = () => view.rerender({ draft, form: draft.set.forms[0]! });
    return { draft, again, user: userEvent.setup() };
  }

  it('is chosen by dialog, mapped by a person, and taken back step by step', async () => {
    const { draft, again, user } = show();
    await user.click(screen.getByTestId('blank-choose'));
    expect(draft.set.forms[0]!.blank?.name).toBe('申请表.docx');
    await again();
    // Nothing is mapped unasked.
    expect(draft.set.forms[0]!.blank?.cells).toEqual([]);
    const [first] = screen.getAllByTestId('blank-agree');
    await user.click(first!);
    await again();
    expect(draft.set.forms[0]!.blank?.cells[0]).toMatchObject({ field: 'basic.title' });
    expect(screen.getByText('已指定 1 个位置，共 3 个')).toBeTruthy();
    await draft.look();
    await again();
    expect(screen.getAllByTestId('blank-value')[0]!.textContent).toContain('心衰早期干预研究');
    const selects = screen.getAllByTestId('blank-field');
    // Signatures are made on paper.
    expect(within(selects[0]!).queryByText('签字')).toBeNull();
    await user.selectOptions(selects[2]!, 'basic.type');
    await again();
    await user.selectOptions(screen.getAllByTestId('blank-field')[0]!, '');
    expect(draft.set.forms[0]!.blank?.cells).toHaveLength(1);
    draft.undo();
    expect(draft.set.forms[0]!.blank?.cells).toHaveLength(2);
    await again();
    await user.click(screen.getByTestId('blank-remove'));
    expect(draft.set.forms[0]!.blank).toBeUndefined();
    draft.undo();
    expect(draft.set.forms[0]!.blank?.cells).toHaveLength(2);
  });

  it('is a file that was dropped', async () => {
    const { draft, again } = show();
    dropPlace.take({ type: 'dropped', paths: ['/desk/申请表.docx'], x: 1, y: 1 });
    await expect.poll(() => draft.set.forms[0]!.blank?.name).toBe('申请表.docx');
    await again();
    expect(calls.find((one) => one.command === 'formset.blankTake')?.payload).toMatchObject({
      path: '/desk/申请表.docx',
    });
  });
});
