//! Cards as telephones and mail programs take them: vCard 3.0.

use crate::archive;
use crate::line::{Lines, escape};
use model::card::{ContactCard, Phone, PhoneLine};
use zip::result::ZipResult;

/// What stands before the WeChat id in the note, for readers that know no other place.
pub(super) const WECHAT: [&str; 2] = ["微信：", "WeChat: "];

/// The name in Latin letters beside a Chinese one, as it is written.
pub(super) const LATIN: &str = "X-LATIN-NAME";
/// The Chinese name beside one in Latin letters: address books find a person by it.
const HAN: &str = "NICKNAME;LANGUAGE=zh";

/// One file with all the cards.
pub fn write(cards: &[ContactCard]) -> String {
    cards.iter().map(card).collect()
}

/// One file a card, packed: Outlook takes only the first card of a file.
///
/// # Errors
/// When the archive cannot be made, which memory alone can cause.
pub fn write_zip(cards: &[ContactCard]) -> ZipResult<Vec<u8>> {
    let cards = cards.iter().enumerate();
    archive::pack(cards.map(|(place, one)| (file_name(place + 1, &one.name), card(one))))
}

/// A name that every system takes, and that no other card of the archive has.
fn file_name(number: usize, name: &str) -> String {
    let safe = |letter: char| {
        let is_safe = letter.is_alphanumeric() || matches!(letter, '-' | '_');
        if is_safe { letter } else { ' ' }
    };
    let name: String = name.chars().take(40).map(safe).collect();
    let name = name.split_whitespace().collect::<Vec<_>>().join("-");
    format!("{number:04}-{name}.vcf")
}

fn card(card: &ContactCard) -> String {
    let mut lines = Lines::default();
    lines.put("BEGIN", "VCARD");
    lines.put("VERSION", "3.0");
    lines.put("PRODID", "-//PI Desk//EN");
    if !card.uid.is_empty() {
        lines.put("UID", &format!("urn:uuid:{}", card.uid));
    }
    let name = [&card.family, &card.given, &card.additional];
    let around = [&card.prefix, &card.suffix];
    let name = name.into_iter().chain(around).map(String::as_str);
    lines.put("N", &parts(&name.collect::<Vec<_>>()));
    lines.put("FN", &escape(&card.name));
    let latin = model::card::name_parts(&card.latin_name, &card.name);
    lines.put_text("X-PHONETIC-LAST-NAME", &latin.family);
    lines.put_text("X-PHONETIC-FIRST-NAME", &latin.given);
    // In the order that the person writes it, which the two lines above do not tell.
    lines.put_text(LATIN, &card.latin_name);
    lines.put_text(HAN, &card.han_name);
    match (card.organisation.as_str(), card.department.as_str()) {
        ("", "") => {}
        (organisation, "") => lines.put_text("ORG", organisation),
        (organisation, department) => lines.put("ORG", &parts(&[organisation, department])),
    }
    lines.put_text("TITLE", &card.title);
    lines.put_text("ROLE", &card.role);
    for phone in &card.phones {
        lines.put_text(phone_name(phone), &phone.number);
    }
    for email in &card.emails {
        lines.put_text("EMAIL;TYPE=INTERNET", email);
    }
    for address in &card.addresses {
        let all = ["", "", &address.text, "", "", &address.zip, ""];
        lines.put("ADR;TYPE=WORK", &parts(&all));
    }
    for website in &card.websites {
        lines.put_text("URL", website);
    }
    if !card.wechat.is_empty() {
        lines.put_text("X-WECHAT", &card.wechat);
        lines.put(
            "X-SOCIALPROFILE;TYPE=wechat",
            &format!("weixin:{}", escape(&card.wechat)),
        );
    }
    lines.put_text("NOTE", &note(card));
    lines.put("END", "VCARD");
    lines.into_text()
}

fn parts(parts: &[&str]) -> String {
    let escaped: Vec<String> = parts.iter().map(|part| escape(part)).collect();
    escaped.join(";")
}

fn phone_name(phone: &Phone) -> &'static str {
    match phone.line {
        PhoneLine::Mobile => "TEL;TYPE=CELL",
        PhoneLine::Work => "TEL;TYPE=WORK,VOICE",
        PhoneLine::Plain => "TEL;TYPE=VOICE",
        PhoneLine::Home => "TEL;TYPE=HOME,VOICE",
        PhoneLine::Pager => "TEL;TYPE=PAGER",
        PhoneLine::Fax => "TEL;TYPE=FAX,WORK",
    }
}

/// The note, with what the format has no place for that every reader knows.
fn note(card: &ContactCard) -> String {
    let mut lines: Vec<String> = Vec::new();
    if !card.note.is_empty() {
        lines.push(card.note.clone());
    }
    for phone in card
        .phones
        .iter()
        .filter(|phone| !phone.extension.is_empty())
    {
        lines.push(format!("{};ext={}", phone.number, phone.extension));
    }
    if !card.wechat.is_empty() {
        let is_chinese = card.name.chars().any(model::card::is_han);
        let [zh, en] = WECHAT;
        lines.push(format!(
            "{}{}",
            if is_chinese { zh } else { en },
            card.wechat
        ));
    }
    lines.join("\n")
}
