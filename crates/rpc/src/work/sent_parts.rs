//! The list of what was sent by a program that kept none: places, hashes and numbers as they were
//! frozen, and no word of today.

use super::send::bare;
use desk::{Desk, DeskError, OfficeFile};
use model::{EntityId, StudyId};
use serde_json::{Value, json};

/// Puts the list together from what was frozen, and says in it that none was kept.
///
/// # Errors
/// As [`desk::Desk::submission_sent`].
pub(super) fn list(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    package: Value,
    office: &[OfficeFile],
) -> Result<Value, DeskError> {
    let held = desk.submitted(study, submission)?;
    let frozen = held.case()?.submission.value("manifest");
    let mut parts = match &frozen["parts"] {
        // The hashes of the files alone were kept.
        Value::Null => json!({"own": [], "files": files_of(frozen)}),
        parts => parts.clone(),
    };
    for one in office {
        let said = json!({
            "name": one.file.name,
            "no": one.no,
            "item": one.item,
            "sha256": bare(&one.file.hash),
            "bytes": one.file.size,
            "office": {"form": one.form, "blank": bare(&one.blank)},
        });
        add(&mut parts["files"], said);
    }
    Ok(json!({
        "format": 1,
        "study": study,
        "submission": submission,
        "listKept": false,
        "package": package,
        "lang": parts["lang"],
        "own": parts["own"],
        "files": parts["files"],
    }))
}

/// Says of a file that is known by its hash what more is known; one that is not is put behind.
fn add(files: &mut Value, said: Value) {
    let Some(files) = files.as_array_mut() else {
        return;
    };
    let known = files.iter_mut().find(|one| one["sha256"] == said["sha256"]);
    match known {
        Some(known) => {
            for (key, value) in said.as_object().into_iter().flatten() {
                known[key] = value.clone();
            }
        }
        None => files.push(said),
    }
}

/// The files by what the manifest has always said of them: item, document, hash.
fn files_of(frozen: &Value) -> Vec<Value> {
    let files = frozen["files"].as_array().into_iter().flatten();
    let files = files.map(|file| {
        let hash = file[2].as_str().map(bare);
        json!({"item": file[0], "document": file[1], "sha256": hash})
    });
    files.collect()
}
