// Screens that want a center: a real one is started beside the test host, a study is shared with a
// second laptop, and what that laptop had no right to write waits for review.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { id, rpc } from './screens.mjs';

const bin = new URL('../../target/debug/', import.meta.url).pathname;
const secret = 'river lamp 心衰 hill';
let vault = '';
let center;

/** Runs one of our programs; gives what it prints. */
function run(program, words, env = {}) {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } };
  return execFileSync(join(bin, program), words, options);
}

/** A center on a free port: its address and how it invites. */
async function startCenter(folder) {
  const serve = ['serve', '--listen', '127.0.0.1:0', '--data', folder];
  center = spawn(join(bin, 'pidesk-center'), serve, { stdio: ['ignore', 'pipe', 'ignore'] });
  const url = await new Promise((done) => center.stdout.once('data', (line) => done(`${line}`)));
  const invite = (user) =>
    run('pidesk-center', ['invite', '--user', user, '--data', folder]).trim().split('\n').at(-1);
  return { url: url.trim(), invite };
}

/** A second laptop, worked by the command line. */
function laptop(folder, name) {
  const env = { PIDESK_PASSPHRASE: secret, PIDESK_QUICK_KDF: '1', PIDESK_DATA_DIR: folder };
  const to = (...words) => run('pidesk', [...words, '--vault', join(folder, 'vault')], env);
  to('init', '--name', name);
  return to;
}

async function prepare() {
  const folder = mkdtempSync(join(tmpdir(), 'pidesk-look-'));
  const { url, invite } = await startCenter(join(folder, 'center'));
  const profile = { nameZh: '李示例', nameEn: 'Li Example', hospital: '', role: '' };
  vault = (await rpc('vault.create', { path: null, passphrase: secret, profile })).open.path;
  const fields = { 'title.zh': '心力衰竭早期干预的多中心研究（示例）', acronym: 'EARLY' };
  await rpc('study.create', { fields, template: null, hospitals: [] });
  const study = (await rpc('study.list')).rows[0].id;
  await rpc('sync.connect', { url, code: invite('li') });
  await rpc('sync.now');
  const people = { wang: '王示例', zhao: '赵示例', chen: '陈示例' };
  const to = {};
  for (const [user, name] of Object.entries(people)) {
    to[user] = laptop(join(folder, user), name);
    to[user]('connect', '--center', url, '--code', invite(user));
    to[user]('sync');
  }
  // The first contact runs in the background; the study is at the center when its members are known.
  for (let n = 0; !(await rpc('member.list', { study })) && n < 100; n += 1) await rpc('sync.now');
  const change = (account, role, why) =>
    rpc('member.change', { study, changes: [{ account, role }], why });
  await change('wang', 'coordinator', '负责瑞金中心的日常协调');
  await change('zhao', 'reader', '先了解方案');
  await change('chen', 'reader', '');
  await change('chen', null, '已转科');
  for (const word of ['EARLY-HF', 'EARLY-2']) {
    to.zhao('sync');
    to.zhao('edit', study, 'acronym', word);
    to.zhao('sync');
  }
  const { devices } = await rpc('device.list');
  await rpc('device.name', { device: devices[0].device, label: '门诊笔记本' });
  // Another laptop of the same account, and one that was withdrawn.
  for (const name of ['other', 'lost']) {
    const own = laptop(join(folder, name), '李示例');
    own('connect', '--center', url, '--code', invite('li'));
  }
  const all = (await rpc('device.list')).devices;
  await rpc('device.revoke', { device: all.at(-1).device });
  for (let n = 0; (await rpc('review.list')).held.length < 2 && n < 100; n += 1)
    await rpc('sync.now');
  const { held } = await rpc('review.list');
  const first = held.at(-1);
  await rpc('review.dismiss', { study, ids: [first.id], why: '注册平台上的缩写未变更' });
  await rpc('vault.lock');
}

/** Opens the vault that is connected; makes it and its center before. */
export async function openShared() {
  if (!vault) await prepare();
  await rpc('vault.open', { path: vault, way: 'passphrase', secret });
}

export const closeShared = () => center?.kill();

const members = async (page) => {
  await page.click(id('rail-studies'));
  await page.click(`${id('study-row')} a >> nth=0`);
  await page.click(id('tab-members'));
  await page.waitForSelector(id('member-row'));
};
const deed = (row, item) => async (page) => {
  await members(page);
  await page.click(`${id('member-menu')} >> nth=${row}`);
  await page.click(`[role=menuitem] >> nth=${item}`);
  await page.waitForSelector(id('member-dialog'));
};
const part = (name) => async (page) => {
  await page.click(id('rail-settings'));
  await page.click(`a[href="#${name}"]`);
};

export const sharedScreens = {
  members,
  memberShare: async (page) => {
    await members(page);
    await page.click(id('member-share'));
    await page.fill(id('member-account'), 'chen');
    await page.selectOption(id('member-role'), 'reader');
  },
  memberReplace: deed(1, 1),
  memberUnshare: deed(1, 3),
  memberHandOver: deed(0, 0),
  todayReview: async (page) => page.waitForSelector(id('today-review')),
  review: async (page) => {
    await page.click(id('rail-review'));
    await page.waitForSelector(id('held'));
  },
  reviewDismiss: async (page) => {
    await sharedScreens.review(page);
    await page.click(`${id('held-dismiss')} >> nth=0`);
  },
  laptops: async (page) => {
    await part('laptops')(page);
    await page.waitForSelector(id('laptop'));
  },
  laptopStolen: async (page) => {
    await sharedScreens.laptops(page);
    await page.click(`${id('laptop-revoke')} >> nth=0`);
  },
  stick: async (page) => {
    await part('stick')(page);
    await page.click(`${id('stick-study')} >> nth=0`);
    await page.click(id('stick-choose'));
  },
};
