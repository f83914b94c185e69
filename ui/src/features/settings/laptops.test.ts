// The parts of the settings about laptops and sticks, against a host that answers as ours does.
import { render, screen, within } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import { beforeEach, describe, expect, it } from 'vitest';
import { HostFailure, usePlatform } from '../../platform';
import type { BundleWrite, DeviceName, DeviceRow, StudyRow } from '../../platform/contract.gen';
import { studies } from '../../state/studies.svelte';
import { sync } from '../../state/sync.svelte';
import { toasts } from '../../state/toasts.svelte';
import LaptopSettings from './LaptopSettings.svelte';
import StickSettings from './StickSettings.svelte';

const laptop = (device: string, over: Partial<DeviceRow> = {}): DeviceRow => ({
  device: `sha256:${device}`,
  label: '',
  since: '2026-11-01T08:00:00Z',
  seen: '2026-11-26T08:00:00Z',
  revoked: null,
  isThis: false,
  ...over,
});
const host = { answers: {} as Record<string, (req: never) => unknown> };
usePlatform({
  call: async (command, req) => host.answers[command]!(req as never) as never,
  listen: () => () => undefined,
});

beforeEach(() => {
  toasts.list = [];
  const status = { ...sync.status, connected: true };
  sync.take(status);
  host.answers = {
    'sync.status': () => status,
    'device.list': () => ({ devices: [laptop('aaaa1', { isThis: true }), laptop('bbbb2')] }),
  };
});

describe('laptops', () => {
  it('get a name by Enter, and keep the old one by Escape', async () => {
    const named: DeviceName[] = [];
    host.answers['device.name'] = (req: DeviceName) => {
      named.push(req);
      return { devices: [laptop('aaaa1', { isThis: true }), laptop('bbbb2', { label: '门诊' })] };
    };
    render(LaptopSettings);
    const user = userEvent.setup();
    const rows = await screen.findAllByTestId('laptop');
    expect(rows[0]).toHaveTextContent('这台电脑');
    expect(rows[1]).toHaveTextContent('未命名 bbbb');
    await user.click(within(rows[1]!).getByTestId('laptop-rename'));
    await user.keyboard('X{Escape}');
    expect(named).toEqual([]);
    await user.click(within(rows[1]!).getByTestId('laptop-rename'));
    await user.keyboard('门诊{Enter}');
    expect(named).toEqual([{ device: 'sha256:bbbb2', label: '门诊' }]);
    expect(await screen.findByText('门诊', { selector: 'strong' })).toBeInTheDocument();
  });

  it('are withdrawn after it was said what happens', async () => {
    host.answers['device.revoke'] = () => ({
      devices: [laptop('aaaa1'), laptop('bbbb2', { revoked: '2026-11-26T09:00:00Z' })],
    });
    render(LaptopSettings);
    const user = userEvent.setup();
    const rows = await screen.findAllByTestId('laptop');
    await user.click(within(rows[1]!).getByTestId('laptop-revoke'));
    const dialog = screen.getByTestId('laptop-dialog');
    expect(dialog).toHaveTextContent('先交回尚未发送的内容，再删除整个工作库');
    expect(dialog).not.toHaveTextContent('您正在使用');
    await user.click(screen.getByTestId('laptop-sure'));
    expect(await screen.findByText(/已收回/, { selector: 'span' })).toBeInTheDocument();
    expect(within(screen.getAllByTestId('laptop')[1]!).queryByTestId('laptop-revoke')).toBeNull();
  });
});

describe('a stick', () => {
  it('gets the chosen studies, and its passphrase is not kept', async () => {
    studies.rows = [{ id: 's', titleZh: '心衰', titleEn: '' } as StudyRow];
    const sent: BundleWrite[] = [];
    host.answers['file.pick'] = () => ({ paths: ['/stick/a.sync'] });
    host.answers['bundle.write'] = (req: BundleWrite) => {
      sent.push(req);
      return { path: req.path, pages: null, warnings: [] };
    };
    render(StickSettings);
    const user = userEvent.setup();
    expect(screen.getByTestId('stick-write')).toBeDisabled();
    await user.click(screen.getByTestId('stick-study'));
    await user.type(screen.getByTestId('stick-out-words'), 'river lamp');
    await user.click(screen.getByTestId('stick-write'));
    expect(sent).toEqual([{ studies: ['s'], passphrase: 'river lamp', path: '/stick/a.sync' }]);
    expect(await screen.findByText(/已写到 \/stick\/a.sync/)).toBeInTheDocument();
    expect(screen.getByTestId('stick-out-words')).toHaveValue('');
  });

  it('is taken in, or says why not and keeps what was typed', async () => {
    host.answers['file.pick'] = () => ({ paths: ['/stick/a.sync'] });
    let isRight = false;
    host.answers['bundle.read'] = () => {
      if (!isRight)
        throw new HostFailure({
          kind: 'invalid',
          code: 'desk.error.bundleKey',
          params: {},
          traceId: '',
        });
      return { studies: ['s'], nNew: 3, nKnown: 2, problems: [] };
    };
    render(StickSettings);
    const user = userEvent.setup();
    await user.click(screen.getByTestId('stick-choose'));
    await user.type(await screen.findByTestId('stick-in-words'), 'river lamp');
    await user.click(screen.getByTestId('stick-read'));
    expect(await screen.findByRole('alert')).toHaveTextContent('口令与该文件不符');
    expect(screen.getByTestId('stick-in-words')).toHaveValue('river lamp');
    isRight = true;
    await user.click(screen.getByTestId('stick-read'));
    expect(await screen.findByTestId('stick-taken')).toHaveTextContent('新增 3 项修改');
  });
});
