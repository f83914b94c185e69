//! A person to reach, as address books know one; and what of it a contact of a study keeps.

use crate::doc::Entity;
use crate::{Lang, code, label};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

mod name;
mod person;

pub use name::{NameParts, join_name, name_parts, split_name};
pub use person::{detail, name_key};

/// A person to reach, as address books know one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactCard {
    /// The card's own id; of a contact from here its entity id; empty when it has none.
    pub uid: String,
    /// The name as it is shown.
    pub name: String,
    /// Family name; empty when it is not told apart.
    pub family: String,
    /// Given name; empty when it is not told apart.
    pub given: String,
    /// Further given names, as a card has them apart.
    pub additional: String,
    /// What stands before the name (`Dr.`).
    pub prefix: String,
    /// What stands behind the name (`Sr.`).
    pub suffix: String,
    /// The name in Latin letters beside a Chinese one.
    pub latin_name: String,
    /// The Chinese name beside one in Latin letters.
    pub han_name: String,
    /// The hospital or company.
    pub organisation: String,
    /// Its department.
    pub department: String,
    /// The professional title.
    pub title: String,
    /// The role in words.
    pub role: String,
    /// Telephones and fax machines, the preferred first.
    pub phones: Vec<Phone>,
    /// E-mail addresses, the preferred first.
    pub emails: Vec<String>,
    /// Postal addresses, the preferred first.
    pub addresses: Vec<Address>,
    /// Web addresses.
    pub websites: Vec<String>,
    /// The WeChat id.
    pub wechat: String,
    /// To when a GCP certificate of hers is valid; empty when a table does not say it.
    /// Time: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    pub gcp_until: String,
    /// The number of her licence to practise; empty when a table does not say it.
    pub licence: String,
    /// What else is to be known.
    pub note: String,
}

/// A telephone or a fax machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phone {
    /// The number as written.
    pub number: String,
    /// The extension; empty when there is none.
    pub extension: String,
    /// What it is.
    pub line: PhoneLine,
    /// The owner's own word for it; empty when there is none.
    pub label: String,
}

/// What a number reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PhoneLine {
    /// A mobile telephone.
    Mobile,
    /// A desk at work.
    Work,
    /// Not said.
    #[default]
    Plain,
    /// At home.
    Home,
    /// A pager.
    Pager,
    /// A fax machine.
    Fax,
}

/// A postal address in one text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Street, town, country; without the postcode.
    pub text: String,
    /// The postcode.
    pub zip: String,
}

/// Whether a letter is a Chinese character.
pub fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

/// The register of a bilingual field for a text, by the script of the text.
pub fn register_of(field: &str, text: &str) -> String {
    let lang = if text.chars().any(is_han) { "zh" } else { "en" };
    format!("{field}.{lang}")
}

impl ContactCard {
    /// The card of a contact, in the language asked for where it is known in both.
    ///
    /// `site` is the site that the contact belongs to: its hospital and department stand in where
    /// the contact has none.
    pub fn of(contact: &Entity, site: Option<&Entity>, lang: Lang) -> Self {
        let of_site = |field| site.map_or("", |site| site.text_in(field, lang));
        let or = |own: &str, other: &str| if own.is_empty() { other } else { own }.to_owned();
        let name = contact.text_in("name", lang);
        let parts = name_parts(name, contact.text("name.zh"));
        let has_han = name.chars().any(is_han);
        let latin = if has_han { contact.text("name.en") } else { "" };
        let han = if has_han { "" } else { contact.text("name.zh") };
        let phone = Phone {
            number: contact.text("phone").to_owned(),
            extension: contact.text("phoneExt").to_owned(),
            line: line_of(contact.text("phone")),
            label: String::new(),
        };
        let fax = Phone {
            number: contact.text("fax").to_owned(),
            line: PhoneLine::Fax,
            ..Phone::default()
        };
        let address = Address {
            text: contact.text_in("address", lang).to_owned(),
            zip: contact.text("zip").to_owned(),
        };
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Self {
            uid: contact.id.as_str().to_owned(),
            name: name.to_owned(),
            family: parts.family,
            given: parts.given,
            additional: String::new(),
            prefix: parts.prefix,
            suffix: parts.suffix,
            latin_name: latin.to_owned(),
            han_name: han.to_owned(),
            organisation: or(contact.text_in("affiliation", lang), of_site("facility")),
            department: or(contact.text_in("department", lang), of_site("department")),
            title: contact.text_in("title", lang).to_owned(),
            role: code::text("contactRole", contact.text("role"), lang).to_owned(),
            phones: [phone, fax]
                .into_iter()
                .filter(|phone| !phone.number.is_empty())
                .collect(),
            emails: filled(contact.text("email")).into_iter().collect(),
            addresses: [address]
                .into_iter()
                .filter(|address| !address.text.is_empty() || !address.zip.is_empty())
                .collect(),
            websites: filled(contact.text("website")).into_iter().collect(),
            wechat: contact.text("wechat").to_owned(),
            gcp_until: contact.text("gcpUntil").to_owned(),
            licence: String::new(),
            note: contact.text("note").to_owned(),
        }
    }

    /// The registers of a contact that the card fills. What a contact has one place for and the
    /// card several times goes to the note, so that nothing is lost.
    pub fn fields(&self) -> BTreeMap<String, Value> {
        let mut fields = BTreeMap::new();
        let mut put = |register: String, text: &str| {
            if !text.trim().is_empty() {
                fields.insert(register, Value::from(text.trim()));
            }
        };
        let mut more: Vec<String> = Vec::new();
        put(register_of("name", &self.name), &one_line(&self.name));
        if self.name.chars().any(is_han) {
            put("name.en".to_owned(), &one_line(&self.latin_name));
        } else {
            put("name.zh".to_owned(), &one_line(&self.han_name));
        }
        for (field, text) in [
            ("affiliation", &self.organisation),
            ("department", &self.department),
            ("title", &self.title),
        ] {
            put(register_of(field, text), &one_line(text));
        }
        put("gcpUntil".to_owned(), &self.gcp_until);
        match role_of(&self.role) {
            Some(role) => put("role".to_owned(), role),
            None => more.push(self.role.clone()),
        }
        // A contact of a study has no place for it.
        if !self.licence.is_empty() {
            more.push(format!("{} (LICENCE)", self.licence));
        }
        let (faxes, phones): (Vec<&Phone>, Vec<&Phone>) = self
            .phones
            .iter()
            .partition(|phone| phone.line == PhoneLine::Fax);
        let first = phones.iter().min_by_key(|phone| phone.line);
        if let Some(phone) = first {
            put("phone".to_owned(), &one_line(&phone.number));
            put("phoneExt".to_owned(), &one_line(&phone.extension));
        }
        put(
            "fax".to_owned(),
            &one_line(faxes.first().map_or("", |fax| &fax.number)),
        );
        let others = phones.iter().filter(|phone| Some(phone) != first.as_ref());
        more.extend(others.chain(faxes.iter().skip(1)).map(|phone| phone.line()));
        put(
            "email".to_owned(),
            &one_line(self.emails.first().map_or("", String::as_str)),
        );
        more.extend(self.emails.iter().skip(1).cloned());
        put(
            "website".to_owned(),
            &one_line(self.websites.first().map_or("", String::as_str)),
        );
        more.extend(self.websites.iter().skip(1).cloned());
        if let Some(address) = self.addresses.first() {
            put(
                register_of("address", &address.text),
                &one_line(&address.text),
            );
            put("zip".to_owned(), &one_line(&address.zip));
        }
        let further = self.addresses.iter().skip(1);
        more.extend(further.map(|a| one_line(&format!("{} {}", a.text, a.zip))));
        put("wechat".to_owned(), &one_line(&self.wechat));
        let lines = std::iter::once(self.note.trim()).chain(more.iter().map(String::as_str));
        let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
        put("note".to_owned(), &lines.join("\n"));
        fields
    }
}

impl PhoneLine {
    /// The stable word; the words are under `phone.line.<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Work => "work",
            Self::Plain => "plain",
            Self::Home => "home",
            Self::Pager => "pager",
            Self::Fax => "fax",
        }
    }
}

impl Phone {
    /// The number as people read it, with its extension and the word for what it is.
    pub fn said(&self, lang: Lang) -> String {
        let word = match self.label.as_str() {
            "" => label::get(&format!("phone.line.{}", self.line.code()))
                .map_or("", |label| label.text(lang)),
            own => own,
        };
        let extension = match self.extension.as_str() {
            "" => String::new(),
            extension => label!("phone.extension").fill(lang, &[("n", extension)]),
        };
        let parts = [self.number.as_str(), &extension, word];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(" ")
    }

    /// The number in one line, with its extension and what it is.
    pub fn line(&self) -> String {
        let word = match self.line {
            _ if !self.label.is_empty() => self.label.as_str(),
            PhoneLine::Mobile => "CELL",
            PhoneLine::Work => "WORK",
            PhoneLine::Plain => "",
            PhoneLine::Home => "HOME",
            PhoneLine::Pager => "PAGER",
            PhoneLine::Fax => "FAX",
        };
        let mut text = self.number.clone();
        if !self.extension.is_empty() {
            text.push_str(&format!(";ext={}", self.extension));
        }
        if !word.is_empty() {
            text.push_str(&format!(" ({word})"));
        }
        text
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A Chinese mobile number is told by its first digits; everything else is a desk at work.
fn line_of(number: &str) -> PhoneLine {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let local = digits.strip_prefix("0086").or(digits.strip_prefix("86"));
    let local = local.filter(|rest| rest.len() == 11).unwrap_or(&digits);
    let is_mobile = local.len() == 11
        && local.starts_with('1')
        && local.chars().nth(1).is_some_and(|second| second >= '3');
    if is_mobile {
        PhoneLine::Mobile
    } else {
        PhoneLine::Work
    }
}

/// The code of a role that is written out in either language, as the code itself, or in a word
/// that is in use for it.
pub fn role_of(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let same = |word: &str| word.eq_ignore_ascii_case(text);
    let own = code::CODES
        .iter()
        .filter(|entry| entry.list == "contactRole")
        .find(|entry| same(entry.zh) || same(entry.en) || same(entry.code))
        .map(|entry| entry.code);
    let wanted = name_key(text);
    let known = || ROLE_WORDS.iter().find(|(word, _)| *word == wanted);
    own.or_else(|| known().map(|(_, role)| *role))
}

/// What people write for roles beside their own words, as [`name_key`], and the code.
static ROLE_WORDS: LazyLock<Vec<(String, &'static str)>> = LazyLock::new(|| {
    let rows = crate::tsv::rows(include_str!("../data/role-words.tsv"));
    rows.flat_map(|row| match row.as_slice() {
        [role, words] => {
            let (role, words) = (*role, *words);
            words.split('|').map(move |word| (name_key(word), role))
        }
        _ => panic!("role-words.tsv: two cells wanted: {row:?}"),
    })
    .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_one_place_alone_goes_to_the_note() {
        let card = ContactCard {
            name: "丁小丽".to_owned(),
            latin_name: "DING Xiaoli".to_owned(),
            organisation: "Zhongshan Hospital".to_owned(),
            role: "研究护士".to_owned(),
            phones: vec![
                Phone {
                    number: "021 64041990".to_owned(),
                    extension: "12".to_owned(),
                    line: PhoneLine::Work,
                    label: String::new(),
                },
                Phone {
                    number: "138".to_owned(),
                    line: PhoneLine::Mobile,
                    ..Phone::default()
                },
            ],
            emails: vec!["a@b.cn".to_owned(), "c@d.cn".to_owned()],
            note: "周三在".to_owned(),
            ..ContactCard::default()
        };
        let fields = card.fields();
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        assert_eq!(text("name.zh"), "丁小丽");
        assert_eq!(text("name.en"), "DING Xiaoli");
        assert_eq!(text("affiliation.en"), "Zhongshan Hospital");
        assert_eq!(text("role"), "RESEARCH_NURSE");
        assert_eq!(text("phone"), "138");
        assert_eq!(text("email"), "a@b.cn");
        assert_eq!(text("note"), "周三在\n021 64041990;ext=12 (WORK)\nc@d.cn");
    }

    #[test]
    fn a_mobile_number_is_told_by_its_digits() {
        assert_eq!(line_of("+86 138-0013-8000"), PhoneLine::Mobile);
        assert_eq!(line_of("13800138000"), PhoneLine::Mobile);
        assert_eq!(line_of("021-64041990"), PhoneLine::Work);
        assert_eq!(line_of("+86 21 6404 1990"), PhoneLine::Work);
    }
}
