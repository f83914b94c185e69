//! A study in the registry's format.

use model::{Lang, StudyDoc};

/// Writes the registry's JSON and says, in words, what the registry wants and the study lacks.
pub fn ctgov(doc: &StudyDoc, lang: Lang) -> (Vec<u8>, Vec<String>) {
    let export = exchange::ctgov::write(doc);
    let bytes = serde_json::to_vec_pretty(&export.json).expect("a JSON value");
    let gaps = export
        .gaps
        .iter()
        .map(|gap| {
            let field = model::field::of_register(&gap.kind, &gap.field);
            let name = field.map_or(gap.field.as_str(), |field| match lang {
                Lang::Zh => field.zh,
                Lang::En => field.en,
            });
            let words = model::label::get(gap.code).map_or(gap.code, |label| label.text(lang));
            words.replace("{field}", name)
        })
        .collect();
    (bytes, gaps)
}
