//! The parts of a package that was sent: kept as numbers, hashes and ids, named when they are shown.

use desk::{Desk, DeskError};
use model::submission::list::{Row, rows};
use model::{EntityId, Lang, StudyId, label};
use serde_json::{Value, json};

/// Puts the parts of what was sent into its list: where each stands, with its hash.
///
/// # Errors
/// As [`desk::Desk::submission_sent`].
pub(super) fn name(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    list: &mut Value,
) -> Result<(), DeskError> {
    let ground = desk.ground(study)?;
    let case = ground.case(submission)?;
    let frozen = case.submission.value("manifest");
    let mut parts = match &frozen["parts"] {
        // It was sent by a program that kept the hashes of the files alone.
        Value::Null => json!({"own": [], "files": files_of(frozen)}),
        parts => parts.clone(),
    };
    let lang = match case.submission.text("language") {
        "en" => Lang::En,
        _ => Lang::Zh,
    };
    let rows = rows(&case);
    let item = |fits: &dyn Fn(&Row<'_>) -> bool| {
        let row = rows.iter().find(|row| fits(row));
        row.map_or("", |row| row.item.name.text(lang))
    };
    let letter = report::letter_title(case.kind(), lang);
    for part in entries(&mut parts, "own") {
        let title = match part["part"].as_str().unwrap_or_default() {
            "letter" => &letter,
            "contents" => label!("pdf.contents").text(lang),
            "list" => label!("pdf.part.list").text(lang),
            "sheet" => label!("pdf.attachment").text(lang),
            _ => item(&|row| Some(row.no as u64) == part["no"].as_u64()),
        };
        part["title"] = title.into();
    }
    for file in entries(&mut parts, "files") {
        let document = file["document"].as_str().and_then(EntityId::parse);
        let document = document.and_then(|id| ground.doc.entity(&id));
        let title = document.map_or("", |one| one.text_in("title", lang));
        file["title"] = match title {
            "" => item(&|row| Some(row.item.key.as_str()) == file["item"].as_str()).into(),
            title => title.into(),
        };
        if let Some(document) = document {
            file["version"] = document.text("version").into();
            file["date"] = document.text("versionDate").into();
        }
    }
    list["own"] = parts["own"].take();
    list["files"] = parts["files"].take();
    Ok(())
}

/// Says of each of the office's own forms under which name it goes along.
pub(super) fn add_office(list: &mut Value, office: Vec<Value>) {
    for one in office {
        let known = entries(list, "files").find(|file| file["sha256"] == one["sha256"]);
        if let Some(file) = known {
            for (key, value) in one.as_object().into_iter().flatten() {
                file[key] = value.clone();
            }
            continue;
        }
        match &mut list["files"] {
            Value::Array(files) => files.push(one),
            files => *files = json!([one]),
        }
    }
}

fn entries<'a>(parts: &'a mut Value, list: &str) -> impl Iterator<Item = &'a mut Value> {
    parts[list].as_array_mut().into_iter().flatten()
}

/// The files by what the manifest has always said of them: item, document, hash.
fn files_of(frozen: &Value) -> Vec<Value> {
    let files = frozen["files"].as_array().into_iter().flatten();
    let files = files.map(|file| {
        let hash = file[2]
            .as_str()
            .map(|hash| hash.trim_start_matches("sha256:"));
        json!({"item": file[0], "document": file[1], "sha256": hash})
    });
    files.collect()
}
