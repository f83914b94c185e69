//! The built-in sample: two invented studies, so that every screen has something to show.
//!
//! It is a vault of its own with a passphrase that is no secret, and it cannot be connected.

use crate::failure::Failure;
use desk::vault::Kdf;
use desk::{Changed, Desk, Edit, Env, Profile, Pulled, Reason};
use ledger::Frame;
use model::incoming::{IncomingPart, IncomingStudy};
use model::sample::{SamplePart, SampleStudy};
use model::{StudyId, kind};
use serde_json::{Value, json};
use std::path::Path;

/// The sample's passphrase; everybody may know it.
pub const PASSPHRASE: &str = "sample 示例";

/// Makes the sample in a new folder: both studies, their people, an archived site, some history, and one field
/// that two people changed while apart.
///
/// # Errors
/// When the folder cannot hold a vault.
pub fn create(dir: &Path, kdf: Kdf, env: &Env) -> Result<Desk, Failure> {
    let pi = person("沈示例", "Shen Example", "zhongshan", "pi");
    let (mut desk, _) = Desk::create(dir, PASSPHRASE, kdf.clone(), env.clone(), pi, true)?;
    let mut studies = Vec::new();
    for study in model::sample::studies() {
        let (entry, _) = desk.import(&incoming(study))?;
        studies.extend(entry.study);
    }
    if let Some(study) = studies.first() {
        archive_last_site(&mut desk, study)?;
        let colleague = person("陆示例", "Lu Example", "huashan", "coordinator");
        edit_apart(&mut desk, study, kdf, env, colleague)?;
    }
    super::sample_directory::fill(&mut desk, &studies)?;
    desk.begin_sitting();
    Ok(desk)
}

fn person(name_zh: &str, name_en: &str, hospital: &str, role: &str) -> Profile {
    Profile {
        name_zh: name_zh.into(),
        name_en: name_en.into(),
        hospital: hospital.into(),
        role: role.into(),
    }
}

fn incoming(study: &SampleStudy) -> IncomingStudy {
    let number = study
        .fields
        .get("number.org")
        .and_then(Value::as_str)
        .unwrap_or_default();
    IncomingStudy {
        source_kind: "sample".into(),
        source_id: number.into(),
        match_field: "number.org".into(),
        source_version: "1".into(),
        source_hash: ledger::Hash::of(number.as_bytes()).to_string(),
        fields: study.fields.clone(),
        parts: (0..).zip(&study.parts).map(part).collect(),
        not_carried: Vec::new(),
        not_understood: Vec::new(),
        warnings: Vec::new(),
    }
}

fn part((ordinal, part): (usize, &SamplePart)) -> IncomingPart {
    let parent = part
        .parent
        .as_deref()
        .and_then(|parent| parent.split_once('/'));
    IncomingPart {
        kind: part.kind.clone(),
        key: part.key.clone(),
        parent: parent.map(|(kind, key)| (kind.to_owned(), key.to_owned())),
        place: String::new(),
        ordinal,
        fields: part.fields.clone(),
    }
}

fn archive_last_site(desk: &mut Desk, study: &StudyId) -> Result<(), Failure> {
    let Some(doc) = desk.study(study)? else {
        return Ok(());
    };
    if let Some(site) = doc.of_kind(kind::SITE).last() {
        desk.archive(study, &site.id, &doc.seen_with_children(&site.id))?;
    }
    Ok(())
}

/// A colleague changes the sample size on her laptop, the PI on his, and then they meet.
fn edit_apart(
    desk: &mut Desk,
    study: &StudyId,
    kdf: Kdf,
    env: &Env,
    colleague: Profile,
) -> Result<(), Failure> {
    let fail = |error: std::io::Error| crate::places::unwritable(&std::env::temp_dir(), &error);
    let folder = tempfile::tempdir().map_err(fail)?;
    let dir = folder.path().join("vault");
    let elsewhere = Env {
        installation: folder.path().join("installation"),
        ..env.clone()
    };
    let (mut hers, _) = Desk::create(&dir, PASSPHRASE, kdf, elsewhere, colleague, true)?;
    let mut referee = Referee {
        time: env.clock.now().to_rfc3339(),
        log: Vec::new(),
    };
    referee.meet(desk, study)?;
    referee.meet(&mut hers, study)?;
    set(desk, study, json!(240), "按第1次伦理意见调整样本量")?;
    set(&mut hers, study, json!(260), "统计师复核：失访率按 15% 计")?;
    referee.meet(desk, study)?;
    referee.meet(&mut hers, study)?;
    referee.meet(desk, study)
}

fn set(desk: &mut Desk, study: &StudyId, value: Value, why: &str) -> Result<Changed, Failure> {
    let doc = desk.study(study)?;
    let register = doc
        .as_ref()
        .and_then(|doc| doc.root()?.fields.get("enrollment"));
    let seen = register.map(model::Register::seen).unwrap_or_default();
    let edit = Edit {
        entity: study.root(),
        field: "enrollment".into(),
        value,
        seen,
    };
    Ok(desk
        .set(study, edit, Some(Reason::text(why.to_owned())))?
        .changed)
}

/// Numbers commits as a center would, so that two laptops can meet without one.
struct Referee {
    time: String,
    log: Vec<Frame>,
}

impl Referee {
    /// Takes what a laptop has written and gives it what it lacks.
    fn meet(&mut self, desk: &mut Desk, study: &StudyId) -> Result<(), Failure> {
        let stream = study.as_str();
        desk.subscribe(stream)?;
        self.log
            .extend(desk.outbox(stream, usize::MAX, usize::MAX)?);
        let here = desk
            .streams()?
            .into_iter()
            .find(|state| state.stream == stream);
        let from = here.map_or(0, |state| state.cursor);
        let known = usize::try_from(from).unwrap_or(usize::MAX);
        let pulled: Vec<Pulled> = (from + 1..)
            .zip(self.log.iter().skip(known))
            .map(|(sseq, frame)| Pulled {
                sseq,
                received_at: self.time.clone(),
                receipt: String::new(),
                quarantined: false,
                frame: frame.clone(),
            })
            .collect();
        desk.accept(stream, from, self.log.len() as u64, pulled)?;
        Ok(())
    }
}
