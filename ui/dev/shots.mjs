// Looks at every screen in both languages, themes and sizes: `node dev/shots.mjs URL FOLDER [only]`.
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [base = 'http://127.0.0.1:1420/dev/', folder = 'shots', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const flags = '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic'.split(' ');
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const id = (name) => `[data-testid="${name}"]`;
const tab = (name) => async (page) => { await page.click(`${id('study-row')} a >> nth=0`); await page.click(id(`tab-${name}`)); };
const screens = {
  welcome: ['?', async () => {}],
  profile: ['?', async (page) => page.click(id('begin'))],
  passphrase: ['?', async (page) => { await page.click(id('begin')); await page.fill(id('profile-name-zh'), '周明远'); await page.click(id('profile-next')); await page.fill(id('passphrase'), 'correct horse'); }],
  recovery: ['?', async (page) => { await page.click(id('begin')); await page.fill(id('profile-name-zh'), '周明远'); await page.click(id('profile-next')); await page.fill(id('passphrase'), 'correct horse battery'); await page.fill(id('passphrase-again'), 'correct horse battery'); await page.click(id('create-vault')); await page.waitForSelector(id('recovery-code')); }],
  unlock: ['?made', async (page) => { await page.fill(id('unlock-secret'), 'wrong'); await page.click(id('unlock')); }],
  studies: ['?open&many=298', async () => {}],
  empty: ['?open&empty', async () => {}],
  search: ['?open&many=298', async (page) => { await page.fill(id('study-search'), '华'); await page.waitForTimeout(300); }],
  palette: ['?open&many=298', async (page) => { await page.keyboard.press('Control+k'); await page.fill(id('palette-input'), '血'); await page.waitForTimeout(300); }],
  newStudy: ['?open&many=5', async (page) => page.click(id('new-study'))],
  overview: ['?open&draft', tab('overview')],
  editing: ['?open', async (page) => { await tab('overview')(page); await page.click(`${id('field-study-title.zh')} [role=button]`); }],
  choosing: ['?open', async (page) => { await tab('overview')(page); await page.click(`${id('field-study-status')} [role=button]`); }],
  protocol: ['?open', tab('protocol')],
  protocolBoth: ['?open', async (page) => { await tab('protocol')(page); await page.click(id('protocol-lang-both')); }],
  sites: ['?open', async (page) => { await tab('sites')(page); await page.click(`${id('site-table')} [role=gridcell] >> nth=0`); }],
  milestones: ['?open', tab('milestones')],
  documents: ['?open', tab('documents')],
  history: ['?open', async (page) => { await tab('overview')(page); await page.click(`${id('field-study-acronym')} [role=button]`); await page.keyboard.type('NEW'); await page.keyboard.press('Enter'); await page.waitForTimeout(300); await page.click(id('tab-history')); }],
  drawer: ['?open', async (page) => { await tab('overview')(page); await page.hover(id('field-study-acronym')); await page.click(`${id('field-study-acronym')} .tools button`); }],
  pdf: ['?open', async (page) => { await tab('overview')(page); await page.click(id('pdf-open')); await page.click(id('pdf-submission')); }],
  pdfDone: ['?open', async (page) => { await tab('overview')(page); await page.click(id('pdf-open')); await page.click(id('pdf-make')); await page.waitForSelector(id('pdf-done')); }],
  conflicts: ['?open', async (page) => page.click(id('rail-conflicts'))],
  import: ['?open', async (page) => { await page.click(id('import-open')); await page.waitForSelector(id('import-run')); await page.click('[aria-expanded=false].fold >> nth=1'); }],
  settings: ['?open', async (page) => page.click(id('rail-settings'))],
  status: ['?open', async (page) => page.click(id('status-state'))],
  join: ['?open&many=10', async (page) => page.click(`${id('finding')} button`)],
};
const variants = [
  { name: 'zh', lang: 'zh', theme: 'light', width: 1440, height: 900 },
  { name: 'en-dark', lang: 'en', theme: 'dark', width: 1024, height: 640 },
];
for (const variant of variants) {
  for (const [name, [query, act]] of Object.entries(screens)) {
    if (only && !only.split(',').includes(name)) continue;
    const page = await browser.newPage({ viewport: variant, colorScheme: variant.theme });
    page.on('pageerror', (error) => console.log(`${name} ${variant.name}: ${error.message}`));
    page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) console.log(`${name} ${variant.name}: ${message.text()}`); });
    try {
      await page.goto(`${base}${query}&lang=${variant.lang}`);
      await page.waitForSelector('main[data-ready=true]', { timeout: 15000 });
      page.setDefaultTimeout(4000);
      await act(page);
      await page.waitForTimeout(350);
    } catch (error) {
      console.log(`${name} ${variant.name}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
    }
    await page.screenshot({ path: `${folder}/${name}.${variant.name}.png` });
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run({ resultTypes: ['violations'] }));
    for (const violation of found.violations) console.log(`axe ${name} ${variant.name}: ${violation.id} (${violation.nodes.length}) ${violation.nodes.slice(0, 2).map((node) => node.target.join(' ')).join(' | ')}`);
    await page.close();
  }
}
await browser.close();
