// A host in memory for development: honours the contract over invented studies.
import type {
  Commands, ConflictRow, Draft, Entity, Event, FieldSet, HistoryEntry, ImportEntry, JsonValue, OpenVault, StudyDoc, StudyRow, SyncStatus,
} from '../src/platform/contract.gen';
import { HostFailure, type Command, type Platform, type Req, type Res } from '../src/platform/types';
import { reference } from './reference';
import { entityOf, headOf, newId, sampleStudy } from './sample';

type Handlers = { [K in Command]?: (req: Commands[K]['req']) => Commands[K]['res'] };

const text = (entity: Entity | undefined, name: string) => String(entity?.fields[name]?.heads[0]?.value ?? '');

export class FakeHost implements Platform {
  #listeners = new Set<(event: Event) => void>();
  #studies = new Map<string, StudyDoc>();
  #more: StudyRow[] = [];
  #drafts: (Draft & { study: string })[] = [];
  #history: HistoryEntry[] = [];
  #open: OpenVault | null;
  #lang: 'zh' | 'en' | null;
  #made = false;

  constructor(search: string) {
    const wanted = new URLSearchParams(search);
    const doc = sampleStudy();
    if (!wanted.has('empty')) this.#studies.set(doc.id, doc);
    const many = Number(wanted.get('many') ?? 0);
    for (let i = 0; i < many; i += 1) this.#more.push(this.#invented(i));
    this.#lang = (wanted.get('lang') as 'zh' | 'en') ?? null;
    this.#made = wanted.has('made');
    this.#open = wanted.has('open') ? this.#vault() : null;
    if (wanted.has('draft')) this.#drafts.push({ study: doc.id, entity: doc.id, field: 'acronym', value: 'EIBPL-2', seen: doc.entities.find((e) => e.id === doc.id)!.fields.acronym!.heads.map((h) => h.op) });
  }

  listen(fn: (event: Event) => void) {
    this.#listeners.add(fn);
    return () => void this.#listeners.delete(fn);
  }

  async call<K extends Command>(command: K, payload: Req<K>): Promise<Res<K>> {
    await new Promise((resolve) => setTimeout(resolve, 5));
    const handler = this.#handlers[command] as ((req: Req<K>) => Res<K>) | undefined;
    return handler ? handler(payload) : ({} as Res<K>);
  }

  #emit(event: Event) {
    setTimeout(() => this.#listeners.forEach((fn) => fn(event)), 1);
  }

  #vault(): OpenVault {
    return { path: '/home/zhou/PI Desk/vault', sample: false, profile: { nameZh: '周明远', nameEn: 'Mingyuan Zhou', hospital: 'huashan', role: 'pi' }, settings: {} };
  }

  #invented(i: number): StudyRow {
    const status = ['RECRUITING', 'COMPLETED', 'NOT_YET_RECRUITING', 'UNKNOWN', 'TERMINATED'][i % 5]!;
    const hospital = reference.center.hospitals[i % 6]!;
    return {
      id: newId(), titleZh: '', titleEn: `Invented Trial Number ${i + 1} of a Treatment in Adults With a Condition of the ${['Lung', 'Heart', 'Brain', 'Eye'][i % 4]}`, acronym: '', number: `NCT0999${String(i).padStart(4, '0')}`,
      status, phase: ['PHASE2', 'PHASE3', 'PHASE1|PHASE2', 'NA', ''][i % 5]!, studyType: 'INTERVENTIONAL', diseaseAreas: [reference.center.diseaseAreas[i % 6]!.code], hospitals: [hospital.code],
      leadSite: hospital.name.en, nSites: (i * 7) % 23 + 1, nConflicts: i % 37 === 0 ? 2 : 0, version: i % 3 ? '' : '1.0', archived: i % 50 === 49, joined: null, changedAt: `2026-${String((i % 11) + 1).padStart(2, '0')}-12T08:00:00Z`, changedBy: '周明远', waiting: i % 9 === 0,
    };
  }

  #row(doc: StudyDoc): StudyRow {
    const root = doc.entities.find((e) => e.id === doc.id);
    const sites = doc.entities.filter((e) => e.kind === 'site' && e.mark !== 'archived');
    return {
      id: doc.id, titleZh: text(root, 'title.zh'), titleEn: text(root, 'title.en'), acronym: text(root, 'acronym'), number: text(root, 'registry.nct') || text(root, 'number.org'), status: text(root, 'status'), phase: text(root, 'phase'),
      studyType: text(root, 'studyType'), diseaseAreas: text(root, 'diseaseArea').split('|').filter(Boolean), hospitals: sites.map((s) => text(s, 'hospital')), leadSite: text(sites[0], 'facility.zh'), nSites: sites.length,
      nConflicts: this.#conflicts().filter((row) => row.study === doc.id).length, version: text(root, 'version'), archived: text(root, 'archived') === 'true', joined: null, changedAt: new Date().toISOString(), changedBy: '周明远', waiting: true,
    };
  }

  #conflicts(): ConflictRow[] {
    return [...this.#studies.values()].flatMap((doc) => doc.entities.flatMap((entity) => Object.entries(entity.fields).filter(([, register]) => register.conflict).map(([field, register]) => ({
      study: doc.id, title: text(doc.entities.find((e) => e.id === doc.id), 'title.zh'), entity: entity.id, kind: entity.kind, entityName: text(entity, 'facility.zh') || text(entity, 'name.zh'), field, path: field, heads: register.heads,
    }))));
  }

  #entity(study: string, id: string): Entity {
    const found = this.#studies.get(study)?.entities.find((e) => e.id === id);
    if (!found) throw new HostFailure({ kind: 'notFound', code: 'failure.noStudy', params: {}, traceId: '' });
    return found;
  }

  #note(req: FieldSet, kind: string, from: JsonValue[]) {
    this.#history.unshift({
      op: newId(), commit: String(this.#history.length), study: req.study, entity: req.entity, kind, entityName: '', field: req.field, from, to: req.value, redacted: false, by: newId(), byName: '周明远', device: 'b71c',
      at: new Date().toISOString(), tzMinutes: 480, receivedAt: null, whyCode: null, whyText: req.why, source: null,
    });
    this.#emit({ type: 'changed', topics: ['studies', `study:${req.study}`, 'conflicts', 'history'] });
  }

  #mark(study: string, id: string, mark: Entity['mark']) {
    this.#entity(study, id).mark = mark;
    this.#emit({ type: 'changed', topics: ['studies', `study:${study}`] });
    return {} as never;
  }

  #status(): SyncStatus {
    return { connected: true, url: 'https://center.example', user: '周明远', state: 'offline', waiting: 3, conflicts: 2, lastContact: '2026-11-23T09:20:00Z', note: null };
  }

  #report(job: number, preview: boolean) {
    const base: ImportEntry = { file: '/home/zhou/下载/NCT09990002.json', index: 0, status: 'imported', study: newId(), number: 'NCT09990002', title: 'A Study of Something New in Adults', changes: [], warnings: [], notUnderstood: [], notCarried: ['resultsSection'], reason: null };
    const entries: ImportEntry[] = [base,
      { ...base, number: 'NCT09990001', status: 'updated', title: 'Early Intensive Blood Pressure Lowering After Acute Ischemic Stroke', changes: [
        { kind: 'study', entityName: '', field: 'status', from: 'NOT_YET_RECRUITING', to: 'RECRUITING', conflict: false },
        { kind: 'study', entityName: '', field: 'enrollment', from: 400, to: 420, conflict: true },
        { kind: 'site', entityName: 'Huadong Hospital', field: '_del', from: null, to: true, conflict: false }] },
      { ...base, number: 'NCT09990003', status: 'unchanged', title: 'Nothing Changed Here' },
      { ...base, number: '', title: '', file: '/home/zhou/下载/broken.json', status: 'refused', reason: 'import.truncated' }];
    setTimeout(() => this.#emit({ type: 'progress', job, stage: preview ? 'read' : 'import', done: 3, total: 4, what: 'NCT09990003.json' }), 100);
    setTimeout(() => this.#emit({ type: 'import', job, preview, cancelled: false, report: { entries } }), 800);
    return { job };
  }

  #handlers: Handlers = {
    'app.state': () => ({ version: '0.1.0', vaults: this.#made || this.#open ? [{ path: '/home/zhou/PI Desk/vault', name: '周明远', sample: false, ways: ['passphrase', 'recovery'] }, { path: '/home/zhou/PI Desk/sample', name: '', sample: true, ways: [] }] : [], open: this.#open, lang: this.#lang, keychain: false }),
    'app.reference': () => reference,
    'app.setLang': (req) => { this.#lang = req.lang; return {} as never; },
    'vault.judge': (req) => ({ score: Math.min(4, Math.floor(req.passphrase.length / 4)), advice: '' }),
    'vault.create': (req) => { this.#made = true; this.#open = { ...this.#vault(), profile: req.profile }; return { recoveryCode: '7K3M-9QXT-2HFA-PW8D-5VRE-J6NC-4YBG-1ZSQ', open: this.#open }; },
    'vault.sample': () => { this.#open = { ...this.#vault(), sample: true }; return this.#open; },
    'vault.open': (req) => {
      if (req.secret === 'wrong') throw new HostFailure({ kind: 'refused', code: 'vault.wrong_passphrase', params: {}, traceId: '' });
      this.#open = this.#vault();
      return this.#open;
    },
    'vault.lock': () => { this.#open = null; return {} as never; },
    'vault.newRecovery': () => ({ code: '7K3M-9QXT-2HFA-PW8D-5VRE-J6NC-4YBG-1ZSQ' }),
    'vault.verify': () => ({ commits: 128, signatures: 128, projectionsEqual: true, digest: 'sha256:9f2c…', problems: [] }),
    'backup.status': () => ({ folder: null, last: null, note: null }),
    'backup.setFolder': (req) => ({ folder: req.path, last: null, note: null }),
    'study.list': () => ({ rows: [...[...this.#studies.values()].map((doc) => this.#row(doc)), ...this.#more], findings: this.#more.length > 3 ? [{ kind: 'sameNumber', number: 'NCT09990001', studies: [this.#more[0]!.id, this.#more[1]!.id], titles: [] }] : [] }),
    'study.get': (req) => {
      const doc = this.#studies.get(req.study);
      if (!doc) throw new HostFailure({ kind: 'notFound', code: 'failure.noStudy', params: {}, traceId: '' });
      return { doc: structuredClone(doc), row: this.#row(doc), drafts: this.#drafts.filter((d) => d.study === req.study) };
    },
    'study.create': (req) => {
      const id = newId();
      this.#studies.set(id, { id, entities: [entityOf(id, 'study', null, { status: 'DRAFT', studyType: 'INTERVENTIONAL', ...req.fields })] });
      this.#emit({ type: 'changed', topics: ['studies'] });
      return { study: id };
    },
    'entity.add': (req) => {
      const entity = entityOf(newId(), req.kind, req.parent ?? req.study, req.fields);
      const doc = this.#studies.get(req.study)!;
      const at = doc.entities.findIndex((e) => e.id === req.after);
      doc.entities.splice(at < 0 ? doc.entities.length : at + 1, 0, entity);
      this.#emit({ type: 'changed', topics: [`study:${req.study}`] });
      return { entity: entity.id };
    },
    'entity.archive': (req) => this.#mark(req.study, req.entity, 'archived'),
    'entity.restore': (req) => this.#mark(req.study, req.entity, 'live'),
    'field.set': (req) => {
      const entity = this.#entity(req.study, req.entity);
      if (req.value === 'fail') throw new HostFailure({ kind: 'unavailable', code: 'desk.error.storage', params: {}, traceId: '4f1a' });
      const from = entity.fields[req.field]?.heads.map((head) => head.value) ?? [];
      const register = { heads: [headOf(req.value, '周明远', new Date().toISOString(), 'b71c')], conflict: false };
      entity.fields[req.field] = register;
      this.#drafts = this.#drafts.filter((d) => d.entity !== req.entity || d.field !== req.field);
      this.#note(req, entity.kind, from);
      return { register };
    },
    'edit.undo': () => ({ done: false, study: null, entity: null, field: null }),
    'edit.redo': () => ({ done: false, study: null, entity: null, field: null }),
    'search.run': (req) => {
      const hits = [...this.#studies.values()].flatMap((doc) => doc.entities.flatMap((entity) => Object.entries(entity.fields).flatMap(([field, register]) => {
        const value = String(register.heads[0]?.value ?? '');
        const at = value.toLowerCase().indexOf(req.query.toLowerCase());
        if (at < 0) return [];
        const start = Math.max(0, at - 20);
        return [{ study: doc.id, title: text(doc.entities.find((e) => e.id === doc.id), 'title.zh'), number: 'NCT09990001', entity: entity.id, kind: entity.kind, field, excerpt: value.slice(start, at + 60), marks: [[at - start, at - start + req.query.length]] as [number, number][] }];
      })));
      return { hits: hits.slice(0, req.limit) };
    },
    'history.list': (req) => ({ entries: this.#history.filter((e) => (!req.entity || e.entity === req.entity) && (!req.field || e.field === req.field)), more: false }),
    'conflict.list': () => ({ rows: this.#conflicts() }),
    'import.read': () => this.#report(1, true),
    'import.run': () => this.#report(2, false),
    'export.pdf': (req) => ({ path: req.path, pages: 14, warnings: ['“𬺈”没有可用的字形（第 3 节）'] }),
    'file.pick': (req) => ({ paths: [`/home/zhou/文档/${req.name || 'NCT09990002.json'}`] }),
    'sync.status': () => this.#status(),
    'sync.now': () => this.#status(),
    'sync.connect': () => this.#status(),
    'sync.disconnect': () => ({ ...this.#status(), connected: false, state: 'off' }),
  };
}
