//! Registration sheets: what a registry asks for, in its order, filled with values of the study
//! to be copied by hand, since the registries take no files.
//!
//! Nothing is made up: a value is a register of the study or put together from several by a named
//! function ([`derive`]). A row without a value stays empty and says where to write it.

mod asked;
mod derive;
mod design;
mod people;
mod record;
pub(crate) mod value;

use crate::fact::{FactPath, FactPlace};
use crate::reference::Bilingual;
use crate::{Entity, StudyDoc, kind};
use asked::{Asked, CONDITIONS, PUBLIC, REGISTRIES, Registry};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;
use value::{Ctx, Pair};

/// What a registry asks for, filled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RegistrySheet {
    /// Code of the list `registry`.
    pub registry: String,
    /// Its name.
    pub name: Bilingual,
    /// Version of the list of fields.
    pub version: String,
    /// Where the list of fields comes from.
    pub source: Bilingual,
    /// The part of the source; empty when it has none.
    pub article: Bilingual,
    /// Since when the source holds. Time: a date, or a part of one; empty when unknown.
    pub valid_from: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// Day of the last upload; empty when none is noted. Time: `YYYY-MM-DD`.
    pub uploaded_on: String,
    /// The fields, in the registry's order.
    pub rows: Vec<SheetRow>,
    /// Fields that are wanted and empty.
    pub n_missing: u32,
    /// Fields that changed since the last upload.
    pub n_changed: u32,
}

/// One field of a registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SheetRow {
    /// The page it stands on.
    pub page: Bilingual,
    /// Its key; of a repeated field, with the entity behind a slash.
    pub key: String,
    /// Its number as printed; empty when it has none.
    pub number: String,
    /// Which of the repeated ones it is, from 1; 0 for a field that stands once.
    pub repeat: u32,
    /// The registry's label.
    pub label: Bilingual,
    /// Whether the registry wants it, for this study.
    pub required: Wanted,
    /// Which languages it is given in.
    pub lang: SheetLang,
    /// The value, Chinese or in no language.
    pub zh: String,
    /// The value, English or in no language.
    pub en: String,
    /// The same at the last upload; empty when none is noted.
    pub was_zh: String,
    /// The same at the last upload.
    pub was_en: String,
    /// Whether it changed since the last upload; never without one.
    pub changed: bool,
    /// Whether it is wanted and empty, in a language that counts.
    pub missing: bool,
    /// Whether it rests on a conflict; then every rival stands in the value, `◆` between them.
    pub unresolved: bool,
    /// Where the value stands.
    pub places: Vec<FactPlace>,
    /// Where to write it while it is missing; empty when the study has no field for it.
    pub fill: Vec<FactPlace>,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// Whether a registry wants a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Wanted {
    /// It is marked as required.
    Yes,
    /// It is not required, or given by the registry itself.
    No,
    /// It is not known whether it is required.
    Unknown,
}

/// In which languages a field is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum SheetLang {
    /// In Chinese and English, side by side.
    Pair,
    /// In Chinese; in English too when the record is made public on ChiCTR.
    Public,
    /// In Chinese alone.
    Zh,
    /// In either language.
    Any,
    /// In no language: numbers, dates, codes, addresses.
    Same,
}

/// The registries that have a sheet.
pub fn keys() -> Vec<&'static str> {
    REGISTRIES.iter().map(|r| r.key.as_str()).collect()
}

/// The last noted upload to a registry.
pub fn last_upload<'a>(doc: &'a StudyDoc, registry: &str) -> Option<&'a Entity> {
    doc.of_kind(kind::UPLOAD)
        .filter(|upload| upload.text("registry") == registry)
        .max_by_key(|upload| (upload.text("date"), &upload.ord))
}

/// The sheet of a registry (`who`, `chictr`, `nmr`); `None` when there is no such one.
pub fn sheet(
    doc: &StudyDoc,
    registry: &str,
    last_upload: Option<&Entity>,
) -> Option<RegistrySheet> {
    let registry = REGISTRIES.iter().find(|known| known.key == registry)?;
    let was = last_upload.map(uploaded);
    let mut rows = rows(doc, registry);
    if let Some(was) = &was {
        compare(&mut rows, was, registry);
    }
    let count = |is: fn(&SheetRow) -> bool| {
        u32::try_from(rows.iter().filter(|row| is(row)).count()).unwrap_or(u32::MAX)
    };
    Some(RegistrySheet {
        registry: registry.key.clone(),
        name: registry.name.clone(),
        version: registry.version.clone(),
        source: registry.source.clone(),
        article: registry.article.clone(),
        valid_from: registry.valid_from.clone(),
        verification: registry.verification.clone(),
        uploaded_on: last_upload
            .map_or("", |upload| upload.text("date"))
            .to_owned(),
        n_missing: count(|row| row.missing),
        n_changed: count(|row| row.changed),
        rows,
    })
}

/// The values of a sheet by key, as an upload keeps them; empty ones are left out.
pub fn values(sheet: &RegistrySheet) -> BTreeMap<String, Bilingual> {
    let has_value = |row: &&SheetRow| !(row.zh.is_empty() && row.en.is_empty());
    let pair = |row: &SheetRow| {
        let text = Bilingual {
            zh: row.zh.clone(),
            en: row.en.clone(),
        };
        (row.key.clone(), text)
    };
    sheet.rows.iter().filter(has_value).map(pair).collect()
}

/// What an upload said; nothing when its values cannot be read.
fn uploaded(upload: &Entity) -> BTreeMap<String, Bilingual> {
    serde_json::from_str(upload.text("values")).unwrap_or_default()
}

fn rows(doc: &StudyDoc, registry: &Registry) -> Vec<SheetRow> {
    let mut rows = Vec::new();
    let mut asked = registry.rows.as_slice();
    while let Some(first) = asked.first() {
        let n = asked
            .iter()
            .take_while(|row| row.each == first.each)
            .count();
        let (group, rest) = asked.split_at(n);
        asked = rest;
        let repeated = repeated(doc, &first.each);
        if first.each.is_empty() || repeated.is_empty() {
            rows.extend(group.iter().map(|row| one(doc, registry, row, None, 0)));
            continue;
        }
        // Entity by entity, as the registry's form asks for them.
        for (at, entity) in (1..).zip(repeated) {
            let of_entity = |row| one(doc, registry, row, Some(entity), at);
            rows.extend(group.iter().map(of_entity));
        }
    }
    rows
}

fn repeated<'a>(doc: &'a StudyDoc, each: &str) -> Vec<&'a Entity> {
    let places = FactPath::parse(each).map_or(Vec::new(), |path| path.found(doc));
    let ids = places.into_iter().filter_map(|place| place.entity);
    ids.filter_map(|id| doc.entity(&id))
        .filter(|entity| people::takes_part(entity))
        .collect()
}

fn one(
    doc: &StudyDoc,
    registry: &Registry,
    asked: &Asked,
    entity: Option<&Entity>,
    repeat: u32,
) -> SheetRow {
    let ctx = Ctx { doc, entity };
    let found = asked.from.iter().map(|source| read(&ctx, source));
    let mut pair = found
        .into_iter()
        .find(|pair| !pair.is_empty())
        .unwrap_or_default();
    match asked.lang {
        SheetLang::Zh => pair.en.clear(),
        SheetLang::Same if pair.zh.is_empty() => pair.zh.clone_from(&pair.en),
        SheetLang::Same if pair.en.is_empty() => pair.en.clone_from(&pair.zh),
        _ => {}
    }
    let required = wanted(doc, &asked.required);
    let missing = required != Wanted::No && lacks(doc, asked.lang, &pair);
    let key = match entity {
        Some(entity) => format!("{}/{}", asked.key, entity.id),
        None => asked.key.clone(),
    };
    let page = registry.pages.iter().find(|page| page.key == asked.page);
    SheetRow {
        page: page.map(|page| page.name.clone()).unwrap_or_default(),
        key,
        number: asked.number.clone(),
        repeat,
        label: asked.label.clone(),
        required,
        lang: asked.lang,
        zh: pair.zh,
        en: pair.en,
        was_zh: String::new(),
        was_en: String::new(),
        changed: false,
        missing,
        unresolved: pair.unresolved,
        places: pair.places,
        fill: if missing {
            fill(&ctx, asked)
        } else {
            Vec::new()
        },
        verification: asked.verification.clone(),
    }
}

/// What a source holds.
fn read(ctx: &Ctx<'_>, source: &str) -> Pair {
    if let Some(name) = source.strip_prefix("fn:") {
        return derive::named(name).map_or_else(Pair::default, |function| function(ctx));
    }
    if let Some(keys) = source.strip_prefix("section:") {
        return value::sections(ctx.doc, &keys.split('|').collect::<Vec<_>>());
    }
    if let Some(field) = source.strip_prefix("self/") {
        return ctx
            .entity
            .map_or_else(Pair::default, |e| value::field(e, field));
    }
    value::path(ctx.doc, source)
}

/// Where a missing value could be written.
fn fill(ctx: &Ctx<'_>, asked: &Asked) -> Vec<FactPlace> {
    let places = asked.from.iter().filter_map(|source| {
        if let (Some(field), Some(entity)) = (source.strip_prefix("self/"), ctx.entity) {
            return Some(value::place_of(entity, field));
        }
        let each = asked.each.as_str();
        let path = match source.strip_prefix("self/") {
            Some(field) => format!("{each}/{field}"),
            None if source.starts_with("fn:") => derive::rests_on(source).to_owned(),
            None => source.clone(),
        };
        if let Some(keys) = path.strip_prefix("section:") {
            return value::section_place(ctx.doc, &keys.split('|').collect::<Vec<_>>());
        }
        FactPath::parse(&path).map(|path| path.wanted(ctx.doc))
    });
    places.collect()
}

fn wanted(doc: &StudyDoc, required: &str) -> Wanted {
    match required {
        "yes" => Wanted::Yes,
        "unknown" => Wanted::Unknown,
        word => {
            let met = CONDITIONS
                .iter()
                .any(|(name, path, is_there)| *name == word && finds(doc, path) == *is_there);
            if met { Wanted::Yes } else { Wanted::No }
        }
    }
}

fn finds(doc: &StudyDoc, path: &str) -> bool {
    FactPath::parse(path).is_some_and(|path| !path.found(doc).is_empty())
}

/// Whether a language that counts is empty.
fn lacks(doc: &StudyDoc, lang: SheetLang, pair: &Pair) -> bool {
    let (zh, en) = (pair.zh.is_empty(), pair.en.is_empty());
    match lang {
        SheetLang::Pair => zh || en,
        SheetLang::Public => zh || (en && finds(doc, PUBLIC)),
        SheetLang::Zh => zh,
        SheetLang::Any | SheetLang::Same => zh && en,
    }
}

/// Puts what was uploaded beside what is there now; what is no longer there gets a row.
fn compare(rows: &mut Vec<SheetRow>, was: &BTreeMap<String, Bilingual>, registry: &Registry) {
    for row in rows.iter_mut() {
        let old = was.get(&row.key).cloned().unwrap_or_default();
        row.changed = (&row.zh, &row.en) != (&old.zh, &old.en);
        row.was_zh = old.zh;
        row.was_en = old.en;
    }
    for (key, old) in was {
        let Some((base, _)) = key.split_once('/') else {
            continue;
        };
        let asked = registry.rows.iter().find(|asked| asked.key == base);
        let Some(asked) = asked.filter(|_| !rows.iter().any(|row| row.key == *key)) else {
            continue;
        };
        let page = registry.pages.iter().find(|page| page.key == asked.page);
        let gone = SheetRow {
            page: page.map(|page| page.name.clone()).unwrap_or_default(),
            key: key.clone(),
            number: asked.number.clone(),
            repeat: 0,
            label: asked.label.clone(),
            required: Wanted::No,
            lang: asked.lang,
            zh: String::new(),
            en: String::new(),
            was_zh: old.zh.clone(),
            was_en: old.en.clone(),
            changed: true,
            missing: false,
            unresolved: false,
            places: Vec::new(),
            fill: Vec::new(),
            verification: asked.verification.clone(),
        };
        let is_of_group = |row: &SheetRow| row.key.split('/').next() == Some(base);
        let at = rows
            .iter()
            .rposition(is_of_group)
            .map_or(rows.len(), |at| at + 1);
        rows.insert(at, gone);
    }
}

#[cfg(test)]
mod tests;
