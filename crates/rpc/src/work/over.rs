//! What we wrote ourselves and the portal does not take.

use model::formset::FileLimits;
use model::formset::limits::sizes;
use model::{Lang, label};
use serde_json::{Value, json};

/// A file of ours that the portal does not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Over {
    /// What it is: `package`, or a part of our own pages; empty for a file of an item.
    part: String,
    /// The number of its item; 0 when it has none.
    no: u64,
    /// What it is called.
    name: String,
    /// Units: bytes.
    bytes: u64,
    is_large: bool,
}

/// The files of a package that are too large or of another type; those of others are judged by the
/// check.
pub(super) fn of(limits: &FileLimits, manifest: &Value) -> Vec<Over> {
    let list = |list: &str| manifest[list].as_array().into_iter().flatten();
    let own = list("own")
        .chain(list("files"))
        .filter(|one| one["document"].is_null());
    let all = [&manifest["package"]].into_iter().chain(own);
    let over = all.flat_map(|one| {
        let text = |key: &str| one[key].as_str().unwrap_or_default().to_owned();
        let bytes = one["bytes"].as_u64().unwrap_or(0);
        let name = text("name");
        let is_large = limits.exceeded(bytes).is_some();
        let is_other = !name.is_empty() && !limits.takes(&name);
        let part = match one["no"].is_null() {
            true => "package".to_owned(),
            false => text("part"),
        };
        let found = [is_large.then_some(true), is_other.then_some(false)];
        let found = found.into_iter().flatten().map(move |is_large| Over {
            part: part.clone(),
            no: one["no"].as_u64().unwrap_or(0),
            name: name.clone(),
            bytes,
            is_large,
        });
        found.collect::<Vec<_>>()
    });
    over.collect()
}

impl Over {
    /// What is kept of it with the submission: no words.
    pub(super) fn value(&self) -> Value {
        let code = if self.is_large { "tooLarge" } else { "type" };
        json!({"part": self.part, "no": self.no, "code": code, "bytes": self.bytes})
    }

    /// What a person is told.
    pub(super) fn text(&self, limits: &FileLimits, lang: Lang) -> String {
        let file = ("file", self.name.as_str());
        match limits.exceeded(self.bytes).filter(|_| self.is_large) {
            Some(max) => {
                let [size, max] = sizes(self.bytes, max);
                let said = [file, ("size", &size), ("max", &max)];
                label!("submission.finding.madeTooLarge").fill(lang, &said)
            }
            None => {
                let types = limits.types.join(", ");
                label!("submission.finding.madeType").fill(lang, &[file, ("types", &types)])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_write_is_held_against_the_limits_of_the_portal() {
        let limits = FileLimits {
            file_bytes_max: Some(100),
            types: vec!["pdf".into()],
            verification: String::new(),
        };
        let manifest = json!({
            "package": {"name": "all.pdf", "bytes": 101},
            "own": [
                {"part": "letter", "no": 0, "name": "letter.pdf", "bytes": 100},
                {"part": "contents", "no": 0},
            ],
            "files": [
                {"no": 3, "item": "protocol", "name": "protocol.pdf", "bytes": 500},
                {"no": 4, "item": "application", "name": "form.xlsx", "bytes": 20},
                {"no": 5, "item": "cv", "name": "cv.docx", "bytes": 900, "document": "x"},
            ],
        });
        let over = of(&limits, &manifest);
        let said: Vec<_> = over
            .iter()
            .map(|one| (one.name.as_str(), one.is_large))
            .collect();
        let known = [
            ("all.pdf", true),
            ("protocol.pdf", true),
            ("form.xlsx", false),
        ];
        assert_eq!(said, known);
        assert_eq!(
            over[0].value(),
            json!({"part": "package", "no": 0, "code": "tooLarge", "bytes": 101})
        );
        assert!(over[0].text(&limits, Lang::En).contains("101 B"));
        assert!(over[2].text(&limits, Lang::Zh).contains("form.xlsx"));
        assert!(of(&FileLimits::default(), &manifest).is_empty());
    }
}
