// Every kind of place that a finding names leads to the view that has it, and to the thing itself.
import { describe, expect, it } from 'vitest';
import type { FactPlace, StudyDoc } from '../../platform/contract.gen';
import { goalOf, submissionOf, viewOf, type At } from './place';

const entity = (id: string, kind: string, parent: string | null, fields = {}) => ({
  id,
  kind,
  parent,
  mark: 'live',
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, { heads: [{ value }] }]),
  ),
});
const DOC = {
  id: 's',
  entities: [
    entity('s', 'study', null),
    entity('site', 'site', 's'),
    entity('person', 'contact', 'site'),
    entity('paper', 'document', 'site'),
    entity('count', 'enrolment', 'site'),
    entity('mile', 'milestone', 'site'),
    entity('v', 'version', 's'),
    entity('section', 'section', 's'),
    entity('block', 'block', 'section'),
    entity('sub', 'submission', 'site'),
    entity('said', 'enclosure', 'sub', { item: 'insurance' }),
    entity('answer', 'answer', 'sub'),
    entity('round', 'reply', 'sub'),
    entity('point', 'point', 'round'),
    entity('letter', 'decision', 'sub'),
    entity('before', 'submission', 'site'),
  ],
} as unknown as StudyDoc;
const AT: At = {
  study: 's',
  submission: 'sub',
  site: 'site',
  list: [{ key: 'leadLetter', kinds: ['leadApproval'] }],
};
const go = (kind: string, id: string | null, field = '') =>
  goalOf(DOC, AT, { kind, entity: id, field } as FactPlace);

describe('a finding', () => {
  it.each([
    // A field of a form, answered or not.
    ['answer', 'sub', 'application/basic.dataSources', 'submissions', 'sub', undefined, 'forms'],
    ['answer', 'answer', 'application/basic.extra', 'submissions', 'sub', undefined, 'forms'],
    // An item of the list, said something of or not.
    ['submission', 'sub', 'item:consent', 'submissions', 'sub', undefined, 'list'],
    ['enclosure', 'said', '', 'submissions', 'sub', 'item:insurance', 'list'],
    ['submission', 'sub', 'lead', 'submissions', 'sub', 'item:leadLetter', 'list'],
    // What stands in the details.
    ['submission', 'sub', 'version', 'submissions', 'sub', undefined, 'details'],
    ['submission', 'sub', 'base', 'submissions', 'sub', undefined, 'details'],
    ['submission', 'sub', 'formsVersion', 'submissions', 'sub', 'forms', 'details'],
    ['submission', 'before', 'previous', 'submissions', 'before', undefined, 'details'],
    ['decision', 'letter', 'result', 'submissions', 'letter', undefined, 'details'],
    ['submission', 'sub', 'questions', 'submissions', 'sub', undefined, 'questions'],
    ['point', 'point', 'answer.zh', 'submissions', 'point', undefined, 'questions'],
    // The rest of the study.
    ['document', 'paper', 'signature', 'documents', 'paper', undefined, ''],
    ['document', 'paper', 'says.enrollment', 'documents', 'paper', undefined, ''],
    ['site', 'site', 'approvalNumber', 'sites', 'site', undefined, ''],
    ['contact', 'person', 'gcpUntil', 'sites', 'person', undefined, ''],
    ['contact', null, '', 'sites', 'site', '', ''],
    ['enrolment', 'count', 'enrolled', 'milestones', 'count', undefined, ''],
    ['enrolment', null, 'enrolled', 'milestones', 'site', undefined, ''],
    ['milestone', 'mile', 'planned', 'milestones', 'mile', undefined, ''],
    ['version', 'v', 'reason', 'protocol', 'v', undefined, ''],
    ['block', 'block', 'text.zh', 'protocol', 'block', undefined, ''],
    ['study', 's', 'officialTitle.zh', 'overview', 's', undefined, ''],
    ['study', null, 'enrollment', 'overview', 's', undefined, ''],
  ])('about %s %s %s leads to %s', (kind, id, field, tab, to, register, view) => {
    const goal = go(kind, id, field);
    expect(goal.tab).toBe(tab);
    expect(goal.spot).toEqual({ entity: to, field: (register ?? field) || undefined });
    if (!view) return;
    const shown = DOC.entities.find((one) => one.id === goal.spot?.entity);
    expect(viewOf(shown?.kind ?? '', goal.spot?.field)).toBe(view);
    expect(submissionOf(DOC, goal.spot!.entity)?.id).toBe(to === 'before' ? 'before' : 'sub');
  });

  it('about what the study has none of yet leads to where it is written', () => {
    expect(go('outcome', null, 'measure.zh')).toEqual({ tab: 'protocol' });
  });
});
