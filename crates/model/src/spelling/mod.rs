//! The same hospital under many spellings: which names may mean one.
//!
//! Only suggestions: nothing here joins anything. A name that names no hospital (`Research Site`,
//! a sponsor's number) is never like another. Start with [`read`], [`compare`] and [`groups`].

mod han;
mod known;
mod latin;
mod name;
mod words;

use name::Name;
use serde::Serialize;
use ts_rs::TS;

/// Why two names may mean one hospital, the surest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SpellingWhy")]
pub enum Why {
    /// The same words in other order, case or marks.
    Same,
    /// Two names that one hospital is known by, or its Chinese and its English name.
    Known,
    /// One leaves out what the other says (the university that it belongs to).
    Shorter,
    /// They differ by slips of the keyboard.
    Slip,
    /// They name different parts (campuses, branches) of one hospital.
    Campus,
}

impl Why {
    /// The stable word; its words are under `people.spelling.<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Known => "known",
            Self::Shorter => "shorter",
            Self::Slip => "slip",
            Self::Campus => "campus",
        }
    }
}

/// Where a hospital is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum City {
    /// A city of the table, by its Latin name.
    Known(&'static str),
    /// As written, in lower case: a city that is not in the table, or a province.
    Other(String),
    #[default]
    Unknown,
}

/// The names of a hospital as they stand at a site or in the directory, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Facility {
    names: Vec<Name>,
    city: City,
    known: Vec<&'static str>,
}

/// Takes the names of one hospital apart: in either language, blank ones left out.
///
/// `city`: where it is, in either language; empty when unknown.
pub fn read<'a>(names: impl IntoIterator<Item = &'a str>, city: &str) -> Facility {
    let mut facility = Facility {
        city: City::read(city),
        ..Facility::default()
    };
    for text in names {
        facility.names.extend(name::read(text));
    }
    let said = facility.names.iter().find_map(|name| name.city);
    if let (City::Unknown, Some(said)) = (&facility.city, said) {
        facility.city = City::Known(said);
    }
    facility.known = known::keys(&facility);
    facility
}

impl City {
    fn read(text: &str) -> Self {
        match words::WORDS.city(text) {
            Some(known) => Self::Known(known),
            None if text.trim().is_empty() => Self::Unknown,
            None => Self::Other(text.trim().to_lowercase()),
        }
    }
}

impl Facility {
    /// Whether it names a hospital at all.
    pub fn is_named(&self) -> bool {
        !self.names.is_empty()
    }

    /// The hospitals of the table and of the center that its names are known for, by key.
    pub fn known(&self) -> &[&'static str] {
        &self.known
    }
}

/// Why two may be one; `None` when nothing speaks for it.
pub fn compare(a: &Facility, b: &Facility) -> Option<Why> {
    let by_words = by_words(a, b);
    let is_known = a.known.iter().any(|key| b.known.contains(key));
    let are_both_known = !a.known.is_empty() && !b.known.is_empty();
    match (by_words, is_known) {
        // Two hospitals that are known apart are not one.
        (Some(_), false) if are_both_known => None,
        (None, true) => Some(Why::Known),
        (by_words, _) => by_words,
    }
}

fn by_words(a: &Facility, b: &Facility) -> Option<Why> {
    let pairs = a
        .names
        .iter()
        .flat_map(|x| b.names.iter().map(move |y| (x, y)));
    pairs
        .filter_map(|(x, y)| compare_names(x, y, (&a.city, &b.city)))
        .min()
}

type Cities<'a> = (&'a City, &'a City);

fn compare_names(a: &Name, b: &Name, cities: Cities<'_>) -> Option<Why> {
    let is_elsewhere = matches!(cities, (City::Known(x), City::Known(y)) if x != y);
    if a.is_han != b.is_han || is_elsewhere {
        return None;
    }
    let mut why = Why::Same;
    if a.flat != b.flat {
        let are_in_one_city = *cities.0 != City::Unknown && cities.0 == cities.1;
        why = compare_parts(a, b, are_in_one_city)?;
    }
    Some(if a.campus == b.campus {
        why
    } else {
        why.max(Why::Campus)
    })
}

fn compare_parts(a: &Name, b: &Name, are_in_one_city: bool) -> Option<Why> {
    let mut why = Why::Same;
    if a.whole != b.whole {
        // A slip in a number is another number.
        if a.digits != b.digits || !words::is_slip(&a.whole, &b.whole) {
            return None;
        }
        why = Why::Slip;
    }
    let tells = !a.whole.is_empty();
    // Every city has a People's Hospital: such a name tells in its city only.
    if !tells && !are_in_one_city {
        return None;
    }
    if a.university != b.university {
        let is_left_out = a.university.is_empty() || b.university.is_empty();
        let n = a.university.len().min(b.university.len());
        // A university's name is short, and a slip in it shows by the rest being equal.
        let is_slip = n >= 5 && words::distance(&a.university, &b.university) <= 1;
        why = match (is_left_out, is_slip) {
            (true, _) if tells => why.max(Why::Shorter),
            (false, true) if !a.is_han => why.max(Why::Slip),
            _ => return None,
        };
    }
    (a.generic == b.generic || is_said_shorter(a, b, tells))
        .then_some(why)
        .map(|why| {
            if a.generic == b.generic {
                why
            } else {
                why.max(Why::Shorter)
            }
        })
}

/// Whether one leaves out all that the other says beside its own name (`Yueyang Hospital`).
fn is_said_shorter(a: &Name, b: &Name, tells: bool) -> bool {
    let is_medicine = |word: &String| {
        [
            "integrated",
            "traditional",
            "chinese",
            "western",
            "clinical",
        ]
        .contains(&word.as_str())
    };
    let rest = |x: &Name, y: &Name| {
        let mut extra = x.generic.iter().filter(|word| !y.generic.contains(word));
        extra.all(is_medicine)
    };
    tells && rest(a, b) && rest(b, a)
}

/// Names that may all mean one hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Places in what was given, ascending.
    pub members: Vec<usize>,
    /// The least sure of the reasons.
    pub why: Why,
}

/// Puts names together: in a group each is like each other one. Single ones are left out.
pub fn groups(facilities: &[Facility]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    // Names that say more first, so that a short one does not hold two hospitals together.
    let mut order: Vec<usize> = (0..facilities.len()).collect();
    let says = |place: &usize| {
        let names = facilities.get(*place).map_or(&[][..], |f| &f.names);
        let has_university = names.iter().any(|name| !name.university.is_empty());
        (!has_university, *place)
    };
    order.sort_by_key(says);
    for place in order {
        let Some(facility) = facilities.get(place).filter(|f| f.is_named()) else {
            continue;
        };
        let like_all = |group: &Group| {
            let members = group.members.iter().filter_map(|m| facilities.get(*m));
            let whys: Option<Vec<Why>> = members.map(|other| compare(facility, other)).collect();
            whys?.into_iter().max()
        };
        let found = groups.iter_mut().find_map(|group| {
            let why = like_all(group)?;
            Some((group, why))
        });
        match found {
            Some((group, why)) => {
                group.members.push(place);
                group.why = group.why.max(why);
            }
            None => groups.push(Group {
                members: vec![place],
                why: Why::Same,
            }),
        }
    }
    groups.retain(|group| group.members.len() > 1);
    for group in &mut groups {
        group.members.sort_unstable();
    }
    groups.sort_by_key(|group| group.members.first().copied());
    groups
}

#[cfg(test)]
mod tests;
