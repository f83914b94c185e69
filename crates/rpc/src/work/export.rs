//! A study in the registry's format.

use model::{Lang, StudyDoc};

/// Writes the registry's JSON and says, in words, what the registry wants and the study lacks.
pub fn ctgov(doc: &StudyDoc, lang: Lang) -> (Vec<u8>, Vec<String>) {
    let export = exchange::ctgov::write(doc);
    let bytes = serde_json::to_vec_pretty(&export.json).expect("a JSON value");
    (
        bytes,
        export.gaps.iter().map(|gap| gap.sentence(lang)).collect(),
    )
}
