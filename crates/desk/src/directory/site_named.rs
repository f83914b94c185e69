//! Which site of a study a text of a file names.

use model::card::name_key;
use model::reference::{CENTER, Hospital};
use model::spelling::{self, Why};
use model::{EntityId, StudyDoc, kind};
use std::collections::HashMap;

/// Sites of a study by what a file calls them.
#[derive(Default)]
pub(crate) struct Sites(HashMap<String, Option<EntityId>>);

impl Sites {
    /// The site that a text names; `None` when none or several do.
    pub(crate) fn find(&mut self, doc: &StudyDoc, text: &str) -> Option<EntityId> {
        if text.trim().is_empty() {
            return None;
        }
        let look = || site_of(doc, text);
        self.0.entry(text.to_owned()).or_insert_with(look).clone()
    }
}

/// A hospital's name as it is said, without its city and what it is: 上海九院, 中山医院.
fn bare<'a>(name: &'a str, city: &str) -> &'a str {
    let name = name.trim();
    let name = name.strip_prefix(city).unwrap_or(name);
    let name = name.strip_prefix('市').unwrap_or(name);
    name.strip_suffix("医院").unwrap_or(name)
}

fn site_of(doc: &StudyDoc, text: &str) -> Option<EntityId> {
    let wanted = spelling::read([text], "");
    let mut found: Vec<(Why, &EntityId)> = doc
        .of_kind(kind::SITE)
        .filter_map(|site| {
            let names = [site.text("facility.zh"), site.text("facility.en")];
            let own = [site.text("number"), names[0], names[1]];
            let is_own = |name: &str| !name.is_empty() && name_key(name) == name_key(text);
            // A partner hospital goes by its short name too.
            let mut partners = CENTER.hospitals.iter();
            let partner = partners.find(|one| one.code == site.text("hospital"));
            let partner = partner.or_else(|| CENTER.hospital_at(names[0], site.text("city")));
            let is_called = |one: &Hospital| {
                let short = [&one.code, &one.short.zh, &one.short.en].into_iter();
                short
                    .chain([&one.name.zh, &one.name.en])
                    .any(|name| is_own(name))
                    || name_key(bare(text, &one.city.zh)) == name_key(&one.short.zh)
            };
            let is_same = own.into_iter().any(is_own) || partner.is_some_and(is_called);
            let why = if is_same {
                Some(Why::Same)
            } else {
                spelling::compare(&spelling::read(names, site.text("city")), &wanted)
            };
            // A part of a hospital is not the whole.
            Some((why.filter(|why| *why != Why::Campus)?, &site.id))
        })
        .collect();
    found.sort();
    match found.as_slice() {
        [(_, only)] => Some((*only).clone()),
        [(first, site), (second, _), ..] if first < second => Some((*site).clone()),
        _ => None,
    }
}
