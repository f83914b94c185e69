import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DirectoryAnswer } from '../../platform/contract.gen';
import { locale } from '../../lib/locale.svelte';
import { useReference } from '../../lib/reference';
import { usePlatform } from '../../platform';
import { directory } from '../../state/directory.svelte';
import EntryChoice from './EntryChoice.svelte';
import { hospitalOptions, newHospital } from './options';

const calls: { command: string; payload: unknown }[] = [];
const huashan = {
  code: 'huashan',
  name: { zh: '复旦大学附属华山医院', en: 'Huashan Hospital, Fudan University' },
  short: { zh: '华山', en: 'Huashan' },
  committee: { zh: '', en: '' },
  city: { zh: '上海', en: 'Shanghai' },
  spellings: [],
  citySpellings: [],
};
const list = (names: string[], partners: string[]) =>
  ({
    directory: 'd',
    people: [],
    organisations: names.map((nameZh, n) => ({
      id: `o${n}`,
      directory: 'd',
      nameZh,
      nameEn: '',
      short: '',
      city: '',
      archived: false,
    })),
    partners,
    conflicts: [],
  }) as unknown as DirectoryAnswer;

beforeEach(() => {
  locale.lang = 'zh';
  calls.length = 0;
  useReference({
    fields: [],
    codes: [],
    center: { name: { zh: '', en: '' }, hospitals: [huashan], diseaseAreas: [] },
    templates: [],
    roles: [],
  });
  usePlatform({
    call: (command, payload) => {
      calls.push({ command, payload });
      const answer = command === 'directory.list' ? list(['甲'], []) : { entity: 'made' };
      return Promise.resolve(answer as never);
    },
    listen: () => () => undefined,
  });
  directory.list = list(['瑞金医院'], ['huashan']);
});

function show() {
  const onchoose = vi.fn();
  render(EntryChoice, {
    props: {
      options: hospitalOptions(directory.list),
      value: '',
      label: '单位',
      fresh: (name: string) => newHospital('d', name),
      onchoose,
    },
  });
  return { onchoose, input: screen.getByRole('combobox', { name: '单位' }) };
}

describe('choosing a hospital', () => {
  it('offers the partners that the directory lacks and adds the one that is chosen', async () => {
    const { onchoose, input } = show();
    await userEvent.type(input, '华山');
    const options = screen.getAllByRole('option').map((one) => one.textContent);
    expect(options).toEqual(['复旦大学附属华山医院协作医院', '新建“华山”']);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(onchoose).toHaveBeenCalledWith('made'));
    expect(calls[0]).toEqual({ command: 'directory.partner', payload: { code: 'huashan' } });
  });

  it('adds a hospital by the name that was typed', async () => {
    const { onchoose, input } = show();
    await userEvent.type(input, '徐汇 区中心医院');
    expect(screen.getAllByRole('option')).toHaveLength(1);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(onchoose).toHaveBeenCalledWith('made'));
    const fields = { kind: 'HOSPITAL', 'name.zh': '徐汇 区中心医院' };
    expect(calls[0]).toMatchObject({ command: 'entity.add', payload: { study: 'd', fields } });
  });

  it('keeps what was typed and says that it is not there yet', async () => {
    const { onchoose, input } = show();
    await userEvent.type(input, '新院');
    await userEvent.tab();
    expect(input).toHaveValue('新院');
    expect(screen.getByRole('status')).toHaveTextContent('“新院”还不在通讯录中');
    expect(onchoose).not.toHaveBeenCalled();
  });

  it('does not offer a second one of a name', async () => {
    const { input } = show();
    await userEvent.type(input, '瑞金医院');
    expect(screen.getAllByRole('option').map((one) => one.textContent)).toEqual(['瑞金医院']);
  });
});

describe('somebody who is chosen already', () => {
  const people = ['陈样章', '林示例'].map((label, n) => ({
    id: `p${n}`,
    label,
    side: '',
    words: label,
  }));
  const open = (value: string) => {
    const onchoose = vi.fn();
    const shown = render(EntryChoice, {
      props: { options: people, value, label: '授权人', onchoose },
    });
    return { onchoose, shown, input: screen.getByRole('combobox', { name: '授权人' }) };
  };

  it('stays when Enter is pressed in the field', async () => {
    const { onchoose, input } = open('p1');
    await userEvent.click(input);
    await userEvent.keyboard('{Enter}');
    await vi.waitFor(() => expect(onchoose).toHaveBeenCalledWith('p1'));
    expect(input).toHaveValue('林示例');
  });

  it('stands in the field when she was proposed later', async () => {
    const { shown, input } = open('');
    expect(input).toHaveValue('');
    await shown.rerender({ value: 'p1' });
    expect(input).toHaveValue('林示例');
  });

  it('is whoever bears the whole name that was typed', async () => {
    const { onchoose, input } = open('p0');
    await userEvent.clear(input);
    await userEvent.type(input, '林示例{Enter}');
    await vi.waitFor(() => expect(onchoose).toHaveBeenCalledWith('p1'));
  });
});
