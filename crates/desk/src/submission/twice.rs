//! One submission that two laptops sent while apart: which package went to the committee, and what
//! follows from that, is decided in one step.

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::store::write::Reason;
use model::file::BlobRef;
use model::row::HistoryEntry;
use model::submission::rounds;
use model::submission::sent::{KEPT, SentPackage};
use model::{Entity, EntityId, StudyId};
use serde_json::Value;

/// What was sent once, with the commit that noted it.
struct Sending {
    manifest: Value,
    commit: String,
}

impl Desk {
    /// Every package that was sent of a submission, the first one first; more than one stands while
    /// nobody decided which of them went to the committee.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn submission_packages(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Vec<SentPackage>, DeskError> {
        let standing = self.standing_packages(study, submission)?;
        let days = self.written(study, submission, "sentOn")?;
        let files = self.written(study, submission, "package")?;
        let here = self.blobs_here()?;
        let mut found: Vec<SentPackage> = Vec::new();
        for entry in self.written(study, submission, "manifest")? {
            let Some(package) = entry.to["package"].as_str() else {
                continue;
            };
            // Deciding writes the manifest once more; who sent it is who wrote it first.
            if found.iter().any(|known| known.package == package) {
                continue;
            }
            let day = days.iter().find(|one| one.commit == entry.commit);
            let files = files.iter().filter_map(|one| BlobRef::read(&one.to));
            let file = files.into_iter().find(|file| file.hash == package);
            let parts = &entry.to["parts"];
            found.push(SentPackage {
                name: file
                    .as_ref()
                    .map_or_else(String::new, |file| file.name.clone()),
                size: file.map_or(0, |file| file.size),
                pages: last_page(parts),
                lang: parts["lang"].as_str().unwrap_or_default().to_owned(),
                sent_on: day
                    .and_then(|one| one.to.as_str())
                    .unwrap_or_default()
                    .to_owned(),
                by_name: entry.by_name,
                device: entry.device,
                at: entry.at,
                tz_minutes: entry.tz_minutes,
                is_here: here.contains(package),
                stands: standing.iter().any(|one| one == package),
                package: package.to_owned(),
            });
        }
        Ok(found)
    }

    /// Decides which package went to the committee, for a reason: everything that was noted with it
    /// stands from then on, the other ones are set aside. `among` names the packages that were on
    /// screen.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`]; [`DeskError::StaleForm`] when another package came meanwhile;
    /// [`DeskError::NotFound`] when none of them has the hash.
    pub fn submission_choose(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        (package, among): (&str, &[String]),
        why: &str,
    ) -> Result<Changed, DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let standing = self.standing_packages(study, submission)?;
        if !standing.iter().all(|one| among.contains(one)) {
            return Err(DeskError::StaleForm);
        }
        let chosen = self.sending(study, submission, package)?;
        let said = self.submitted(study, submission)?;
        let case = said.case()?;
        let mut all = Vec::new();
        for field in KEPT {
            let value = match field {
                "manifest" => Some(chosen.manifest.clone()),
                "packageParts" => Some(chosen.manifest["parts"].clone()),
                "officeForms" => Some(chosen.manifest["officeForms"].clone()),
                _ => self.noted(study, submission, field, &chosen)?,
            };
            let held = case.submission.fields.get(field);
            let is_there = |value: &Value| {
                held.map_or(value.is_null(), |held| {
                    !held.conflict && held.value() == value
                })
            };
            all.extend(
                value
                    .filter(|value| !is_there(value))
                    .map(|value| (submission.clone(), field, value)),
            );
        }
        // The answers that went along: both laptops sent them, each with its package.
        let rounds = rounds::previous(case.doc, case.submission);
        let rounds = rounds.map(|before| rounds::below(case.doc, before));
        for round in rounds.into_iter().flatten().filter(|round| is_open(round)) {
            for field in ["sentOn", "manifest"] {
                let own = self.written(study, &round.id, field)?;
                let own = own.into_iter().find(|one| one.commit == chosen.commit);
                all.extend(own.map(|one| (round.id.clone(), field, one.to)));
            }
        }
        let why = Reason {
            code: Some("resolved".into()),
            text: Some(why.trim().to_owned()),
        };
        let changed = self.write_all(study, all, Some(why))?;
        self.begin_sitting();
        Ok(changed)
    }

    /// The exact bytes of a package that was sent, set aside or not, with its name; by the beginning
    /// of its hash.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::FileElsewhere`]; [`DeskError::Damaged`].
    pub fn submission_sent_as(
        &self,
        study: &StudyId,
        submission: &EntityId,
        package: &str,
    ) -> Result<(SentPackage, Vec<u8>, Option<Vec<u8>>), DeskError> {
        let chosen = self.sending(study, submission, package)?;
        let hash = chosen.manifest["package"].as_str().unwrap_or_default();
        let all = self.submission_packages(study, submission)?;
        let one = all.into_iter().find(|one| one.package == hash);
        let one = one.ok_or_else(|| DeskError::no_entity(package))?;
        let list = chosen.manifest["list"].as_str();
        let list = list.map(|list| self.blob_read(list)).transpose();
        let list = match list {
            Err(DeskError::FileElsewhere) => None,
            other => other?,
        };
        Ok((one, self.blob_read(hash)?, list))
    }

    /// The sending of a package, by the beginning of its hash.
    fn sending(
        &self,
        study: &StudyId,
        submission: &EntityId,
        package: &str,
    ) -> Result<Sending, DeskError> {
        let bare = |hash: &str| hash.trim_start_matches("sha256:").to_owned();
        let wanted = bare(package);
        let changes = self.written(study, submission, "manifest")?;
        let mut fitting = changes.into_iter().filter(|one| {
            let known = one.to["package"].as_str().unwrap_or_default();
            !wanted.is_empty() && bare(known).starts_with(&wanted)
        });
        let first = fitting
            .next()
            .ok_or_else(|| DeskError::no_entity(package))?;
        let is_another = |one: HistoryEntry| one.to["package"] != first.to["package"];
        if fitting.any(is_another) {
            return Err(DeskError::no_entity(package));
        }
        Ok(Sending {
            manifest: first.to,
            commit: first.commit,
        })
    }

    /// What was noted of a register with a sending; `None` where nothing was.
    fn noted(
        &self,
        study: &StudyId,
        submission: &EntityId,
        field: &str,
        chosen: &Sending,
    ) -> Result<Option<Value>, DeskError> {
        let changes = self.written(study, submission, field)?;
        let file = match field {
            "package" => chosen.manifest["package"].as_str(),
            "packageList" => chosen.manifest["list"].as_str(),
            _ => None,
        };
        let device = |commit: &str| commit.rsplit_once(':').map(|(device, _)| device.to_owned());
        let found = match (field, file) {
            (_, Some(hash)) => changes
                .into_iter()
                .find(|one| BlobRef::read(&one.to).is_some_and(|file| file.hash == hash)),
            ("packageList", None) => return Ok(Some(Value::Null)),
            // Noted before sending, by the same laptop.
            ("checked" | "checkedOn" | "packageOf", _) => changes
                .into_iter()
                .rev()
                .find(|one| device(&one.commit) == device(&chosen.commit)),
            _ => changes.into_iter().find(|one| one.commit == chosen.commit),
        };
        Ok(found.map(|one| one.to))
    }

    /// The tagged hashes of the packages that stand.
    fn standing_packages(
        &self,
        study: &StudyId,
        submission: &EntityId,
    ) -> Result<Vec<String>, DeskError> {
        let held = self.register(study, submission, "manifest")?;
        let heads = held.into_iter().flat_map(|held| held.heads);
        let hashes = heads.filter_map(|head| Some(head.value["package"].as_str()?.to_owned()));
        let mut hashes: Vec<String> = hashes.collect();
        hashes.sort();
        hashes.dedup();
        Ok(hashes)
    }
}

/// Whether two laptops sent a round.
fn is_open(round: &Entity) -> bool {
    let held = ["sentOn", "manifest"].map(|field| round.fields.get(field));
    held.into_iter().flatten().any(|held| held.conflict)
}

/// The last page of a package, by what its list says of its parts; 0 where it says nothing.
fn last_page(parts: &Value) -> u32 {
    let all = ["own", "files"].into_iter();
    let all = all.flat_map(|list| parts[list].as_array().into_iter().flatten());
    let last = all.filter_map(|part| part["lastPage"].as_u64()).max();
    last.and_then(|page| u32::try_from(page).ok()).unwrap_or(0)
}
