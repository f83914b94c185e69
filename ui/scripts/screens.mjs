// The screens of the sample by name: how each is reached, in the test host.
import { readFileSync, writeFileSync } from 'node:fs';
import { ethicsScreens } from './ethicsScreens.mjs';
import { formSetScreens } from './formSetScreens.mjs';

const [base = 'http://127.0.0.1:4600'] = process.argv.slice(2);
export const id = (name) => `[data-testid="${name}"]`;

/** Asks the test host. */
export async function rpc(command, payload = {}) {
  const answer = await fetch(`${base}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, payload }),
  });
  return (await answer.json()).ok;
}

const list = async (page) => page.click(id('rail-studies'));
const study = async (page) => {
  await list(page);
  await page.click(`${id('study-row')} a >> nth=0`);
};
const tab = (name) => async (page) => {
  await study(page);
  await page.click(id(`tab-${name}`));
};
const view = (name) => async (page) => {
  await tab('protocol')(page);
  await page.click(id(`protocol-view-${name}`));
};
const planView = (name) => async (page) => {
  await tab('milestones')(page);
  await page.click(id(`plan-view-${name}`));
};
/** Opens the menu of the plan's tools: of its files alone, or of all where there is little room. */
const planMenu = async (page) => {
  await tab('milestones')(page);
  await page.click(`${id('plan-files')}, ${id('plan-more')}`);
};
/** Uses a tool of the plan: a button, or an entry of the menu. */
const planTool = async (page, name) => {
  await tab('milestones')(page);
  await page.waitForSelector(`${id(name)}, ${id('plan-more')}`);
  if (await page.locator(id('plan-more')).count()) await page.click(id('plan-more'));
  await page.click(id(name));
};
/** Freezes the protocol of the first study once, and changes a sentence of it. */
async function frozen() {
  const { rows } = await rpc('study.list');
  const study = rows[0].id;
  const { versions } = await rpc('version.standing', { study });
  if (versions.length > 0) return;
  const freeze = { study, number: '1.1', date: '2026-03-05', base: null, fields: {} };
  await rpc('version.freeze', { ...freeze, leaveOut: ['enrollment'] });
  const { doc } = await rpc('study.get', { study });
  const block = doc.entities.find((one) => one.kind === 'block' && one.fields['text.zh']);
  const heads = block.fields['text.zh'].heads;
  const value = `${heads[0].value}（每 3 个月一次）`;
  const seen = heads.map((head) => head.op);
  const change = { do: 'set', entity: block.id, field: 'text.zh', value, seen };
  await rpc('protocol.save', { study, changes: [change], why: null });
}
/** Something of every kind on today's list: an approval that ends, an answer awaited, a blocked site. */
async function eventful() {
  await frozen();
  const { today, counts } = await rpc('today.get', { days: 30 });
  if (counts.waiting > 0) return;
  const { rows } = await rpc('study.list');
  const study = rows[0].id;
  const { versions } = await rpc('version.standing', { study });
  const day = (n) => new Date(Date.parse(today) + n * 86_400_000).toISOString().slice(0, 10);
  const set = async (entity, field, value) =>
    rpc('field.set', { study, entity, field, value, seen: [], why: null });
  const { lanes } = await rpc('plan.get', { study });
  const sites = lanes.filter((lane) => lane.site);
  await set(sites[0].site, 'approvalValidUntil', day(12));
  const site = { $ref: sites[0].site };
  const fields = { site, status: 'submitted', submittedOn: day(-40) };
  const parent = versions[0].id;
  await rpc('entity.add', { study, kind: 'approval', parent, fields, after: null });
  const next = sites.flatMap((lane) => lane.rows).find((row) => row.status === 'blocked');
  if (next) await set(next.id, 'planned', day(9));
}
/** A submission of the first study. */
async function submitted() {
  await frozen();
  const { rows } = await rpc('study.list');
  const study = rows[0].id;
  const { rows: sites } = await rpc('submission.matrix', { study });
  if (sites.some((row) => row.submissions.length > 0)) return;
  const begun = { study, site: sites[0].site, kind: 'amendment', forms: '', version: null };
  await rpc('submission.new', begun);
  await rpc('submission.new', { ...begun, site: sites[1].site, kind: 'initial' });
}
/** The directory at one of its parts, and the first entry of it. */
const directory = (part) => async (page) => {
  await page.click(id('rail-directory'));
  await page.click(id(`directory-${part}`));
};
const entry = (part, row) => async (page) => {
  await directory(part)(page);
  await page.click(`${id(row)} >> nth=0`);
};
/** The delegation log of the first study, at its last entry. */
const log = async (page) => {
  await tab('sites')(page);
  await page.click(id('sites-view-log'));
  await page.waitForSelector(`${id('duty-table')} [role=gridcell]`);
};
export const locked = new Set(['welcome', 'profile', 'passphrase', 'helpLocked']);
export const screens = {
  welcome: async (page) => {
    if (await page.locator(id('unlock-other')).count()) await page.click(id('unlock-other'));
  },
  profile: async (page) => {
    await screens.welcome(page);
    await page.click(id('begin'));
  },
  passphrase: async (page) => {
    await screens.profile(page);
    await page.fill(id('profile-name-zh'), '周示例');
    await page.click(id('profile-next'));
    await page.fill(id('passphrase'), 'river lamp');
  },
  today: async (page) => {
    await page.waitForSelector(id('today-line'));
  },
  todayFull: async (page) => {
    await eventful();
    await page.waitForSelector(id('today-jump-waiting'));
    await page.keyboard.press('j');
  },
  readiness: async (page) => {
    await eventful();
    await tab('sites')(page);
    await page.click(`${id('site-table')} [role=gridcell] >> nth=0`);
    await page.click(id('site-ready'));
    await page.waitForSelector(id('ready-line'));
    await page.keyboard.press('j');
  },
  help: async (page) => {
    await page.waitForSelector(id('today-line'));
    await page.keyboard.press('F1');
  },
  helpSearch: async (page) => {
    await screens.help(page);
    await page.fill(
      id('help-search'),
      (await page.getAttribute('html', 'lang')) === 'en' ? 'deadline' : '期限',
    );
  },
  keys: async (page) => {
    await page.waitForSelector(id('today-line'));
    await page.keyboard.press('?');
  },
  helpOver: async (page) => {
    await list(page);
    await page.click(id('new-study'));
    await page.keyboard.press('F1');
    await page.waitForSelector(id('help-page'));
  },
  todayStudy: async (page) => {
    await page.waitForSelector(id('today-line'));
    await page.click(id('today-by-study'));
  },
  helpLocked: async (page) => {
    await page.waitForSelector(id('start'));
    await page.keyboard.press('F1');
  },
  list,
  search: async (page) => {
    await list(page);
    await page.fill(id('study-search'), '华');
    await page.waitForTimeout(300);
  },
  newStudy: async (page) => {
    await list(page);
    await page.click(id('new-study'));
  },
  palette: async (page) => {
    await page.keyboard.press('Control+k');
    await page.fill(id('palette-input'), '研究');
    await page.waitForTimeout(300);
  },
  overview: study,
  editing: async (page) => {
    await study(page);
    await page.click(`${id('field-study-title.zh')} [role=button]`);
  },
  choosing: async (page) => {
    await study(page);
    await page.click(`${id('field-study-status')} [role=button]`);
  },
  drawer: async (page) => {
    await study(page);
    await page.focus(`${id('field-study-status')} [role=button]`);
    await page.keyboard.press('Alt+h');
  },
  protocol: tab('protocol'),
  protocolBoth: async (page) => {
    await tab('protocol')(page);
    await page.click(id('protocol-lang-both'));
  },
  versions: view('versions'),
  freezing: async (page) => {
    await view('versions')(page);
    await page.click(id('freeze-open'));
    await page.waitForSelector(id('hindrances'));
  },
  compare: async (page) => {
    await frozen();
    await view('compare')(page);
    await page.waitForSelector(`${id('compare')}[data-busy=false]`);
  },
  changes: async (page) => {
    await screens.compare(page);
    await page.click(id('compare-part-table'));
  },
  check: view('check'),
  registration: view('registration'),
  exporting: async (page) => {
    await tab('protocol')(page);
    await page.click(id('word-menu'));
    await page.click('[role=menuitem] >> nth=1');
  },
  sites: async (page) => {
    await tab('sites')(page);
    await page.click(`${id('site-table')} [role=gridcell] >> nth=0`);
  },
  people: directory('people'),
  findPerson: async (page) => {
    await directory('people')(page);
    await page.fill(id('directory-filter'), '0000 12');
  },
  newPerson: async (page) => {
    await directory('people')(page);
    await page.click(id('add-entry'));
    await page.fill(id('new-name-zh'), '林示例');
  },
  person: entry('people', 'person-row'),
  newCredential: async (page) => {
    await entry('people', 'person-row')(page);
    await page.click(id('add-credential'));
    await page.fill(id('credential-until'), '2027-3');
  },
  organisations: directory('organisations'),
  organisation: entry('organisations', 'organisation-row'),
  spellings: async (page) => {
    await directory('spellings')(page);
    await page.waitForSelector(id('spellings'));
  },
  log,
  duty: async (page) => {
    await log(page);
    await page.click(`${id('duty-table')} [role=gridcell] >> nth=0`);
    await page.waitForSelector(id('duty-detail'));
  },
  newDuty: async (page) => {
    await log(page);
    await page.click(id('add-duty'));
  },
  milestones: tab('milestones'),
  timeline: planView('timeline'),
  studiesTimeline: async (page) => {
    await list(page);
    await page.click(id('studies-view-timeline'));
  },
  matrix: planView('matrix'),
  enrolment: planView('enrolment'),
  applyList: async (page) => {
    await tab('milestones')(page);
    await page.click(id('plan-add'));
    await page.click('[role=menuitem] >> nth=0');
    await page.waitForSelector(id('apply-preview'));
  },
  applySites: async (page) => {
    await screens.applyList(page);
    await page.selectOption(id('apply-list'), 'cn-iit-site');
    await page.click(`${id('apply-site')} >> nth=1`);
  },
  baseline: async (page) => {
    await planTool(page, 'plan-baseline');
  },
  clone: async (page) => {
    await tab('milestones')(page);
    await page.click(id('plan-add'));
    await page.click('[role=menuitem] >> nth=1');
  },
  replan: async (page) => {
    await planTool(page, 'plan-replan');
  },
  deadline: async (page) => {
    await tab('milestones')(page);
    await page.click(id('plan-add'));
    await page.click('[role=menuitem] >> nth=2');
  },
  deadlineEnds: async (page) => {
    await screens.deadline(page);
    await page.selectOption(id('deadline-rule'), 'hgr_end_report');
    await page.fill(id('deadline-day'), '2026-08-13');
    await page.click(id('deadline-write'));
    await page.waitForSelector(id('deadline-ends'));
  },
  planFiles: planMenu,
  importMilestones: async (page) => {
    // The host reads what was written where it would ask for a file.
    const [path] = (await rpc('file.pick', { purpose: 'openTable', name: '' })).paths;
    const { rows } = await rpc('study.list');
    await rpc('milestone.export', { study: rows[0].id, format: 'csv', lang: 'zh', path });
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('2027-', '2028-'));
    await planMenu(page);
    await page.click(id('plan-import'));
    await page.waitForSelector(`${id('import-milestones')} ul`);
  },
  studyContacts: async (page) => {
    await study(page);
    await page.click(id('study-menu'));
    await page.click('[role=menuitem] >> nth=1');
    await page.waitForSelector(id('export-contacts'));
  },
  milestoneDetail: async (page) => {
    await tab('milestones')(page);
    await page.click(`${id('milestone-more')} >> nth=1`);
  },
  documents: tab('documents'),
  submissions: async (page) => {
    await submitted();
    await tab('submissions')(page);
    await page.waitForSelector(id('submission-row'));
  },
  newSubmission: async (page) => {
    await screens.submissions(page);
    await page.click(id('submission-new'));
  },
  submission: async (page) => {
    await screens.submissions(page);
    await page.click(`${id('submission-row')} >> nth=0`);
    await page.waitForSelector(id('submission'));
    await page.click(id('ethics-view-list'));
  },
  submissionCheck: async (page) => {
    await screens.submission(page);
    await page.click(id('ethics-view-check'));
  },
  submissionForms: async (page) => {
    await screens.submission(page);
    await page.click(id('ethics-view-forms'));
  },
  submissionQuestions: async (page) => {
    await screens.submission(page);
    await page.click(id('ethics-view-questions'));
  },
  submissionDetails: async (page) => {
    await screens.submission(page);
    await page.click(id('ethics-view-details'));
  },
  submissionSend: async (page) => {
    await screens.submission(page);
    await page.click(id('submission-step'));
    await page.click(id('submission-more'));
  },
  package: async (page) => {
    await screens.submission(page);
    await page.click(id('submission-package'));
    await page.waitForSelector(id('package-page'), { timeout: 60_000 });
  },
  history: tab('history'),
  membersOff: tab('members'),
  pdf: async (page) => {
    await study(page);
    await page.click(id('pdf-open'));
    await page.click(id('pdf-submission'));
  },
  conflicts: async (page) => page.click(id('rail-conflicts')),
  settings: async (page) => page.click(id('rail-settings')),
  settingsDays: async (page) => {
    await page.click(id('rail-settings'));
    await page.click('a[href="#reminders"]');
    await page.waitForSelector(id('calendar-year'));
    await page.waitForSelector(id('reminder-on'));
  },
  status: async (page) => page.click(id('status-state')),
};
Object.assign(screens, formSetScreens({ rpc, id, directory, screens }));
Object.assign(screens, ethicsScreens({ rpc, id, screens }));
