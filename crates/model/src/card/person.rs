//! A card as a person of the directory has it, and as a row of a table has it.

use super::{Address, ContactCard, Phone, PhoneLine, join_name, line_of, one_line, register_of};
use crate::{Lang, code};
use serde_json::Value;
use std::collections::BTreeMap;

impl ContactCard {
    /// The card of somebody in the directory.
    ///
    /// `text` gives the displayed text of a register of hers; `organisation` and `department` are
    /// names.
    pub fn of_person(
        uid: &str,
        text: &dyn Fn(&str) -> String,
        (organisation, department): (&str, &str),
        lang: Lang,
    ) -> Self {
        let either = |field: &str| {
            let (first, second) = match lang {
                Lang::Zh => ("zh", "en"),
                Lang::En => ("en", "zh"),
            };
            let wanted = text(&format!("{field}.{first}"));
            if wanted.is_empty() {
                text(&format!("{field}.{second}"))
            } else {
                wanted
            }
        };
        let name = either("name");
        let parts = super::name_parts(&name, &text("name.zh"));
        let has_han = name.chars().any(super::is_han);
        let mobile = Phone {
            number: text("mobile"),
            line: PhoneLine::Mobile,
            ..Phone::default()
        };
        let phone = Phone {
            number: text("phone"),
            extension: text("phoneExt"),
            line: PhoneLine::Work,
            label: String::new(),
        };
        let fax = Phone {
            number: text("fax"),
            line: PhoneLine::Fax,
            ..Phone::default()
        };
        let address = Address {
            text: either("address"),
            zip: text("zip"),
        };
        let filled = |text: String| (!text.is_empty()).then_some(text);
        Self {
            uid: uid.to_owned(),
            latin_name: if has_han {
                text("name.en")
            } else {
                String::new()
            },
            han_name: if has_han {
                String::new()
            } else {
                text("name.zh")
            },
            name,
            family: parts.family,
            given: parts.given,
            additional: String::new(),
            prefix: parts.prefix,
            suffix: parts.suffix,
            organisation: organisation.to_owned(),
            department: department.to_owned(),
            title: either("title"),
            role: either("position"),
            phones: [mobile, phone, fax]
                .into_iter()
                .filter(|phone| !phone.number.is_empty())
                .collect(),
            emails: filled(text("email")).into_iter().collect(),
            addresses: [address]
                .into_iter()
                .filter(|address| !address.text.is_empty() || !address.zip.is_empty())
                .collect(),
            websites: Vec::new(),
            wechat: text("wechat"),
            gcp_until: String::new(),
            licence: String::new(),
            note: text("note"),
        }
    }

    /// The registers of somebody in the directory that the card fills; where she works is a
    /// reference and not among them. What there is one place for goes to the note, so that nothing
    /// is lost.
    pub fn person_fields(&self) -> BTreeMap<String, Value> {
        let mut fields = BTreeMap::new();
        let mut more: Vec<String> = Vec::new();
        let mut put = |register: String, text: &str| {
            if !text.trim().is_empty() {
                fields.insert(register, Value::from(one_line(text)));
            }
        };
        put(register_of("name", &self.name), &self.name);
        if self.name.chars().any(super::is_han) {
            put("name.en".to_owned(), &self.latin_name);
        } else {
            put("name.zh".to_owned(), &self.han_name);
        }
        put(register_of("title", &self.title), &self.title);
        put(register_of("position", &self.role), &self.role);
        let of_line = |wanted: &dyn Fn(PhoneLine) -> bool| {
            let mut found = self.phones.iter().filter(|phone| wanted(phone.line));
            (found.next(), found.collect::<Vec<_>>())
        };
        let (mobile, mobiles) = of_line(&|line| line == PhoneLine::Mobile);
        let (fax, faxes) = of_line(&|line| line == PhoneLine::Fax);
        let others = |line| !matches!(line, PhoneLine::Mobile | PhoneLine::Fax);
        let (phone, phones) = of_line(&others);
        put("mobile".to_owned(), mobile.map_or("", |one| &one.number));
        put("fax".to_owned(), fax.map_or("", |one| &one.number));
        if let Some(phone) = phone {
            put("phone".to_owned(), &phone.number);
            put("phoneExt".to_owned(), &phone.extension);
        }
        let rest = mobiles.into_iter().chain(phones).chain(faxes);
        more.extend(rest.map(Phone::line));
        put(
            "email".to_owned(),
            self.emails.first().map_or("", String::as_str),
        );
        more.extend(self.emails.iter().skip(1).cloned());
        more.extend(self.websites.iter().cloned());
        if let Some(address) = self.addresses.first() {
            put(register_of("address", &address.text), &address.text);
            put("zip".to_owned(), &address.zip);
        }
        let further = self.addresses.iter().skip(1);
        more.extend(further.map(|a| one_line(&format!("{} {}", a.text, a.zip))));
        put("wechat".to_owned(), &self.wechat);
        let lines = std::iter::once(self.note.trim()).chain(more.iter().map(String::as_str));
        let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
        if !lines.is_empty() {
            fields.insert("note".to_owned(), Value::from(lines.join("\n")));
        }
        fields
    }

    /// The card of a row of a table: registers of a contact, `mobile` and `position`.
    pub fn of_row(id: &str, fields: &BTreeMap<String, Value>) -> Self {
        let text = |field: &str| {
            let value = fields.get(field).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        // What a card has one place for and the row says in both languages is not lost.
        let mut more: Vec<String> = Vec::new();
        let mut either = |field: &str| {
            let (zh, en) = (text(&format!("{field}.zh")), text(&format!("{field}.en")));
            if zh.is_empty() {
                return en;
            }
            if !en.is_empty() {
                more.push(en);
            }
            zh
        };
        let (organisation, department) = (either("affiliation"), either("department"));
        let (title, address) = (either("title"), either("address"));
        let task = either("task");
        let (zh, en) = (text("name.zh"), text("name.en"));
        let (name, latin_name) = if zh.is_empty() {
            (en, String::new())
        } else {
            (zh, en)
        };
        let parts = super::name_parts(&name, "");
        let phone = |number: String, line: PhoneLine, extension: String| Phone {
            number,
            extension,
            line,
            label: String::new(),
        };
        let number = text("phone");
        let line = line_of(&number);
        let phones = [
            phone(text("mobile"), PhoneLine::Mobile, String::new()),
            phone(number, line, text("phoneExt")),
            phone(text("fax"), PhoneLine::Fax, String::new()),
        ];
        let filled = |text: String| (!text.is_empty()).then_some(text);
        let role = match text("role") {
            role if role.is_empty() => text("position"),
            role => role,
        };
        let note = [text("note"), task, more.join("\n")];
        let note: Vec<String> = note.into_iter().filter(|line| !line.is_empty()).collect();
        Self {
            uid: id.to_owned(),
            name,
            family: parts.family,
            given: parts.given,
            additional: String::new(),
            prefix: parts.prefix,
            suffix: parts.suffix,
            latin_name,
            han_name: String::new(),
            organisation,
            department,
            title,
            role: match code::find("contactRole", &role) {
                Some(role) => role.zh.to_owned(),
                None => role,
            },
            phones: phones
                .into_iter()
                .filter(|phone| !phone.number.is_empty())
                .collect(),
            emails: filled(text("email")).into_iter().collect(),
            addresses: [Address {
                text: address,
                zip: text("zip"),
            }]
            .into_iter()
            .filter(|address| !address.text.is_empty() || !address.zip.is_empty())
            .collect(),
            websites: filled(text("website")).into_iter().collect(),
            wechat: text("wechat"),
            gcp_until: text("gcpUntil"),
            licence: text("licence"),
            note: note.join("\n"),
        }
    }

    /// What only one person has: e-mail, numbers, WeChat; compared without marks and case.
    pub fn details(&self) -> Vec<String> {
        let numbers = self.phones.iter().filter(|one| one.line != PhoneLine::Fax);
        let numbers = numbers.map(|one| detail(&format!("{}{}", one.number, one.extension)));
        let others = self.emails.iter().chain(std::iter::once(&self.wechat));
        numbers
            .chain(others.map(|text| detail(text)))
            .filter(|text| !text.is_empty())
            .collect()
    }

    /// The names that she may be known by, in lower case and without blanks.
    pub fn names(&self) -> Vec<String> {
        let turned = join_name(&self.given, &self.family);
        let latin = super::name_parts(&self.latin_name, &self.name);
        let latin_turned = [
            join_name(&latin.given, &latin.family),
            join_name(&latin.family, &latin.given),
        ];
        [&self.name, &turned, &self.latin_name, &self.han_name]
            .into_iter()
            .chain(&latin_turned)
            .map(|name| name_key(name))
            .filter(|name| !name.is_empty())
            .collect()
    }
}

/// A name as it is compared.
pub fn name_key(name: &str) -> String {
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// A number, e-mail address or other detail as it is compared; empty when it tells nobody apart.
pub fn detail(text: &str) -> String {
    let text = text.trim().to_lowercase();
    if text.chars().any(char::is_alphabetic) {
        return text;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    let local = digits.strip_prefix("86").filter(|rest| rest.len() >= 9);
    let local = local.unwrap_or(digits).trim_start_matches('0');
    // An extension alone is in every hospital.
    if local.len() < 6 {
        String::new()
    } else {
        local.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn card() -> ContactCard {
        let phone = |number: &str, line| Phone {
            number: number.to_owned(),
            line,
            ..Phone::default()
        };
        ContactCard {
            name: "丁小丽".to_owned(),
            latin_name: "DING Xiaoli".to_owned(),
            organisation: "中山医院".to_owned(),
            role: "研究护士".to_owned(),
            phones: vec![
                phone("021-6404 1990", PhoneLine::Work),
                phone("+86 138 0013 8000", PhoneLine::Mobile),
                phone("13900139000", PhoneLine::Mobile),
            ],
            emails: vec!["a@b.cn".to_owned()],
            websites: vec!["https://b.cn".to_owned()],
            ..ContactCard::default()
        }
    }

    #[test]
    fn somebody_in_the_directory_has_mobile_and_desk_apart_and_loses_nothing() {
        let fields = card().person_fields();
        let expected = json!({
            "name.zh": "丁小丽", "name.en": "DING Xiaoli", "position.zh": "研究护士",
            "mobile": "+86 138 0013 8000", "phone": "021-6404 1990", "email": "a@b.cn",
            "note": "13900139000 (CELL)\nhttps://b.cn",
        });
        assert_eq!(json!(fields), expected);
        let text = |field: &str| {
            let value = fields.get(field).and_then(Value::as_str);
            value.unwrap_or_default().to_owned()
        };
        let back = ContactCard::of_person("id", &text, ("中山医院", ""), Lang::Zh);
        let (mut again, mut first) = (back.person_fields(), fields.clone());
        // Only what had no place of its own stays in the note.
        assert_eq!(again.remove("note"), first.remove("note"));
        assert_eq!(again, first);
        assert_eq!(back.organisation, "中山医院");
    }

    #[test]
    fn a_row_in_both_languages_keeps_both() {
        let row = json!({
            "name.zh": "丁小丽", "name.en": "Ding Xiaoli", "affiliation.zh": "中山医院",
            "affiliation.en": "Zhongshan Hospital", "role": "CRC", "phone": "64041990",
            "mobile": "13800138000", "note": "周三在",
        });
        let fields: BTreeMap<String, Value> = serde_json::from_value(row).expect("an object");
        let card = ContactCard::of_row("x", &fields);
        assert_eq!(card.organisation, "中山医院");
        assert_eq!(card.role, "临床研究协调员");
        assert_eq!(card.note, "周三在\nZhongshan Hospital");
        let person = card.person_fields();
        assert_eq!(person["mobile"], "13800138000");
        assert_eq!(person["phone"], "64041990");
    }

    #[test]
    fn roles_are_understood_in_the_words_that_people_write() {
        for (words, role) in [
            ("PI", "PRINCIPAL_INVESTIGATOR"),
            ("主要研究者(PI)", "PRINCIPAL_INVESTIGATOR"),
            ("主要研究者", "PRINCIPAL_INVESTIGATOR"),
            ("Sub-I", "SUB_INVESTIGATOR"),
            ("sub i", "SUB_INVESTIGATOR"),
            ("研究者", "SUB_INVESTIGATOR"),
            ("CRC", "CRC"),
            ("研究护士", "RESEARCH_NURSE"),
            ("药师", "PHARMACIST"),
            ("检验", "LAB"),
        ] {
            assert_eq!(super::super::role_of(words), Some(role), "{words}");
        }
        assert_eq!(super::super::role_of("总协调"), None);
        let roles = crate::tsv::rows(include_str!("../../data/role-words.tsv"));
        for role in roles.map(|row| row[0]) {
            assert!(code::find("contactRole", role).is_some(), "{role}");
        }
    }

    #[test]
    fn details_are_compared_without_their_marks() {
        assert_eq!(detail("+86 138-0013-8000"), detail("13800138000"));
        assert_eq!(detail("0086 21 6404 1990"), detail("021-64041990"));
        assert_eq!(detail("A@B.cn "), detail("a@b.CN"));
        assert_eq!(detail("1990"), "");
        let mut other = card();
        other.name = "Xiaoli Ding".to_owned();
        (other.family, other.given) = super::super::split_name(&other.name);
        let names = card().names();
        assert!(other.names().iter().any(|name| names.contains(name)));
    }
}
