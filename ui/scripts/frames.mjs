// How fast a long protocol answers in the test host: opening, a key to its painted letter, scrolling
// a comparison. Figures for docs/figures.md, not a test:
//   cargo run -p stories --bin browser-host -- 4600 FOLDER
//   node scripts/frames.mjs http://127.0.0.1:4600 FILE.docx
import { chromium } from 'playwright-core';

const [base = 'http://127.0.0.1:4600', file = ''] = process.argv.slice(2);
const id = (name) => `[data-testid="${name}"]`;

async function rpc(command, payload = {}) {
  const answer = await fetch(`${base}/rpc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ command, payload }),
  });
  const { ok, err } = await answer.json();
  if (err) throw new Error(`${command}: ${JSON.stringify(err)}`);
  return ok;
}

/** A study with the file as its text, frozen, and every fourth block changed since. */
async function prepare() {
  await rpc('vault.sample');
  const fields = { 'title.en': 'A long protocol' };
  const { study } = await rpc('study.create', { fields, template: null, hospitals: [] });
  const { preview, plan } = await rpc('word.read', { study, path: file });
  const sections = plan.sections.map(({ at }) => ({ at, to: 'new', section: null }));
  const choices = { lang: plan.lang, sections, unsure: [], archiveGone: false, keepGone: [] };
  await rpc('word.run', { study, preview, choices });
  const hindrances = await rpc('version.hindrances', { study });
  const leaveOut = hindrances.rows.map((row) => row.key ?? row.path ?? row.code);
  const freeze = { study, number: '1.0', date: '2026-03-05', base: null, fields: {}, leaveOut };
  await rpc('version.freeze', freeze);
  const { doc } = await rpc('study.get', { study });
  const field = `text.${plan.lang}`;
  const blocks = doc.entities.filter((one) => one.kind === 'block' && one.fields[field]);
  const changes = blocks
    .filter((_, n) => n % 4 === 0)
    .map((block) => {
      const { heads } = block.fields[field];
      const value = String(heads[0].value).replace(/ (\w+)/, ' twelve $1');
      return { do: 'set', entity: block.id, field, value, seen: heads.map((head) => head.op) };
    });
  await rpc('protocol.save', { study, changes, why: null });
  console.log(`${blocks.length} blocks, ${changes.length} changed`);
  return study;
}

const flags = ['--no-sandbox', '--disable-background-networking', '--no-first-run'];
const percent = (list, part) => {
  const sorted = list.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1);
};
const say = (what, list) =>
  console.log(
    `${what}: n ${list.length}, median ${percent(list, 0.5)}, 95 % ${percent(list, 0.95)}, worst ${percent(list, 1)} ms`,
  );

await prepare();
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(base);
await page.waitForSelector('main[data-ready=true]');
await page.click(id('rail-studies'));
await page.click(`${id('study-row')} a:has-text("A long protocol")`);
const start = Date.now();
await page.click(id('tab-protocol'));
await page.waitForSelector('.ProseMirror p');
await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
console.log(`opening the text: ${Date.now() - start} ms`);

// A key: from its event to the frame after which its letter is painted.
await page.evaluate(() => {
  const gaps = (globalThis.gaps = []);
  addEventListener(
    'keydown',
    (event) => {
      const at = event.timeStamp;
      requestAnimationFrame(() => {
        const channel = new MessageChannel();
        channel.port1.onmessage = () => gaps.push(performance.now() - at);
        channel.port2.postMessage(0);
      });
    },
    true,
  );
});
const paragraphs = page.locator('.ProseMirror p');
await paragraphs.nth(Math.floor((await paragraphs.count()) / 2)).click();
for (let n = 0; n < 300; n += 1) {
  await page.keyboard.press('abcdefgh '[n % 9] === ' ' ? 'Space' : 'abcdefgh'[n % 8]);
  await page.waitForTimeout(20 + (n % 5) * 10);
}
say('a key to its painted letter', await page.evaluate(() => globalThis.gaps));

await page.waitForTimeout(1500);
await page.click(id('protocol-view-compare'));
await page.waitForSelector(`${id('compare')}[data-busy=false] ${id('redline')}`);
await page.waitForTimeout(1500);
for (const all of [false, true]) {
  if (all) {
    await page.uncheck('.compare input[type=checkbox]');
    await page.waitForTimeout(2000);
  }
  const frames = await page.evaluate(
    () =>
      new Promise((done) => {
        let box = document.querySelector('[data-testid="redline"]');
        while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
        while (box && !/auto|scroll/.test(getComputedStyle(box).overflowY)) box = box.parentElement;
        box ??= document.scrollingElement;
        box.scrollTop = 0;
        const list = [];
        let last = performance.now();
        const step = (now) => {
          list.push(now - last);
          last = now;
          box.scrollTop += 120;
          if (box.scrollTop + box.clientHeight < box.scrollHeight - 1 && list.length < 900)
            requestAnimationFrame(step);
          else done(list.slice(1));
        };
        requestAnimationFrame(step);
      }),
  );
  say(`scrolling ${all ? 'the whole comparison' : 'its changes'}, a frame`, frames);
}
await browser.close();
