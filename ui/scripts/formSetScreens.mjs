// The screens of form sets, made of those of the directory.

import { officeForm } from './officeForm.mjs';

/** Keeps a copy of the generic set once. */
async function own(rpc) {
  const { rows } = await rpc('formset.list');
  if (rows.some((row) => row.entry)) return;
  const set = structuredClone(rows.find((row) => row.set.key === 'cn-generic').set);
  const name = { zh: '华山医院伦理委员会', en: 'Huashan ethics committee' };
  Object.assign(set, { key: 'huashan-ec', version: '', name });
  await rpc('formset.save', { set, from: 'cn-generic 2026-11.1', why: '' });
}

/** Gives the application of the copy the office's own form, half mapped. */
async function withBlank(rpc) {
  await own(rpc);
  const { rows } = await rpc('formset.list');
  const row = rows.find((one) => one.entry && one.newest);
  const set = structuredClone(row.set);
  const form = set.forms[0];
  if (form.blank) return;
  const { blank, look } = await rpc('formset.blankTake', { path: officeForm(), form });
  const proposed = look.places.filter((one) => one.field).slice(0, 5);
  blank.cells = proposed.map(({ place, field }) => ({
    at: place.at,
    field,
    how: place.how,
    says: place.says,
  }));
  form.blank = blank;
  set.version = '';
  await rpc('formset.save', { set, from: row.set.key, why: '医院申请表' });
}

export function formSetScreens({ rpc, id, directory, screens }) {
  const open = async (page) => {
    await screens.formSets(page);
    await page.click(`${id('set-row')} >> nth=-1`);
    await page.waitForSelector(id('form-set'));
    await page.click(id('set-view-lists'));
  };
  return {
    formSets: async (page) => {
      await own(rpc);
      await directory('forms')(page);
      await page.waitForSelector(id('set-row'));
    },
    formSetList: async (page) => {
      await open(page);
      await page.click(`${id('set-items')} [role=option] >> nth=1`);
    },
    formSetForms: async (page) => {
      await open(page);
      await page.click(id('set-view-forms'));
      await page.click(`${id('set-fields')} [role=option] >> nth=0`);
    },
    formSetSource: async (page) => {
      await screens.formSetForms(page);
      await page.click(id('set-source-add'));
    },
    formSetNoBlank: async (page) => {
      await screens.formSetForms(page);
      await page.click(id('set-blank'));
      await page.waitForSelector(id('blank-drop'));
    },
    formSetBlank: async (page) => {
      await withBlank(rpc);
      await screens.formSetForms(page);
      await page.click(id('set-blank'));
      await page.waitForSelector(`${id('blank-places')} tr >> nth=3`);
      await page.waitForTimeout(500);
    },
    formSetRules: async (page) => {
      await open(page);
      await page.click(id('set-view-rules'));
      await page.fill(id('set-naming'), '{planet}_{no}');
      await page.keyboard.press('Tab');
      await page.waitForSelector(id('set-fault'));
    },
    formSetPreview: async (page) => {
      await open(page);
      await page.click(id('set-view-preview'));
      await page.waitForSelector(`${id('set-preview')} li`);
    },
    formSetSave: async (page) => {
      await open(page);
      await page.click(id('set-item-add'));
      await page.waitForTimeout(600);
      await page.click(id('set-save'));
    },
    hospitalSet: async (page) => {
      await own(rpc);
      await screens.organisation(page);
      await page.waitForSelector(id('hospital-set'));
    },
  };
}
