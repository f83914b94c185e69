//! Address cards: as telephones and mail programs write them, and as we do.

use crate::material;
use exchange::card::{self, CardFault, CardFile, CardRefusal};
use exchange::charset::Charset;
use model::card::{ContactCard, Phone, PhoneLine};
use proptest::prelude::*;
use std::time::Instant;

fn read(text: &str) -> CardFile {
    card::read(text.as_bytes(), None).expect("a file of cards")
}

fn one(text: &str) -> ContactCard {
    let mut file = read(text);
    assert_eq!((file.cards.len(), file.left_out.len()), (1, 0));
    file.cards.remove(0)
}

#[test]
fn what_two_readers_accept_has_the_same_cards() {
    let Some(facts) = testkit::shared_or_skip("data/vcard/facts.tsv") else {
        return;
    };
    let mut n_agreed = 0;
    for row in material::table(&facts) {
        let path = facts.with_file_name(&row["file"]);
        let bytes = std::fs::read(path).expect("reference card");
        let begun = Instant::now();
        let answer = card::read(&bytes, None);
        assert!(begun.elapsed() < crate::HANGS, "{}", row["file"]);
        if row["vobject099"] == "ok" && row["icaljs22"] == "ok" {
            let file = answer.expect(&row["file"]);
            assert_eq!(
                file.cards.len().to_string(),
                row["cards"],
                "{}",
                row["file"]
            );
            assert_eq!(row["cards"], row["cardsIcaljs"]);
            n_agreed += 1;
        } else if row["file"].ends_with(".json") {
            assert_eq!(answer, Err(CardRefusal::NotCards));
        } else {
            // The readers stumble over lines that telephones write every day.
            assert_eq!(
                answer.expect(&row["file"]).cards.len(),
                1,
                "{}",
                row["file"]
            );
        }
    }
    assert_eq!(n_agreed, 6);
}

#[test]
fn what_telephones_write_is_understood() {
    let Some(folder) = testkit::shared_or_skip("data/vcard") else {
        return;
    };
    let of = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).expect("reference card");
        card::read(&bytes, None).expect(name).cards.remove(0)
    };
    let iphone = of("John_Doe_IPHONE.vcf");
    assert_eq!(iphone.name, "Mr. John Richter James Doe Sr.");
    assert_eq!(
        (iphone.organisation.as_str(), iphone.department.as_str()),
        ("IBM", "Accounting")
    );
    assert_eq!(iphone.emails, ["john.doe@ibm.com"]);
    let lines: Vec<PhoneLine> = iphone.phones.iter().map(|phone| phone.line).collect();
    use PhoneLine::{Fax, Home, Mobile, Pager, Plain, Work};
    assert_eq!(lines, [Mobile, Home, Work, Fax, Fax, Pager, Plain]);
    assert_eq!(iphone.phones[6].label, "AssistantPhone");
    assert_eq!(iphone.websites, ["http://www.ibm.com"]);
    assert_eq!(iphone.addresses[0].zip, "12345");
    let outlook = of("outlook-2007.vcf");
    assert_eq!(outlook.department, "TheDepartment");
    assert_eq!(outlook.phones[0].number, "(111) 555-1111");
    assert!(outlook.note.lines().count() == 4, "{}", outlook.note);
    assert_eq!(
        outlook.addresses[0].text,
        "TheOffice, 222 Broadway, New York, NY, USA"
    );
    let gmail = of("gmail-single2.vcf");
    assert_eq!(gmail.emails.len(), 5);
    assert!(
        gmail
            .phones
            .iter()
            .any(|phone| phone.label == "GRAND_CENTRAL")
    );
}

#[test]
fn chinese_of_every_age_is_read() {
    let quoted = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
        N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E4=B8=81;=E5=B0=8F=E4=B8=\r\n=BD;;;\r\n\
        ORG;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=B8=B4=B5=A9;=D6=D7=C1=F6\r\n\
        TEL;CELL;PREF:+86 138 0013 8000\r\nEND:VCARD\r\n";
    let card = one(quoted);
    assert_eq!((card.name.as_str(), card.family.as_str()), ("丁小丽", "丁"));
    assert_eq!(
        (card.organisation.as_str(), card.department.as_str()),
        ("复旦", "肿瘤")
    );
    let plain = "BEGIN:VCARD\nVERSION:3.0\nFN:丁小丽\nORG:复旦大学附属中山医院\n\
        X-WECHAT:ding_xl\nNOTE:周三在\\n微信：ding_xl\nEND:VCARD\n";
    let (gbk, ..) = encoding_rs::GBK.encode(plain);
    let file = card::read(&gbk, None).expect("undeclared GBK");
    assert_eq!(file.charset.name(), "gb18030");
    assert!(file.charset.guessed);
    assert_eq!(file.cards[0].organisation, "复旦大学附属中山医院");
    assert_eq!(file.cards[0].note, "周三在");
    let chosen = card::read(&gbk, Charset::named("big5")).expect("read as chosen");
    assert_ne!(chosen.cards[0].name, "丁小丽");
    let mut utf_16 = vec![0xff, 0xfe];
    utf_16.extend(plain.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(card::read(&utf_16, None).expect("UTF-16").cards, file.cards);
}

#[test]
fn the_newest_version_is_read() {
    let card = one(
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Simon\r\nTEL;VALUE=uri;PREF=1;TYPE=\"voice,work\":tel:+1-418-656;ext=102\r\n\
         TEL;TYPE=cell:+86 138\r\nIMPP;X-SERVICE-TYPE=WeChat:x-apple:simon_w\r\n\
         item1.ADR:;;医学院路136号;上海;;200032;中国\r\nEMAIL:a@b.ca\r\nPHOTO:data:image/png;base64,AAAA\r\nEND:VCARD\r\n",
    );
    assert_eq!(card.phones[0].extension, "102");
    assert_eq!(card.phones[0].number, "+1-418-656");
    assert_eq!(card.wechat, "simon_w");
    assert_eq!(card.addresses[0].text, "中国上海医学院路136号");
}

#[test]
fn a_bad_card_does_not_stop_the_others() {
    let file = read(
        "BEGIN:VCARD\nFN:broken off\nBEGIN:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nBDAY:1980\nEND:VCARD\n\
         BEGIN:VCARD\nFN:Agent's\nAGENT:\nBEGIN:VCARD\nFN:inner\nEND:VCARD\nEND:VCARD\nBEGIN:VCARD\nFN:cut",
    );
    let names: Vec<&str> = file.cards.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["A", "Agent's"]);
    let faults: Vec<(usize, CardFault)> = file
        .left_out
        .iter()
        .map(|left| (left.line, left.fault))
        .collect();
    use CardFault::{Nobody, Unfinished};
    assert_eq!(faults, [(1, Unfinished), (6, Nobody), (16, Unfinished)]);
    assert!(file.not_kept.contains("BDAY"));
}

#[test]
fn what_is_no_file_of_cards_is_refused_with_its_reason() {
    let refused = |bytes: &[u8]| card::read(bytes, None).expect_err("refused");
    assert_eq!(refused(b" \r\n"), CardRefusal::Empty);
    assert_eq!(refused(b"hello"), CardRefusal::NotCards);
    assert_eq!(
        refused(b"BEGIN:VCALENDAR\nEND:VCALENDAR"),
        CardRefusal::Calendar
    );
    assert_eq!(refused(b"PK\x03\x04 no archive"), CardRefusal::Damaged);
    let many = "BEGIN:VCARD\nFN:A\nEND:VCARD\n".repeat(card::CARDS_MAX + 1);
    assert_eq!(refused(many.as_bytes()), CardRefusal::TooMany);
    let long = format!(
        "BEGIN:VCARD\nFN:A\nNOTE:{}\nEND:VCARD\n",
        "x".repeat(30_000)
    );
    assert_eq!(read(&long).left_out[0].fault, CardFault::TooLong);
    for code in [CardRefusal::TooLarge, CardRefusal::Damaged].map(|refusal| refusal.code()) {
        assert!(model::label::get(code).is_some(), "{code}");
    }
}

#[test]
fn hostile_files_end_in_time() {
    let mut files: Vec<Vec<u8>> = vec![
        vec![b'='; 8_000_000],
        b"FN;QUOTED-PRINTABLE:=\n".repeat(400_000),
        b" \n".repeat(4_000_000),
        b"BEGIN:VCARD\n".repeat(600_000),
        [
            &b"BEGIN:VCARD\nFN:A\nNOTE:"[..],
            &b"\\;,".repeat(5_000_000),
            b"\nEND:VCARD",
        ]
        .concat(),
        [
            &b"BEGIN:VCARD\nFN:A\n"[..],
            &b"TEL:1\n".repeat(2_000_000),
            b"END:VCARD",
        ]
        .concat(),
        [
            &b"BEGIN:VCARD\nFN:A\nTEL"[..],
            &b";TYPE=a".repeat(2_000_000),
            b":1\nEND:VCARD",
        ]
        .concat(),
    ];
    let long = ContactCard {
        name: "A".to_owned(),
        note: "x\n".repeat(8_000),
        ..ContactCard::default()
    };
    files.push(card::write_zip(&vec![long; 3_000]).expect("archive"));
    for (place, file) in files.iter().enumerate() {
        let begun = Instant::now();
        let _ = card::read(file, None);
        assert!(
            begun.elapsed() < crate::HANGS,
            "file {place}: {:?}",
            begun.elapsed()
        );
    }
}

fn written() -> ContactCard {
    ContactCard {
        uid: "0190a6c4-0000-7000-8000-000000000001".to_owned(),
        name: "丁小丽".to_owned(),
        family: "丁".to_owned(),
        given: "小丽".to_owned(),
        additional: String::new(),
        prefix: String::new(),
        suffix: String::new(),
        latin_name: "Xiaoli Ding".to_owned(),
        han_name: String::new(),
        organisation: "复旦大学附属中山医院；徐汇, 枫林路; \\".to_owned(),
        department: "肿瘤内科".to_owned(),
        title: "主任医师".to_owned(),
        role: "中心负责人".to_owned(),
        phones: vec![
            Phone {
                number: "021-64041990".to_owned(),
                extension: "2412".to_owned(),
                line: PhoneLine::Work,
                label: String::new(),
            },
            Phone {
                number: "021-64041991".to_owned(),
                line: PhoneLine::Fax,
                ..Phone::default()
            },
        ],
        emails: vec!["ding@example.cn".to_owned()],
        addresses: vec![model::card::Address {
            text: "上海市徐汇区枫林路180号".to_owned(),
            zip: "200032".to_owned(),
        }],
        websites: vec!["https://example.cn/a;b".to_owned()],
        wechat: "ding_xl".to_owned(),
        gcp_until: String::new(),
        licence: String::new(),
        note: "周三下午在\n门诊".to_owned(),
    }
}

#[test]
fn a_card_that_is_written_comes_back() {
    let card = written();
    let text = card::write(&[card.clone(), card.clone()]);
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\n"));
    assert!(text.contains("\r\nN:丁;小丽;;;\r\n"));
    assert!(text.contains("\r\nFN:丁小丽\r\n"));
    assert_eq!(read(&text).cards, [card.clone(), card.clone()]);
    let packed = card::write_zip(std::slice::from_ref(&card)).expect("archive");
    assert_eq!(card::read(&packed, None).expect("archive").cards, [card]);
}

// Without controls and without the separators that are written as line ends.
const TEXT: &str = "[^\\pC\\p{Zl}\\p{Zp}]{0,60}";
const TEXT_LINES: &str = "([^\\pC\\p{Zl}\\p{Zp}]|\n){0,200}";

proptest! {
    #[test]
    fn any_texts_come_back(
        name in TEXT, organisation in TEXT, title in "[ -~\n]{0,80}",
        note in TEXT_LINES,
    ) {
        let card = ContactCard {
            name: format!("a{name}z"), organisation: format!("a{organisation}z"),
            given: "g".to_owned(), title: format!("a{title}z"), note: format!("a{note}z"),
            ..ContactCard::default()
        };
        prop_assume!(!note.contains(";ext="));
        let text = card::write(std::slice::from_ref(&card));
        let back = read(&text).cards.remove(0);
        prop_assert_eq!(back, card);
    }

    #[test]
    fn any_bytes_are_read_or_refused(
        bytes in prop::collection::vec(any::<u8>(), 0..300), inside in any::<bool>(),
    ) {
        let mut file = bytes;
        if inside {
            file = [&b"BEGIN:VCARD\r\nVERSION:2.1\r\nFN;"[..], &file, b"\r\nEND:VCARD\r\n"].concat();
        }
        if let Ok(file) = card::read(&file, None) {
            for card in &file.cards {
                for (register, value) in card.fields() {
                    let checked = model::check::check("contact", &register, value);
                    prop_assert!(checked.is_ok(), "{}: {:?}", register, checked);
                }
            }
        }
    }
}

#[test]
fn another_reader_sees_what_was_meant() {
    let text = card::write(&[written()]);
    let Some(seen) = crate::other_readers::see("cards", &text) else {
        return;
    };
    let card = written();
    assert_eq!(
        seen,
        serde_json::json!([{
            "name": "丁小丽", "family": "丁", "given": "小丽",
            "org": [card.organisation, card.department],
            "tel": [["021-64041990", ["WORK", "VOICE"]], ["021-64041991", ["FAX", "WORK"]]],
            "note": "周三下午在\n门诊\n021-64041990;ext=2412\n微信：ding_xl",
        }])
    );
}

#[test]
fn a_name_keeps_its_order_its_chinese_form_and_what_stands_around_it() {
    let card = ContactCard {
        name: "王建国".to_owned(),
        family: "王".to_owned(),
        given: "建国".to_owned(),
        latin_name: "Wang Jianguo".to_owned(),
        ..ContactCard::default()
    };
    let text = card::write(std::slice::from_ref(&card));
    assert!(text.contains("X-PHONETIC-LAST-NAME:Wang\r\n"), "{text}");
    let back = card::read(text.as_bytes(), None).expect("a card").cards;
    assert_eq!(back, [card]);
    let english = ContactCard {
        name: "Chen Xia".to_owned(),
        family: "Chen".to_owned(),
        given: "Xia".to_owned(),
        han_name: "陈霞".to_owned(),
        ..ContactCard::default()
    };
    let text = card::write(std::slice::from_ref(&english));
    let back = card::read(text.as_bytes(), None).expect("a card").cards;
    assert_eq!(back, [english]);
    assert_eq!(back[0].fields()["name.zh"], "陈霞");
    let file = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Doe;John;Quinlan;Dr.;Sr.\r\nTEL:1\r\nEND:VCARD\r\n";
    let read = card::read(file.as_bytes(), None).expect("a card").cards;
    assert_eq!(read[0].name, "Dr. John Quinlan Doe Sr.");
    let again = card::write(&read);
    assert!(again.contains("N:Doe;John;Quinlan;Dr.;Sr.\r\n"), "{again}");
}
