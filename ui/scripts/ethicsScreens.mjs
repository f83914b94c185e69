// The dialogs of a submission that goes out, is decided and set right.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCKED = 'data/pdf/pypdf/005-libreoffice-writer-password__libreoffice-writer-password.pdf';
const day = (away) => new Date(Date.now() + away * 86_400_000).toISOString().slice(0, 10);

/** A locked file, where the material for tests lies beside the clone. */
function locked() {
  const folders = ['../../../shared/', '../../../../shared/', '../../shared/'];
  const paths = folders.map((one) => fileURLToPath(new URL(one + LOCKED, import.meta.url)));
  return paths.find((path) => existsSync(path));
}

export function ethicsScreens({ rpc, id, screens }) {
  const first = async () => {
    const { rows } = await rpc('study.list');
    return rows[0].id;
  };
  const all = async (study) => {
    const { rows } = await rpc('submission.matrix', { study });
    return rows.flatMap((row) => row.submissions);
  };
  /** A consent form of the study is a locked file, once. */
  async function attached(study) {
    const path = locked();
    const { doc } = await rpc('study.get', { study });
    const title = '知情同意书（加密）';
    if (!path || doc.entities.some((one) => one.fields['title.zh']?.heads[0]?.value === title))
      return;
    const fields = { kind: 'consent', status: 'have', 'title.zh': title };
    const { entity } = await rpc('entity.add', {
      study,
      kind: 'document',
      parent: null,
      fields,
      after: null,
    });
    await rpc('document.attach', { study, document: entity, path, seen: [] });
  }
  /** The second submission was sent, once. */
  async function sent() {
    const study = await first();
    const open = (await all(study)).find((one) => one.kind === 'initial' && !one.sentOn);
    if (!open) return;
    const submission = open.id;
    const { rows } = await rpc('submission.check', { study, submission, passwords: {} });
    await rpc('submission.send', {
      study,
      submission,
      on: day(-3),
      leaveOut: rows.filter((one) => one.level === 'must').map((one) => one.key),
      why: '示例',
      lang: 'zh',
      passwords: {},
      anew: false,
    });
  }
  /** What was sent has a round of questions whose answers were sent too, once. */
  async function answered() {
    const study = await first();
    const open = (await all(study)).find((one) => one.state === 'sent');
    if (!open) return;
    const on = day(-2);
    const questions = ['请说明随访安排', '请补充保险凭证'];
    const asked = { study, submission: open.id, on, questions };
    const { reply } = await rpc('submission.ask', asked);
    const { doc } = await rpc('study.get', { study });
    for (const point of doc.entities.filter((one) => one.parent === reply))
      await rpc('field.set', {
        study,
        entity: point.id,
        field: 'answer.zh',
        value: '已在方案 6.2 中补充',
        seen: [],
        why: null,
      });
    await rpc('submission.answer', { study, reply, on: day(-1) });
  }
  const openSent = async (page) => {
    await screens.submissions(page);
    await sent();
    await page.reload();
    await screens.submissions(page);
    const study = await first();
    const n = (await all(study)).findIndex((one) => one.sentOn);
    await page.click(`${id('submission-row')} >> nth=${n}`);
    await page.waitForSelector(id('submission'));
  };
  return {
    submissionSending: async (page) => {
      await screens.submissions(page);
      await attached(await first());
      await page.reload();
      await screens.submissionCheck(page);
      // The files are looked at.
      await page.click(id('submission-step'));
      await page.waitForSelector('[role=status] >> nth=0');
      await page.waitForTimeout(3000);
      await page.click(id('submission-more'));
      await page.click('[role=menuitem] >> nth=0');
      await page.waitForSelector(id('send-submission'));
    },
    submissionFiltered: async (page) => {
      await screens.submissions(page);
      await page.selectOption(id('ethics-filter-kind'), 'initial');
      await page.waitForSelector(id('ethics-filter-clear'));
    },
    submissionAnswered: async (page) => {
      await openSent(page);
      await answered();
      await page.click(id('ethics-view-questions'));
      await page.waitForSelector(id('round-locked'));
    },
    packageSent: async (page) => {
      await openSent(page);
      await page.click(id('submission-package'));
      await page.waitForSelector(id('package-sent-in'), { timeout: 60_000 });
      await page.waitForSelector(id('package-page'), { timeout: 60_000 });
    },
    submissionDecide: async (page) => {
      await openSent(page);
      await page.click(id('submission-more'));
      await page.click('[role=menuitem] >> nth=1');
      await page.waitForSelector(id('decide-submission'));
    },
    submissionCourse: async (page) => {
      await openSent(page);
      await page.click(id('ethics-view-details'));
      await page.waitForSelector(id('submission-course'));
    },
    submissionCorrect: async (page) => {
      await screens.submissionCourse(page);
      await page.click(id('correct-sentOn'));
      await page.waitForSelector(id('correct-submission'));
    },
  };
}
