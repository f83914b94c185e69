//! Calendars: those that we write, seen by other readers; those of other programs, read by us.

use crate::{material, other_readers};
use chrono::TimeDelta;
use exchange::ics::{self, IcsRefusal};
use model::agenda::AgendaEntry;
use serde_json::json;
use std::time::Instant;

/// What `ui/src/lib/calendarFile.test.ts` gives to ical.js.
const WRITTEN: &str = include_str!("../data/calendar.ics");

fn entries() -> Vec<AgendaEntry> {
    let entry = |uid: &str, date: &str, title: &str| AgendaEntry {
        uid: format!("{uid}@pi-desk"),
        sequence: 7,
        changed_at: "2026-03-05T01:02:03.456Z".to_owned(),
        title: title.to_owned(),
        note: "计划\nECHO-1 · Zhongshan Hospital · First participant in; a, b \\ c".to_owned(),
        date: date.to_owned(),
        is_done: false,
        is_cancelled: false,
        at: String::new(),
        remind: Some(TimeDelta::days(7)),
        category: "心动，试验; ECHO-1".to_owned(),
    };
    let long = "复旦大学附属中山医院伦理委员会初始审查批件到期日期𠮷".repeat(4);
    vec![
        entry("0190a6c4-0000-7000-8000-000000000001", "2026-03-31", &long),
        entry(
            "0190a6c4-0000-7000-8000-000000000002",
            "2026-12",
            "首例入组, 关闭; 数据库\\锁定",
        ),
        AgendaEntry {
            is_done: true,
            remind: None,
            ..entry(
                "0190a6c4-0000-7000-8000-000000000003",
                "2024-02-29",
                "Done: a, b",
            )
        },
        entry("no-date", "", "never written"),
    ]
}

#[test]
fn the_calendar_is_written_as_before() {
    let text = ics::write("研究者工作台", &entries());
    if std::env::var_os("PIDESK_UPDATE").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/calendar.ics");
        std::fs::write(path, &text).expect("the calendar is written");
    }
    assert_eq!(text, WRITTEN, "PIDESK_UPDATE=1 writes it anew");
    assert!(!text.contains("never written"));
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{line}");
        assert!(!line.contains('\n'));
    }
}

#[test]
fn a_moment_is_an_event_with_its_hour_and_an_alarm_within_the_time_that_is_left() {
    let [day, ..] = <[AgendaEntry; 4]>::try_from(entries()).expect("four");
    let moment = AgendaEntry {
        date: "2026-11-28".to_owned(),
        at: "2026-11-28T22:15:00+08:00".to_owned(),
        remind: Some(TimeDelta::hours(2)),
        ..day
    };
    let text = ics::write("x", &[moment]);
    for line in [
        "\r\nDTSTART:20261128T141500Z\r\n",
        "\r\nTRIGGER:-PT120M\r\n",
    ] {
        assert!(text.contains(line), "{line:?}: {text}");
    }
    assert!(!text.contains("VALUE=DATE") && !text.contains("DTEND"));
}

#[test]
fn other_readers_see_what_was_meant() {
    let Some(seen) = other_readers::see("calendar", WRITTEN) else {
        return;
    };
    let [long, month, done, _] = <[AgendaEntry; 4]>::try_from(entries()).expect("four");
    let event = |entry: &AgendaEntry, days: [&str; 2], alarms: &[f64]| {
        json!({
            "uid": entry.uid, "sequence": 7, "days": days, "summary": entry.title,
            "description": entry.note, "alarms": alarms,
        })
    };
    let expected = json!([
        event(&long, ["2026-03-31", "2026-04-01"], &[-7.0]),
        event(&month, ["2026-12-01", "2027-01-01"], &[-7.0]),
        event(&done, ["2024-02-29", "2024-03-01"], &[]),
    ]);
    assert_eq!(seen["icalendar"], expected);
    assert_eq!(seen["vobject"], expected);
}

#[test]
fn we_read_what_we_write() {
    let file = ics::read(WRITTEN.as_bytes()).expect("a calendar");
    let [long, month, done, _] = <[AgendaEntry; 4]>::try_from(entries()).expect("four");
    let seen: Vec<(&str, &str, &str)> = file
        .events
        .iter()
        .map(|event| {
            (
                event.title.as_str(),
                event.note.as_str(),
                event.date.as_str(),
            )
        })
        .collect();
    let meant = [
        (long.title.as_str(), long.note.as_str(), "2026-03-31"),
        (month.title.as_str(), month.note.as_str(), "2026-12-01"),
        (done.title.as_str(), done.note.as_str(), "2024-02-29"),
    ];
    assert_eq!(seen, meant);
    assert_eq!(file.n_odd_lines, 0);
}

#[test]
fn what_all_three_readers_accept_has_the_same_events_and_rules() {
    let Some(facts) = testkit::shared_or_skip("data/icalendar/facts.tsv") else {
        return;
    };
    let (mut n_agreed, mut n_broken) = (0, 0);
    for row in material::table(&facts) {
        let name = &row["file"];
        let bytes = std::fs::read(facts.with_file_name(name)).expect("reference calendar");
        let begun = Instant::now();
        let answer = ics::read(&bytes);
        assert!(begun.elapsed() < crate::HANGS, "{name}");
        let all_accept = ["icalendar7", "vobject099", "icaljs22"]
            .iter()
            .all(|reader| row[*reader] == "ok");
        if all_accept {
            let file = answer.expect(name);
            assert_eq!(file.events.len().to_string(), row["events"], "{name}");
            assert_eq!(file.n_rules.to_string(), row["rrules"], "{name}");
            n_agreed += 1;
        } else {
            n_broken += 1;
            if let Err(refusal) = answer {
                assert!(model::label::get(refusal.code()).is_some());
            }
        }
    }
    assert_eq!((n_agreed, n_broken), (117, 15));
}

#[test]
fn what_is_no_calendar_is_refused_with_its_reason() {
    let refused = |bytes: &[u8]| ics::read(bytes).expect_err("refused");
    assert_eq!(refused(b"\n"), IcsRefusal::Empty);
    assert_eq!(refused(b"SUMMARY:x"), IcsRefusal::NotCalendar);
    let many = b"BEGIN:VEVENT\nEND:VEVENT\n".repeat(ics::EVENTS_MAX + 1);
    assert_eq!(refused(&many), IcsRefusal::TooMany);
    assert_eq!(refused(&vec![b' '; 17_000_000]), IcsRefusal::TooLarge);
    for refusal in [
        IcsRefusal::Empty,
        IcsRefusal::NotCalendar,
        IcsRefusal::TooMany,
        IcsRefusal::TooLarge,
    ] {
        assert!(model::label::get(refusal.code()).is_some());
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
        let inside = [&b"BEGIN:VEVENT\r\nDTSTART"[..], &bytes, b"\r\nEND:VEVENT\r\n"].concat();
        if let Ok(file) = ics::read(&bytes) {
            proptest::prop_assert!(file.events.len() <= 20);
        }
        proptest::prop_assert!(ics::read(&inside).is_ok());
    }
}
