// Invented studies for looking at screens.
import type { Entity, Head, JsonValue, StudyDoc } from '../src/platform/contract.gen';

let n = 0;
export const newId = () => `00000000-0000-7000-8000-${String(++n).padStart(12, '0')}`;

export function headOf(value: JsonValue, byName = '李文静', at = '2026-11-20T03:12:00Z', device = 'a3f9'): Head {
  return { op: `${device}:${++n}:0`, value, redacted: false, by: newId(), byName, device, at, tzMinutes: 480 };
}

export function entityOf(id: string, kind: string, parent: string | null, values: Record<string, JsonValue>): Entity {
  const fields: Entity['fields'] = {};
  for (const [name, value] of Object.entries(values)) fields[name] = { heads: [headOf(value)], conflict: false };
  return { id, kind, parent, ord: String(++n).padStart(8, '0'), mark: 'live', fields };
}

export function sampleStudy(): StudyDoc {
  const id = newId();
  const entities: Entity[] = [];
  const add = (kind: string, parent: string | null, values: Record<string, JsonValue>) => {
    const entity = entityOf(newId(), kind, parent, values);
    entities.push(entity);
    return entity;
  };
  const root = entityOf(id, 'study', null, {
    'title.zh': '急性缺血性卒中后早期强化降压的随机对照研究', 'title.en': 'Early Intensive Blood Pressure Lowering After Acute Ischemic Stroke',
    'officialTitle.zh': '一项评价急性缺血性卒中血管再通后早期强化降压有效性与安全性的多中心、随机、开放、终点盲法对照研究',
    acronym: 'EIBPL', 'registry.nct': 'NCT09990001', 'registry.chictr': 'ChiCTR2600099001', diseaseArea: 'nervous|panvascular',
    conditions: { list: ['急性缺血性卒中', '高血压'] }, status: 'RECRUITING', version: '2.1', versionDate: '2026-03-05', studyType: 'INTERVENTIONAL',
    phase: 'NA', 'design.allocation': 'RANDOMIZED', 'design.interventionModel': 'PARALLEL', 'design.masking': 'SINGLE', 'design.whoMasked': 'OUTCOMES_ASSESSOR',
    enrollment: 420, enrollmentType: 'ESTIMATED', 'responsible.name.zh': '周明远', 'responsible.name.en': 'Mingyuan Zhou', 'responsible.affiliation.zh': '复旦大学附属华山医院',
    'sponsor.zh': '上海临床研究中心', 'sponsor.en': 'Shanghai Clinical Research and Trial Center', 'eligibility.sex': 'ALL', 'eligibility.minimumAge': '18 Years',
    'eligibility.maximumAge': '80 Years', 'eligibility.healthyVolunteers': false, 'oversight.hasDmc': true, 'record.firstSubmit': '2026-01-10',
  });
  root.fields['design.primaryPurpose'] = {
    conflict: true,
    heads: [headOf('TREATMENT', '周明远', '2026-11-21T02:10:00Z', 'b71c'), headOf('PREVENTION', '李文静', '2026-11-21T01:55:00Z', 'a3f9')],
  };
  entities.push(root);
  const hua = add('site', id, { 'facility.zh': '复旦大学附属华山医院', 'facility.en': 'Huashan Hospital, Fudan University', hospital: 'huashan', role: 'LEAD', status: 'RECRUITING', 'department.zh': '神经内科', approvedVersion: '2.1', approvalNumber: 'KY2026-031', approvalDate: '2026-04-02', approvalValidUntil: '2027-04-01', plannedEnrollment: 160, city: 'Shanghai', 'committee.zh': '复旦大学附属华山医院伦理审查委员会' });
  const rui = add('site', id, { 'facility.zh': '上海交通大学医学院附属瑞金医院', 'facility.en': 'Ruijin Hospital, Shanghai Jiao Tong University School of Medicine', hospital: 'ruijin', role: 'PARTICIPATING', status: 'NOT_YET_RECRUITING', approvedVersion: '2.0', city: 'Shanghai' });
  const zhong = add('site', id, { 'facility.zh': '复旦大学附属中山医院', hospital: 'zhongshan', role: 'PARTICIPATING', status: 'RECRUITING' });
  zhong.mark = 'editedUnseen';
  rui.fields.approvedVersion = { conflict: true, heads: [headOf('2.0', '周明远'), headOf('2.1', '陈怡', '2026-11-21T09:00:00Z', 'c002')] };
  add('contact', hua.id, { 'name.zh': '周明远', 'name.en': 'Mingyuan Zhou', role: 'SITE_PI', phone: '021-5288 0001', email: 'zhou@example.org', scope: 'SITE' });
  add('contact', hua.id, { 'name.zh': '陈怡', role: 'CRC', phone: '021-5288 0002', scope: 'SITE' });
  add('contact', rui.id, { 'name.zh': '沈越', role: 'SITE_PI', email: 'shen@example.org', scope: 'SITE' });
  add('contact', id, { 'name.zh': '李文静', role: 'CONTACT', phone: '021-0000 0003', scope: 'CENTRAL' });
  const gone = add('site', id, { 'facility.zh': '复旦大学附属华东医院', hospital: 'huadong', role: 'PARTICIPATING' });
  gone.mark = 'archived';
  const milestone = (parent: string, zh: string, en: string, values: Record<string, string>) => add('milestone', parent, { 'name.zh': zh, 'name.en': en, ...values });
  milestone(id, '伦理批准', 'Ethics approval', { planned: '2026-03-20', actual: '2026-04-02', baseline: '2026-03-20' });
  milestone(id, '首例入组', 'First participant in', { planned: '2026-11-10', baseline: '2026-09-01' });
  milestone(id, '年度定期审查', 'Continuing review', { planned: '2026-12-10' });
  milestone(id, '末例入组', 'Last participant in', { planned: '2028-06' });
  milestone(hua.id, '启动会', 'Site initiation visit', { planned: '2026-05-10', actual: '2026-05-08' });
  milestone(rui.id, '启动会', 'Site initiation visit', {});
  const texts: [string, string, string, [string, string, string][]][] = [
    ['summary', '简介', 'Brief summary', [['paragraph', '本研究评价急性缺血性卒中患者在血管再通治疗成功后，将收缩压早期强化控制至 120 mmHg 以下，是否优于 140 mmHg 的常规目标。', 'This study asks whether lowering systolic pressure below 120 mmHg early after successful reperfusion is better than the usual target of 140 mmHg.']]],
    ['eligibility', '入选与排除标准', 'Eligibility criteria', [['heading', '入选标准', 'Inclusion criteria'], ['item', '年龄 18 至 80 岁', 'Aged 18 to 80 years'], ['item', '发病 24 小时内接受血管内治疗并成功再通', 'Endovascular treatment within 24 hours with successful reperfusion'], ['heading', '排除标准', 'Exclusion criteria'], ['item', '影像提示症状性颅内出血', 'Symptomatic intracranial hemorrhage on imaging'], ['paragraph', '', 'Pregnant or breast-feeding.']]],
  ];
  for (const [key, zh, en, blocks] of texts) {
    const section = add('section', id, { key, 'title.zh': zh, 'title.en': en });
    for (const [type, textZh, textEn] of blocks) add('block', section.id, { type, ...(textZh ? { 'text.zh': textZh } : {}), ...(textEn ? { 'text.en': textEn } : {}) });
  }
  add('arm', id, { 'label.zh': '强化降压组', 'label.en': 'Intensive', type: 'EXPERIMENTAL', 'description.zh': '收缩压目标低于 120 mmHg，维持 72 小时。', interventions: { list: ['Drug: urapidil'] } });
  add('arm', id, { 'label.zh': '常规组', 'label.en': 'Usual care', type: 'ACTIVE_COMPARATOR' });
  add('intervention', id, { 'name.zh': '乌拉地尔', 'name.en': 'Urapidil', type: 'DRUG' });
  add('outcome', id, { type: 'PRIMARY', 'measure.zh': '90 天改良 Rankin 量表评分', 'measure.en': 'Modified Rankin Scale at 90 days', 'timeFrame.zh': '90 天' });
  add('outcome', id, { type: 'SECONDARY', 'measure.zh': '36 小时内症状性颅内出血', 'timeFrame.zh': '36 小时' });
  add('document', id, { 'title.zh': '研究方案', kind: 'protocol', version: '2.1', versionDate: '2026-03-05', status: 'have', location: 'D:/研究/方案 v2.1.docx' });
  add('document', id, { 'title.zh': '知情同意书', kind: 'consent', version: '1.3', versionDate: '2026-03-05', status: 'have' });
  add('document', id, { kind: 'insurance', status: 'lack' });
  add('identifier', id, { id: '24YF1000100', type: 'OTHER_GRANT', domain: '上海市科委' });
  return { id, entities };
}
