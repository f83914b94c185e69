// Opens every screen of the sample in the test host, in both languages and themes and at 200 % zoom,
// takes a picture of each and lets axe look at it:
//   cargo run -p stories --bin browser-host -- 4600 FOLDER
//   npm run look -- http://127.0.0.1:4600 PICTURES
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { locked, rpc, screens } from './screens.mjs';
import { closeShared, openShared, sharedScreens } from './shared.mjs';

const [base = 'http://127.0.0.1:4600', folder = 'shots', only = ''] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
let faults = 0;

const variants = [
  { name: 'zh', lang: 'zh', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  { name: 'en', lang: 'en', colorScheme: 'dark', viewport: { width: 1024, height: 640 } },
  { name: 'zhDark', lang: 'zh', colorScheme: 'dark', viewport: { width: 1024, height: 640 } },
  { name: 'enLight', lang: 'en', colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  {
    name: 'zoom',
    lang: 'zh',
    colorScheme: 'light',
    viewport: { width: 640, height: 400 },
    deviceScaleFactor: 2,
  },
];
const flags =
  '--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync --no-first-run --disable-quic'.split(
    ' ',
  );
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });

const say = (text) => {
  faults += 1;
  console.log(text);
};

async function look(variant, name, act) {
  await rpc('vault.lock');
  await rpc('app.setLang', { lang: variant.lang });
  if (name in sharedScreens) await openShared();
  else if (!locked.has(name)) await rpc('vault.sample');
  const page = await browser.newPage(variant);
  const where = `${name} ${variant.name}`;
  page.on('pageerror', (error) => say(`${where}: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) say(`${where}: ${message.text()}`);
  });
  page.setDefaultTimeout(6000);
  try {
    await page.goto(base);
    await page.waitForSelector('main[data-ready=true]');
    await act(page);
  } catch (error) {
    say(`${where}: ${error.message.split('\n').slice(0, 3).join(' ')}`);
  }
  await page.waitForTimeout(300);
  await page.screenshot({ path: `${folder}/${name}.${variant.name}.png` });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({ resultTypes: ['violations'] }));
  for (const fault of found.violations)
    say(
      `${where}: axe ${fault.id} (${fault.nodes.length}) ${fault.nodes
        .slice(0, 2)
        .map((node) => node.target.join(' '))
        .join(' | ')}`,
    );
  if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth))
    say(`${where}: wider than the window`);
  await page.close();
}

for (const variant of variants) {
  for (const [name, act] of Object.entries({ ...screens, ...sharedScreens })) {
    if (!only || only.split(',').includes(name)) await look(variant, name, act);
  }
}
await browser.close();
closeShared();
console.log(faults ? `${faults} faults` : 'no faults');
process.exitCode = faults ? 1 : 0;
